package io.slipstream.tests.bench;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.ProcessLock;
import io.slipstream.memory.RegionLock;
import io.slipstream.memory.ScratchDirectory;
import io.slipstream.memory.SemaphoreLock;
import io.slipstream.memory.SharedBlock;
import io.slipstream.tests.contract.NativePrograms;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the locks and blocks of the operating system cost from Java, beside the same system calls from C. Ours do more: they look
 * whether a lock is still their own before they give it back, and take a Qt block's lock to attach to it.
 */
final class SystemMemoryBenchmark implements Benchmark {
    private static final String PROGRAM = "cost";
    private static final int SIZE = 4096;

    @Override
    public String name() {
        return "system";
    }

    @Override
    public String about() {
        return "the system's locks, and attaching to its shared memory, from Java beside the same calls from C";
    }

    @Override
    public List<Row> run(Settings settings) throws Exception {
        final NativePrograms programs = NativePrograms.of(NativePrograms.Flavour.RELEASE);
        if (programs.missing() != null) {
            return List.of(Row.skipped("the system's locks and memory", programs.missing()));
        }
        final Path program = programs.program(PROGRAM);
        final String key = "slipstream-bench-" + ProcessHandle.current().pid();
        final List<Row> rows = new ArrayList<>();
        final int turns = settings.pick(100, 20_000, 100_000);
        try (ScratchDirectory scratch = ScratchDirectory.create("slipstream-locks-")) {
            final Path file = scratch.path().resolve("lock");
            try (SharedBlock qt = SharedBlock.create(new BlockName.Qt(key), SIZE)) {
                rows.add(lock(settings, "Qt's lock (System V) in Java", qt.lock(), turns, program, "semop"));
            }
            final BlockName posix = new BlockName.Posix(key);
            try (SemaphoreLock lock = SemaphoreLock.open(posix)) {
                rows.add(lock(settings, "POSIX semaphore as a lock in Java", lock, turns, program, "sem"));
                lock.remove();
            }
            try (RegionLock lock = RegionLock.exclusive(file, 0, 1)) {
                rows.add(lock(settings, "lock on a region of a file in Java", lock, turns, program, "fcntl", file));
            }
            settings.say("locks: done");
            final int attachments = settings.pick(20, 2_000, 10_000);
            rows.add(attach(settings, "posix:", posix, attachments, program, "mmap"));
            rows.add(attach(
                    settings,
                    "systemv:",
                    new BlockName.SystemV(0x5200_0000 | (key.hashCode() & 0xFF_FFFF)),
                    attachments,
                    program,
                    "shmat"));
            rows.add(attach(settings, "qt: (under its lock)", new BlockName.Qt(key), attachments, program, "shmat"));
        }
        return rows;
    }

    private static Row lock(
            Settings settings, String what, ProcessLock lock, int turns, Path program, Object mode, Object... more)
            throws Exception {
        final List<Object> arguments = new ArrayList<>(List.of(mode, turns));
        arguments.addAll(List.of(more));
        return row(
                what + ", lock and unlock",
                mode + " in C",
                rounds(settings)
                        .run(() -> turns(lock, turns), () -> NativeProgram.figures(program, arguments.toArray())[0]));
    }

    private static double turns(ProcessLock lock, int turns) throws Exception {
        final long start = System.nanoTime();
        for (int i = 0; i < turns; i++) {
            lock.lock();
            lock.unlock();
        }
        return (System.nanoTime() - start) / (double) turns;
    }

    private static Row attach(Settings settings, String what, BlockName name, int turns, Path program, Object mode)
            throws Exception {
        try (SharedBlock _ = SharedBlock.create(name, SIZE)) {
            return row(
                    "attach to " + what + " and detach in Java",
                    mode + " in C",
                    rounds(settings)
                            .run(() -> attachments(name, turns), () -> NativeProgram.figures(program, mode, turns)[0]));
        } finally {
            SharedBlock.remove(name);
        }
    }

    private static double attachments(BlockName name, int turns) throws Exception {
        final long start = System.nanoTime();
        for (int i = 0; i < turns; i++) {
            SharedBlock.attach(name, BlockAccess.READ_WRITE).close();
        }
        return (System.nanoTime() - start) / (double) turns;
    }

    private static PairedRounds rounds(Settings settings) {
        return new PairedRounds(settings.pick(0, 3, 5), settings.pick(1, 5, 11));
    }

    private static Row row(String what, String peer, PairedRounds.Result result) {
        return Row.information(
                what,
                Row.format("%.0f ns", result.ours()),
                Row.format("%.0f ns %s", result.peer(), peer),
                result.ratio());
    }
}
