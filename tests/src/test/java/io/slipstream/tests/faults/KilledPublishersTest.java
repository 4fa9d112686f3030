package io.slipstream.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.tests.faults.Workers.Kind;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.SystemEpochNanoClock;
import org.junit.jupiter.api.Test;

/**
 * Native and JVM publishers are killed at random moments, hundreds of times: while they open the queue, publish, hold a claim open,
 * and while a new file begins. What they were told is published is there, and the others go on.
 *
 * <p>{@code -Dslipstream.kills.native=40 -Dslipstream.kills.jvm=6} makes it short.
 */
final class KilledPublishersTest {
    private static final int NATIVE_KILLS = Integer.getInteger("slipstream.kills.native", 435);
    private static final int JVM_KILLS = Integer.getInteger("slipstream.kills.jvm", 65);
    private static final long SEED = 20260731;

    private static final int NATIVE_SURVIVOR = 1;
    private static final int JVM_SURVIVOR = 2;
    private static final long SURVIVOR_PAUSE_NS = 100_000;

    private static final long SECOND = 1_000_000_000L;
    private static final long MILLISECOND = 1_000_000L;
    private static final long PATIENCE_S = 120;
    private static final long DEADLINE_S = 900;
    private static final int KILLED = 128 + 9;
    private static final long HOLD_NS = 8_000;
    private static final double LONGEST_RUN_NS = 100 * MILLISECOND;
    /** A thread that parks comes back late by about as much. */
    private static final long SPIN_NS = 60_000;

    /** Who is killed how, the natives on one side and the JVMs on the other. */
    private enum Side {
        NATIVE(Kind.NATIVE, 1_000, 1, 6 * MILLISECOND, 4 * MILLISECOND),
        JVM(Kind.YOUNG_JVM, 2_000, 2, SECOND, SECOND / 4);

        private final Kind kind;
        private final int firstSource;
        /** How many are started ahead of their turn. */
        private final int ahead;
        /** How long one takes at the most, about, until it publishes. */
        private final long startNs;
        /** How long before a new file is due one has to go to have published by then. */
        private final long runUpNs;

        Side(Kind kind, int firstSource, int ahead, long startNs, long runUpNs) {
            this.kind = kind;
            this.firstSource = firstSource;
            this.ahead = ahead;
            this.startNs = startNs;
            this.runUpNs = runUpNs;
        }
    }

    /** When a victim is killed. */
    private enum Moment {
        /** After it was started, whatever it is at. */
        STARTING,
        /** After it has published its first messages. */
        PUBLISHING,
        /** When the clock says that a new file is due. */
        ROLLING
    }

    private record Victim(int source, Moment moment, WorkerProcess process, Ledger ledger) {}

    /** What is known of a victim after its death. */
    private record Death(String victim, int source, Moment moment, long attempted, long acknowledged, long takeovers) {}

    private final List<WorkerProcess> bystanders = new ArrayList<>();
    private volatile boolean failed;

    @Test
    void shouldLoseNoAcknowledgedMessageWhenPublishersAreKilled() throws Exception {
        assumeTrue(Workers.missing() == null, Workers::missing);
        try (Workers workers = new Workers("kills")) {
            try {
                run(workers);
            } catch (AssertionError | RuntimeException e) {
                if (e.getSuppressed().length == 0) {
                    e.addSuppressed(new AssertionError(workers.story()));
                }
                throw e;
            }
            workers.delete();
        }
    }

    private void run(Workers workers) throws InterruptedException {
        final WorkerProcess nativeReader = workers.reader(Kind.NATIVE, "live-reader");
        final WorkerProcess jvmReader = workers.reader(Kind.JVM, "live-reader");
        final WorkerProcess nativeSurvivor =
                workers.publisher(Kind.NATIVE, NATIVE_SURVIVOR, 0, SURVIVOR_PAUSE_NS, 0, null);
        final WorkerProcess jvmSurvivor = workers.publisher(Kind.JVM, JVM_SURVIVOR, 0, SURVIVOR_PAUSE_NS, 0, null);
        bystanders.addAll(List.of(nativeReader, jvmReader, nativeSurvivor, jvmSurvivor));
        bystanders.forEach(worker -> worker.await("ready", PATIENCE_S));
        nativeSurvivor.go();
        jvmSurvivor.go();

        final long start = System.nanoTime();
        final List<Death> deaths = killAll(workers);
        final double seconds = (System.nanoTime() - start) / 1e9;
        nativeSurvivor.stop();
        jvmSurvivor.stop();
        final String nativeStory = nativeSurvivor.await("done", PATIENCE_S);
        final String jvmStory = jvmSurvivor.await("done", PATIENCE_S);
        nativeReader.stop();
        jvmReader.stop();
        final String outcome = nativeReader.await("done", PATIENCE_S);
        System.out.printf("%d publishers killed in %.1f s; %s%n", deaths.size(), seconds, outcome);
        final long takeovers = deaths.stream().mapToLong(Death::takeovers).sum()
                + number(nativeStory, "takeovers")
                + jvmSurvivor.takeovers();
        System.out.printf(
                "stall after a killed owner: C longest %.1f ms, JVM longest %.1f ms, takeovers %d%n",
                number(nativeStory, "longest") / 1e6, number(jvmStory, "longest") / 1e6, takeovers);

        assertThat(outcome).as("what the native live reader saw").contains(" violations=0 foreign=0 ");
        assertThat(jvmReader.await("done", PATIENCE_S))
                .as("what the JVM's live reader saw")
                .isEqualTo(outcome);
        final Map<Integer, Long> counts = readAgain(workers, outcome);
        assertThat(counts).containsEntry(NATIVE_SURVIVOR, number(nativeStory, "published"));
        assertThat(counts).containsEntry(JVM_SURVIVOR, number(jvmStory, "published"));
        assertThat(deaths.stream().filter(death -> !isKept(death, counts.getOrDefault(death.source(), 0L))))
                .as("victims of whom the queue holds less than was acknowledged or more than was attempted: %s", counts)
                .isEmpty();
    }

    private static boolean isKept(Death death, long kept) {
        return death.acknowledged() <= kept && kept <= death.attempted();
    }

    /** Everything is read from the start by each implementation and by Chronicle; tells the messages of each source. */
    private static Map<Integer, Long> readAgain(Workers workers, String outcome) {
        final WorkerProcess nativeReader = workers.reader(Kind.NATIVE, "fresh-reader");
        final WorkerProcess jvmReader = workers.reader(Kind.JVM, "fresh-reader");
        nativeReader.stop();
        jvmReader.stop();
        final List<String> violations = new ArrayList<>();
        final Verifier verifier = new Verifier(violations::add);
        assertThat("done " + workers.readBare(verifier))
                .as("what Chronicle's tailer saw: %s", violations)
                .isEqualTo(outcome);
        assertThat(nativeReader.await("done", PATIENCE_S))
                .as("what a new native reader saw")
                .isEqualTo(outcome);
        assertThat(jvmReader.await("done", PATIENCE_S))
                .as("what a new JVM's reader saw")
                .isEqualTo(outcome);
        return verifier.counts();
    }

    /** A number in a line of words. */
    private static long number(String line, String key) {
        for (String word : line.split(" ", -1)) {
            if (word.startsWith(key + "=")) {
                return Long.parseLong(word.substring(key.length() + 1));
            }
        }
        throw new AssertionError("no " + key + " in: " + line);
    }

    private List<Death> killAll(Workers workers) throws InterruptedException {
        final List<Callable<List<Death>>> sides = List.of(
                () -> kill(workers, Side.NATIVE, NATIVE_KILLS, new Random(SEED)),
                () -> kill(workers, Side.JVM, JVM_KILLS, new Random(SEED + 1)));
        final List<Death> deaths = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(sides.size())) {
            for (Future<List<Death>> side : executor.invokeAll(sides, DEADLINE_S, TimeUnit.SECONDS)) {
                deaths.addAll(side.get());
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AssertionError error) {
                throw error;
            }
            throw new AssertionError(e.getCause());
        } catch (CancellationException e) {
            throw new AssertionError("not done after " + DEADLINE_S + " s", e);
        }
        return deaths;
    }

    /** Kills one after the other; the next are started meanwhile. */
    private List<Death> kill(Workers workers, Side side, int count, Random random) {
        final List<Death> deaths = new ArrayList<>();
        final Deque<Victim> ahead = new ArrayDeque<>();
        try {
            int started = 0;
            while (deaths.size() < count && !failed) {
                for (; started < count && ahead.size() <= side.ahead; started++) {
                    if (moment(started) != Moment.STARTING) {
                        ahead.add(start(workers, side, started));
                    }
                }
                final boolean starting = moment(deaths.size()) == Moment.STARTING;
                final Victim victim = starting ? start(workers, side, deaths.size()) : ahead.remove();
                kill(side, victim, random);
                deaths.add(bury(workers, victim));
                for (WorkerProcess bystander : bystanders) {
                    bystander.checkAlive();
                    assertThat(bystander.violation())
                            .as("what %s says", bystander)
                            .isNull();
                }
            }
        } catch (AssertionError | RuntimeException e) {
            // What they are at now is worth more than what they are at when the other side has ended, too.
            failed = true;
            e.addSuppressed(new AssertionError(workers.story()));
            throw e;
        }
        return deaths;
    }

    private static Victim start(Workers workers, Side side, int number) {
        final int source = side.firstSource + number;
        final Path file = workers.directory().resolve("ledger-" + source);
        final Ledger ledger = Ledger.open(file);
        return new Victim(source, moment(number), workers.publisher(side.kind, source, 0, 0, HOLD_NS, file), ledger);
    }

    private static Moment moment(int number) {
        return switch (number % 7) {
            case 2 -> Moment.STARTING;
            case 4 -> Moment.ROLLING;
            default -> Moment.PUBLISHING;
        };
    }

    /** The delay is the fault that is injected: nothing is waited for by it. */
    private static void kill(Side side, Victim victim, Random random) {
        final WorkerProcess process = victim.process();
        switch (victim.moment()) {
            case STARTING -> {
                process.go();
                pause(random.nextLong(side.startNs));
            }
            case PUBLISHING -> {
                process.await("ready", PATIENCE_S);
                process.go();
                process.await("publishing", PATIENCE_S);
                // From microseconds to tens of milliseconds, each order of magnitude as often as the others.
                pause((long) (LONGEST_RUN_NS / Math.pow(10, 4 * random.nextDouble())));
            }
            case ROLLING -> {
                process.await("ready", PATIENCE_S);
                final long untilRoll = SECOND - SystemEpochNanoClock.INSTANCE.nanoTime() % SECOND;
                pause(untilRoll > side.runUpNs ? untilRoll - side.runUpNs : untilRoll + SECOND - side.runUpNs);
                process.go();
                pause(side.runUpNs + random.nextLong(3 * MILLISECOND) - MILLISECOND / 2);
            }
        }
        process.kill();
    }

    private static void pause(long ns) {
        final long end = System.nanoTime() + ns;
        for (long left = ns; left > 0; left = end - System.nanoTime()) {
            if (left > SPIN_NS) {
                LockSupport.parkNanos(left - SPIN_NS);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private static Death bury(Workers workers, Victim victim) {
        final WorkerProcess process = victim.process();
        final int status = process.awaitEnd();
        if (status != KILLED) {
            throw new AssertionError(process + " ended before it was killed, with status " + status);
        }
        final Ledger ledger = victim.ledger();
        final Death death = new Death(
                process.toString(),
                victim.source(),
                victim.moment(),
                ledger.attempted(),
                ledger.acknowledged(),
                ledger.takeovers() + process.takeovers());
        workers.forget(process);
        return death;
    }
}
