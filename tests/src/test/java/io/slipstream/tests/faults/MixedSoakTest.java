package io.slipstream.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.tests.faults.Workers.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Native and JVM processes publish to one queue as fast as they can while native and JVM processes read it, across rolls, index
 * pages and chunks. {@code -Dslipstream.soak.messages=100000} makes it short.
 */
final class MixedSoakTest {
    private static final List<Kind> PUBLISHERS = List.of(Kind.NATIVE, Kind.JVM, Kind.NATIVE, Kind.JVM);
    private static final long EACH = Long.getLong("slipstream.soak.messages", 10_000_000) / PUBLISHERS.size();
    private static final long PATIENCE_S = 900;

    @Test
    void shouldLoseNothingWhenNativeAndJvmProcessesPublishAndReadTogether() throws Exception {
        assumeTrue(Workers.missing() == null, Workers::missing);
        try (Workers workers = new Workers("soak")) {
            try {
                soak(workers);
            } catch (AssertionError | RuntimeException e) {
                e.addSuppressed(new AssertionError(workers.story()));
                throw e;
            }
            workers.delete();
        }
    }

    private static void soak(Workers workers) {
        final WorkerProcess nativeReader = workers.reader(Kind.NATIVE, "reader");
        final WorkerProcess jvmReader = workers.reader(Kind.JVM, "reader");
        final List<WorkerProcess> publishers = new ArrayList<>();
        final StringBuilder counts = new StringBuilder("counts");
        for (Kind kind : PUBLISHERS) {
            final int source = publishers.size() + 1;
            publishers.add(workers.publisher(kind, source, EACH, 0, 0, null));
            counts.append(' ').append(source).append('=').append(EACH);
        }
        nativeReader.await("ready", PATIENCE_S);
        jvmReader.await("ready", PATIENCE_S);
        publishers.forEach(publisher -> publisher.await("ready", PATIENCE_S));
        final long start = System.nanoTime();
        publishers.forEach(WorkerProcess::go);
        publishers.forEach(publisher -> System.out.println(publisher + " " + publisher.await("done", PATIENCE_S)));
        final double seconds = (System.nanoTime() - start) / 1e9;
        nativeReader.stop();
        jvmReader.stop();
        final String nativeOutcome = nativeReader.await("done", PATIENCE_S);
        final String jvmOutcome = jvmReader.await("done", PATIENCE_S);
        final double behind = (System.nanoTime() - start) / 1e9 - seconds;
        System.out.printf("%,d messages: published in %.1f s, read %.1f s later%n", 4 * EACH, seconds, behind);
        System.out.println(nativeReader.await("stats", PATIENCE_S) + "; " + nativeOutcome);

        assertThat(nativeReader.await("counts", PATIENCE_S)).hasToString(counts.toString());
        assertThat(jvmReader.await("counts", PATIENCE_S)).hasToString(counts.toString());
        assertThat(nativeOutcome)
                .as("what the native reader saw")
                .startsWith("done messages=" + PUBLISHERS.size() * EACH + " violations=0 foreign=0 ");
        assertThat(jvmOutcome).as("what the JVM's reader saw").isEqualTo(nativeOutcome);
    }
}
