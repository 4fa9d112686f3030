package io.slipstream.tests.wine;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waits for what another process brings about. */
final class Patience {
    static final Duration LIMIT = Duration.ofSeconds(60);

    private Patience() {}

    /** Looks until what it sees is enough, and returns that; fails after {@link #LIMIT} with what it saw last. */
    static <T> T await(Callable<T> look, Predicate<? super T> enough) throws Exception {
        final long deadline = System.nanoTime() + LIMIT.toNanos();
        T seen = look.call();
        while (!enough.test(seen)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("after " + LIMIT.toSeconds() + " s there is still " + seen);
            }
            LockSupport.parkNanos(1_000_000);
            seen = look.call();
        }
        return seen;
    }
}
