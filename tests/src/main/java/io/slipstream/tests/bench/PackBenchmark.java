package io.slipstream.tests.bench;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import io.slipstream.replay.edit.Destination;
import io.slipstream.replay.edit.EditMonitor;
import io.slipstream.replay.pack.PackReport;
import io.slipstream.replay.pack.SessionPacker;
import io.slipstream.replay.pack.SessionUnpacker;
import io.slipstream.replay.pack.UnpackReport;
import io.slipstream.replay.session.SessionReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Packing a session and unpacking it, beside zstd of its raw blocks in one stream. */
final class PackBenchmark implements Benchmark {
    private static final int CARS = 24;
    private static final int HZ = 165;
    private static final int LEVEL = 3;
    private static final int CHUNK = 1 << 20;

    private int file;

    @Override
    public String name() {
        return "pack";
    }

    @Override
    public String about() {
        return "size and speed of a packed session, beside zstd -3 of the raw blocks";
    }

    @Override
    public List<Row> run(Settings settings) throws Exception {
        final List<Row> rows = new ArrayList<>();
        final String real = "real block animated";
        if (Files.isDirectory(settings.captures())) {
            try (Frames frames = new CapturedFrames(settings.captures())) {
                rows.addAll(measure(real, frames, settings, settings.pick(300, 10_000, Integer.MAX_VALUE)));
            }
        } else {
            rows.add(Row.skipped("packed size, " + real, "no captures in " + settings.captures()));
        }
        try (Frames frames = new SimulatedFrames(settings.directory().resolve("block"), CARS, HZ)) {
            rows.addAll(measure("24 simulated cars", frames, settings, settings.pick(300, 10_000, 20_000)));
        }
        return rows;
    }

    private List<Row> measure(String what, Frames frames, Settings settings, int most) throws Exception {
        final Path directory = Files.createTempDirectory(settings.directory(), "pack");
        final RawBlocks.Both both = RawBlocks.record(directory, frames, most);
        final int processors = Runtime.getRuntime().availableProcessors();
        final Path packed = directory.resolve("packed");
        final Path zstd = directory.resolve("zstd");
        pack(both, packed, 1);
        compress(both, zstd);
        final double raw = both.bytes();
        final Row size = Row.information(
                "packed size, " + what,
                Row.format("%.2f %% of raw", 100 * Files.size(packed) / raw),
                Row.format("%.2f %% zstd -3", 100 * Files.size(zstd) / raw),
                (double) Files.size(packed) / Files.size(zstd));
        settings.say("%s: %.0f MB raw, %.1f MB packed", what, raw / 1e6, Files.size(packed) / 1e6);
        final PairedRounds rounds = new PairedRounds(settings.pick(0, 1, 2), settings.pick(1, 3, 7));
        final PairedRounds.Result one = rounds.run(
                () -> toScratch(directory, path -> pack(both, path, 1)),
                () -> toScratch(directory, path -> compress(both, path)));
        final PairedRounds.Result all = rounds.run(
                () -> toScratch(directory, path -> pack(both, path, processors)),
                () -> toScratch(directory, path -> compress(both, path)));
        settings.say("%s: packed", what);
        final PairedRounds.Result unpacked = rounds.run(
                () -> toScratch(directory, path -> unpack(both, packed, path)), () -> decompress(both, zstd));
        Scratch.delete(directory);
        return List.of(
                size,
                speed("pack on one thread, " + what, one, "zstd -3"),
                speed(Row.format("pack on %d threads, %s", processors, what), all, "zstd -3, one thread"),
                speed("unpack, " + what, unpacked, "zstd -d, not written"));
    }

    private static Row speed(String what, PairedRounds.Result result, String peer) {
        return Row.information(
                what,
                Row.format("%.0f MB/s of raw", 1e3 / result.ours()),
                Row.format("%.0f MB/s %s", 1e3 / result.peer(), peer),
                1 / result.ratio());
    }

    /** Writes to a path where there is nothing; gives ns for a byte of raw blocks. */
    @FunctionalInterface
    private interface Work {
        double to(Path path) throws IOException;
    }

    private double toScratch(Path directory, Work work) throws IOException {
        final Path path = directory.resolve("try" + file++);
        final double time = work.to(path);
        Scratch.delete(path);
        return time;
    }

    private static double pack(RawBlocks.Both both, Path to, int threads) throws IOException {
        final long start = System.nanoTime();
        try (SessionReader session = SessionReader.open(both.session().path())) {
            final PackReport report =
                    new SessionPacker(session, SessionPacker.DEFAULT_LEVEL, threads).pack(to, EditMonitor.NONE);
            if (report.withLoss() || report.pack().frames() != session.frameCount()) {
                throw new IOException(session.path() + " was not packed whole: " + report.remarks());
            }
        }
        return (double) (System.nanoTime() - start) / both.bytes();
    }

    private static double unpack(RawBlocks.Both both, Path packed, Path to) throws IOException {
        final long start = System.nanoTime();
        final UnpackReport report = new SessionUnpacker(packed).unpack(new Destination.Named(to), EditMonitor.NONE);
        if (!report.whole()) {
            throw new IOException(packed + " was not unpacked whole: " + report.remarks());
        }
        return (double) (System.nanoTime() - start) / both.bytes();
    }

    private static double compress(RawBlocks.Both both, Path to) throws IOException {
        final long start = System.nanoTime();
        try (InputStream in = Files.newInputStream(both.file());
                OutputStream file = Files.newOutputStream(to);
                ZstdOutputStream out = new ZstdOutputStream(file, LEVEL)) {
            out.setChecksum(true);
            final byte[] chunk = new byte[CHUNK];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                out.write(chunk, 0, read);
            }
        }
        return (double) (System.nanoTime() - start) / both.bytes();
    }

    private static double decompress(RawBlocks.Both both, Path zstd) throws IOException {
        final long start = System.nanoTime();
        long bytes = 0;
        try (InputStream file = new BufferedInputStream(Files.newInputStream(zstd), CHUNK);
                ZstdInputStream in = new ZstdInputStream(file)) {
            final byte[] chunk = new byte[CHUNK];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                bytes += read;
            }
        }
        if (bytes != both.bytes()) {
            throw new IOException(zstd + " holds " + bytes + " bytes instead of " + both.bytes());
        }
        return (double) (System.nanoTime() - start) / both.bytes();
    }
}
