package io.slipstream.tests.bench;

import io.slipstream.replay.channel.ChannelCatalogue;
import io.slipstream.replay.channel.SampleSelection;
import io.slipstream.replay.export.CsvExporter;
import io.slipstream.replay.export.Export;
import io.slipstream.replay.export.ExportReport;
import io.slipstream.replay.export.ExportTarget;
import io.slipstream.replay.export.Exporter;
import io.slipstream.replay.export.ParquetExporter;
import io.slipstream.replay.motec.MotecExporter;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.replay.verify.SessionVerifier;
import io.slipstream.replay.verify.Verification;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A process that does one thing to a session, as the command line would, and prints what {@link Done} holds. */
final class ToolProcess {
    private static final int CHUNK = 1 << 20;

    private ToolProcess() {}

    /** What to do. */
    enum Tool {
        /** Only read all frames. */
        READ,
        CSV,
        PARQUET,
        LD,
        VERIFY,
        /** Only read all bytes of the session's files. */
        FILES;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What was done.
     *
     * @param seconds that it took, the JVM's start not counted.
     * @param frames that were read.
     * @param bytes read of the session, by those who count them; of an export those written.
     * @param residentKb most memory, mapped pages of the session counted.
     * @param anonymousKb most memory that is the process's own.
     */
    record Done(double seconds, long frames, long bytes, long residentKb, long anonymousKb) {
        private static Done parse(String line) {
            final String[] numbers = line.split(" ", -1);
            return new Done(
                    Double.parseDouble(numbers[0]),
                    Long.parseLong(numbers[1]),
                    Long.parseLong(numbers[2]),
                    Long.parseLong(numbers[3]),
                    Long.parseLong(numbers[4]));
        }

        private String line() {
            return seconds + " " + frames + " " + bytes + " " + residentKb + " " + anonymousKb;
        }
    }

    /** Frames and bytes. */
    private record Work(long frames, long bytes) {}

    /** Does it in a JVM of its own; what is exported goes to files in a directory. */
    static Done run(Tool tool, Path session, Path into) throws IOException {
        try (LauncherJvm child = new LauncherJvm(ToolProcess.class, tool.name(), session.toString(), into.toString())) {
            return Done.parse(child.line());
        }
    }

    public static void main(String[] arguments) throws IOException {
        final Tool tool = Tool.valueOf(arguments[0]);
        final Path session = Path.of(arguments[1]);
        final Path into = Path.of(arguments[2]);
        try (PeakMemory memory = new PeakMemory()) {
            final long start = System.nanoTime();
            final Work work = switch (tool) {
                case READ -> read(session);
                case CSV, PARQUET, LD -> export(tool, session, into.resolve("export." + tool));
                case VERIFY -> verify(session);
                case FILES -> readFiles(session);
            };
            final double seconds = (System.nanoTime() - start) / 1e9;
            System.out.println(
                    new Done(seconds, work.frames, work.bytes, memory.resident(), memory.anonymous()).line());
        }
    }

    private static Work read(Path path) throws IOException {
        try (SessionReader session = SessionReader.open(path);
                FrameCursor cursor = session.frames()) {
            long frames = 0;
            while (cursor.next()) {
                frames++;
            }
            requireWhole(path, cursor.damaged());
            return new Work(frames, 0);
        }
    }

    private static void requireWhole(Path path, long damaged) throws IOException {
        if (damaged > 0) {
            throw new IOException(damaged + " frames of " + path + " are damaged");
        }
    }

    private static Work export(Tool tool, Path path, Path file) throws IOException {
        try (SessionReader session = SessionReader.open(path);
                Exporter exporter = exporter(tool, file)) {
            final SampleSelection selection = SampleSelection.of(
                    ChannelCatalogue.of(session.format(), session.info().formatVersion())
                            .defaults());
            final ExportReport report = Export.run(session, selection, exporter, samples -> {}, () -> false)
                    .orElseThrow();
            requireWhole(path, report.damaged());
            return new Work(report.frames(), Files.size(file));
        }
    }

    private static Exporter exporter(Tool tool, Path file) throws IOException {
        return switch (tool) {
            case CSV -> new CsvExporter(new ExportTarget.File(file, false), false);
            case PARQUET -> new ParquetExporter(new ExportTarget.File(file, false));
            default -> new MotecExporter(file, false, "");
        };
    }

    private static Work verify(Path path) throws IOException {
        final Verification found = SessionVerifier.verify(path, bytes -> {}, () -> false);
        if (!found.whole()) {
            throw new IOException(path + " is damaged: " + found.findings());
        }
        return new Work(found.frames(), found.bytes());
    }

    /** The peer of verifying. */
    private static Work readFiles(Path path) throws IOException {
        final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
        final List<Path> files;
        try (Stream<Path> all = Files.list(path)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        long bytes = 0;
        for (Path file : files) {
            try (FileChannel channel = FileChannel.open(file)) {
                for (int read = channel.read(chunk.clear()); read >= 0; read = channel.read(chunk.clear())) {
                    bytes += read;
                }
            }
        }
        return new Work(0, bytes);
    }
}
