package io.slipstream.replay.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C and SIGTERM ask the running command to come to an end instead of ending it: what it records is finished, what it
 * holds is released, and its exit code is its own.
 */
final class Termination {
    private static final long PATIENCE_S = 20;
    private static final CountDownLatch ENDED = new CountDownLatch(1);
    private static volatile boolean requested;
    private static volatile int exitCode;

    private Termination() {}

    /**
     * From now on a signal asks.
     *
     * @return true once the command should end.
     */
    static BooleanSupplier onRequest() {
        Runtime.getRuntime().addShutdownHook(new Thread(Termination::await, "termination"));
        return () -> requested;
    }

    private static void await() {
        requested = true;
        try {
            if (ENDED.await(PATIENCE_S, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(exitCode);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void end(int code) {
        exitCode = code;
        ENDED.countDown();
        System.exit(code);
    }
}
