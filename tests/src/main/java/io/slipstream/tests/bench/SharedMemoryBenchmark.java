package io.slipstream.tests.bench;

import io.slipstream.memory.FastLock;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.memory.exchange.Exchange;
import io.slipstream.tests.contract.NativePrograms;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What locks and messages in shared memory cost a process alone, in Java and in C, beside the least that they could cost: two
 * compare-and-sets, a mutex that nobody wants, a copy of the same bytes.
 */
final class SharedMemoryBenchmark implements Benchmark {
    private static final int[] LENGTHS = {40, 256, 1024};
    private static final int EXCHANGE_LENGTH = 1 << 20;
    private static final int SBE_HEADER_LENGTH = 8;
    private static final long BARE_WORD = 32;

    private static final VarHandle I64 = ValueLayout.JAVA_LONG.varHandle();

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String about() {
        return "a lock word and an exchange in shared memory, in Java and in C, beside bare atomics, a mutex and a copy";
    }

    @Override
    public List<Row> run(Settings settings) throws Exception {
        final List<Row> rows = new ArrayList<>();
        lockInJava(settings, rows);
        for (int length : LENGTHS) {
            sendInJava(settings, length, rows);
        }
        settings.say("in Java: done");
        final NativePrograms programs = NativePrograms.of(NativePrograms.Flavour.RELEASE);
        if (programs.missing() == null) {
            inC(settings, programs.program(NativeBenchmark.PROGRAM), rows);
        } else {
            rows.add(Row.skipped("locks and messages in C", programs.missing()));
        }
        return rows;
    }

    private static int turns(Settings settings) {
        return settings.pick(1000, 1_000_000, 4_000_000);
    }

    private static PairedRounds rounds(Settings settings) {
        return new PairedRounds(settings.pick(0, 4, 8), settings.pick(2, 11, 31));
    }

    private static Row row(String what, String peer, PairedRounds.Result result) {
        return Row.information(
                what,
                Row.format("%.1f ns", result.ours()),
                Row.format("%.1f ns %s", result.peer(), peer),
                result.ratio());
    }

    private static void lockInJava(Settings settings, List<Row> rows) throws Exception {
        final int turns = turns(settings);
        try (Arena arena = Arena.ofShared()) {
            final MemorySegment memory = arena.allocate(64, 64);
            final FastLock lock = FastLock.at(memory, 0, "benchmark");
            rows.add(row(
                    "FastLock lock and unlock in Java",
                    "two compare-and-sets",
                    rounds(settings).run(() -> lock(lock, turns), () -> compareAndSet(memory, turns))));
        }
    }

    private static double lock(FastLock lock, int turns) throws Exception {
        final long start = System.nanoTime();
        for (int i = 0; i < turns; i++) {
            lock.lock();
            lock.unlock();
        }
        return (System.nanoTime() - start) / (double) turns;
    }

    private static double compareAndSet(MemorySegment memory, int turns) {
        final long start = System.nanoTime();
        for (int i = 0; i < turns; i++) {
            if (!I64.compareAndSet(memory, BARE_WORD, 0L, 1L) || !I64.compareAndSet(memory, BARE_WORD, 1L, 0L)) {
                throw new AssertionError("nobody else is here");
            }
        }
        return (System.nanoTime() - start) / (double) turns;
    }

    private static void sendInJava(Settings settings, int length, List<Row> rows) throws Exception {
        final int turns = turns(settings);
        try (Arena arena = Arena.ofShared();
                Exchange exchange = Exchange.over(arena.allocate(EXCHANGE_LENGTH, 64), "benchmark")) {
            final UnsafeBuffer message = new UnsafeBuffer(new byte[SBE_HEADER_LENGTH + length]);
            message.putShort(0, (short) length, ByteOrder.LITTLE_ENDIAN);
            final UnsafeBuffer copy =
                    new UnsafeBuffer(arena.allocate(EXCHANGE_LENGTH, 64).asByteBuffer());
            rows.add(row(
                    "exchange sends " + length + " B one way in Java",
                    "a copy of the same bytes",
                    rounds(settings).run(() -> send(exchange, message, turns), () -> copy(copy, message, turns))));
        }
    }

    private static double send(Exchange exchange, UnsafeBuffer message, int turns) throws SharedMemoryException {
        final long start = System.nanoTime();
        for (int i = 0; i < turns; i++) {
            if (!exchange.send(message, 0, message.capacity(), Duration.ZERO)) {
                throw new AssertionError("nobody keeps the room");
            }
        }
        return (System.nanoTime() - start) / (double) turns;
    }

    private static double copy(UnsafeBuffer to, UnsafeBuffer message, int turns) {
        final int length = message.capacity();
        int at = 0;
        final long start = System.nanoTime();
        for (int i = 0; i < turns; i++) {
            to.putBytes(at, message, 0, length);
            at = at + 2 * length > to.capacity() ? 0 : at + length;
        }
        return (System.nanoTime() - start) / (double) turns;
    }

    /** The C program measures both sides in one process, for each pair: ours, then the peer's. */
    private static void inC(Settings settings, Path program, List<Row> rows) throws Exception {
        final int turns = turns(settings);
        rows.add(row(
                "ss_lock acquire and release in C",
                "an uncontended pthread mutex",
                inProcess(settings, () -> NativeProgram.figures(program, "lock", turns))));
        for (int length : LENGTHS) {
            rows.add(row(
                    "exchange sends " + length + " B one way in C",
                    "a copy of the same bytes",
                    inProcess(settings, () -> NativeProgram.figures(program, "exchange", turns, length))));
        }
    }

    /** A run that gives two figures. */
    @FunctionalInterface
    private interface Pair {
        double[] run() throws IOException;
    }

    private static PairedRounds.Result inProcess(Settings settings, Pair pair) throws IOException {
        final int rounds = settings.pick(1, 5, 11);
        final double[] ours = new double[rounds];
        final double[] peers = new double[rounds];
        final double[] ratios = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            final double[] figures = pair.run();
            ours[i] = figures[0];
            peers[i] = figures[1];
            ratios[i] = figures[0] / figures[1];
        }
        return new PairedRounds.Result(
                PairedRounds.median(ours), PairedRounds.median(peers), PairedRounds.median(ratios));
    }
}
