package io.slipstream.replay.cli;

import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.RecordingPlan;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "sessions",
        mixinStandardHelpOptions = true,
        description = "Lists recorded sessions, the oldest first.",
        footerHeading = "%nExamples:%n",
        footer = {"  slipstream sessions --in sessions", "  slipstream sessions --in sessions --json"})
final class SessionsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--in",
            paramLabel = "DIR",
            description = "Directory of sessions (default: ~/.local/share/slipstream/sessions).")
    private Path in = Places.sessions();

    @Option(names = "--json", description = "One JSON array of all sessions' summaries.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        final PrintWriter err = spec.commandLine().getErr();
        if (!Files.isDirectory(in)) {
            throw new CommandFailure("no directory " + in + ": record something first, or name another with --in");
        }
        final List<Path> found;
        try (Stream<Path> paths = Files.list(in)) {
            found = paths.filter(SessionDirectory::isSession).sorted().toList();
        }
        boolean allRead = true;
        final List<Path> paths = new ArrayList<>();
        final List<SessionInfo> infos = new ArrayList<>();
        for (Path path : found) {
            try (SessionReader reader = SessionReader.open(path)) {
                paths.add(path);
                infos.add(reader.info());
            } catch (IOException | RuntimeException e) {
                err.println("slipstream: " + path + ": " + e.getMessage());
                allRead = false;
            }
        }
        if (json) {
            out.println(SessionJson.array(paths, infos));
        } else if (infos.isEmpty()) {
            err.println("no sessions in " + in);
        } else {
            print(out, paths, infos);
        }
        out.flush();
        return allRead ? 0 : Slipstream.WITH_LOSS;
    }

    private static void print(PrintWriter out, List<Path> paths, List<SessionInfo> infos) {
        final int width = paths.stream()
                .mapToInt(p -> p.getFileName().toString().length())
                .max()
                .orElse(0);
        final String format = "%-" + width + "s  %8s  %9s  %7s  %5s  %9s  %6s  %8s  %s%n";
        out.printf(Locale.ROOT, format, "NAME", "DURATION", "FRAMES", "HZ", "LAPS", "BEST", "MISSED", "SIZE", "NOTE");
        for (int i = 0; i < infos.size(); i++) {
            final SessionInfo info = infos.get(i);
            out.printf(
                    Locale.ROOT,
                    format,
                    paths.get(i).getFileName(),
                    Texts.clock(info.durationSeconds()),
                    Texts.count(info.frames()),
                    String.format(Locale.ROOT, "%.1f", info.rateHz()),
                    info.laps().size(),
                    best(info),
                    Texts.count(info.missed()),
                    Texts.bytes(info.bytes()),
                    note(info));
        }
    }

    private static String note(SessionInfo info) {
        final List<String> words = new ArrayList<>();
        if (!info.name().isEmpty()) {
            words.add("'" + Texts.printable(info.name()) + "'");
        }
        final String part = info.metadata().get(RecordingPlan.PART);
        if (part != null) {
            words.add("part " + Texts.printable(part));
        }
        if (!info.markers().isEmpty()) {
            words.add(info.markers().size() + (info.markers().size() == 1 ? " marker" : " markers"));
        }
        if (info.synthetic()) {
            words.add("synthetic");
        }
        if (!info.finished()) {
            words.add("unfinished");
        }
        return String.join(", ", words);
    }

    private static String best(SessionInfo info) {
        return info.laps().stream()
                .filter(lap -> lap.time() != null && lap.valid())
                .map(SessionInfo.Lap::time)
                .min(Double::compare)
                .map(Texts::lapTime)
                .orElse("-");
    }
}
