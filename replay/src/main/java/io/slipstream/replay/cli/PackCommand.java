package io.slipstream.replay.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.slipstream.replay.pack.PackReport;
import io.slipstream.replay.pack.SessionPacker;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "pack",
        mixinStandardHelpOptions = true,
        description = {
            "Packs a session into one compressed file, to keep or to send.",
            "Every message comes back byte for byte. It is a zstd file: 'zstd -t' checks it too."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream pack sessions/NAME --out NAME.slip",
            "  slipstream pack sessions/NAME --out NAME.slip --level 19 --threads 4    # smaller, and slower"
        })
final class PackCommand implements Callable<Integer> {
    private static final int MOST_LEVEL = 22;
    private static final int MOST_THREADS = 256;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SESSION", converter = SessionArgument.class, description = SessionArgument.EXPLAINED)
    private Path session;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The file; there must be none yet.")
    private Path out;

    @Option(
            names = "--level",
            paramLabel = "N",
            description = "How hard zstd tries, 1 to " + MOST_LEVEL + " (default: ${DEFAULT-VALUE}).")
    private int level = SessionPacker.DEFAULT_LEVEL;

    @Option(names = "--threads", paramLabel = "N", description = "Threads that compress (default: one a processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "What was packed as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (level < 1 || level > MOST_LEVEL) {
            throw new CommandFailure("--level " + level + ": give 1 to " + MOST_LEVEL);
        }
        if (threads < 1 || threads > MOST_THREADS) {
            throw new CommandFailure("--threads " + threads + ": give 1 to " + MOST_THREADS);
        }
        final PrintWriter err = spec.commandLine().getErr();
        try (SessionReader reader = SessionReader.open(session)) {
            final PackReport report =
                    EditOptions.watched(err, monitor -> new SessionPacker(reader, level, threads).pack(out, monitor));
            report.remarks().forEach(remark -> err.println("note: " + remark));
            if (report.damagedFrames() > 0) {
                err.println(report.damagedFrames() + " frames are damaged: they were packed as they are");
            }
            if (report.leftOut() > 0) {
                err.println(report.leftOut() + " messages cannot be of a session, and were left out");
            }
            err.printf(
                    Locale.ROOT,
                    "packed %s into %s, %.1f %% of %s raw%n",
                    Texts.counted(report.pack().frames(), "frame"),
                    Texts.bytes(report.pack().bytes()),
                    100.0 * report.pack().bytes() / Math.max(1, reader.info().rawBytes()),
                    Texts.bytes(reader.info().rawBytes()));
            err.flush();
            final PrintWriter stdout = spec.commandLine().getOut();
            stdout.println(json ? text(report) : out);
            stdout.flush();
            return report.withLoss() ? Slipstream.WITH_LOSS : 0;
        }
    }

    private static String text(PackReport report) {
        try {
            return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
