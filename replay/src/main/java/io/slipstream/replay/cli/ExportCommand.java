package io.slipstream.replay.cli;

import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.ChannelCatalogue;
import io.slipstream.replay.channel.LapChoice;
import io.slipstream.replay.channel.SampleSelection;
import io.slipstream.replay.channel.Samples;
import io.slipstream.replay.export.Export;
import io.slipstream.replay.export.ExportReport;
import io.slipstream.replay.export.ExportTarget;
import io.slipstream.replay.export.Exporter;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes channels of a session to a file that other programs read.",
            "A file appears when it is whole. Exit code 3 says that damaged frames were left out."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  slipstream export sessions/NAME --format csv --out race.csv",
            "  slipstream export sessions/NAME --format parquet --out best.parquet --laps best",
            "  slipstream export sessions/NAME --format motec --out race.ld       # and race.ldx, for MoTeC i2",
            "  slipstream export sessions/NAME --format mcap --out race.mcap      # for Foxglove",
            "  slipstream export sessions/NAME --format csv --out - --channels speed,'tyre_temp*' --rate 10 | head",
            "  slipstream export sessions/NAME --format jsonl --out lap2.jsonl --laps 2 --channels"
                    + " 'mParticipantInfo[*].mRacePosition'",
            "  slipstream export sessions/NAME --list-channels"
        })
final class ExportCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";
    private static final String EVERY = "every";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SESSION", converter = SessionArgument.class, description = SessionArgument.EXPLAINED)
    private Path session;

    @Option(names = "--format", paramLabel = "FORMAT", description = "One of: ${COMPLETION-CANDIDATES}.")
    private ExportFormat format;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The file to write; - for standard output, of csv and jsonl.")
    private String out;

    @Option(
            names = "--channels",
            paramLabel = "NAME",
            split = ",",
            description = "Channels by name, * for any letters, or fields of the block as mTyreTemp[0];"
                    + " default: those marked in --list-channels.")
    private List<String> channels = List.of();

    @Option(
            names = "--rate",
            paramLabel = "HZ",
            defaultValue = EVERY,
            description =
                    "Samples a second, or 'every' for every frame as it was recorded (default: ${DEFAULT-VALUE}).")
    private String rate = EVERY;

    @Option(
            names = "--laps",
            paramLabel = "LAPS",
            defaultValue = "all",
            description = "Numbers as 2-4,6, or best, last or all (default: ${DEFAULT-VALUE}).")
    private String laps = "all";

    @Option(names = "--from", paramLabel = "TIME", description = "Begin here, after the session's start.")
    private Duration from;

    @Option(names = "--to", paramLabel = "TIME", description = "End here, after the session's start.")
    private Duration to;

    @Option(names = "--units", description = "A second row with the units, in csv.")
    private boolean units;

    @Option(
            names = "--driver",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Whom a MoTeC log names as its driver; nobody without it.")
    private String driver = "";

    @Option(names = "--force", description = "Replace a file that is there.")
    private boolean force;

    @Option(names = "--list-channels", description = "Print the session's channels, and export nothing.")
    private boolean listChannels;

    @Option(names = "--json", description = "With --list-channels: as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (!listChannels && (format == null || out == null)) {
            throw new ParameterException(spec.commandLine(), "an export needs --format and --out");
        }
        if (json && !listChannels) {
            throw new ParameterException(
                    spec.commandLine(), "--json goes with --list-channels; or did you mean --format jsonl?");
        }
        if (!driver.isEmpty() && format != ExportFormat.MOTEC) {
            throw new ParameterException(spec.commandLine(), "--driver goes with --format motec");
        }
        if (units && format != ExportFormat.CSV) {
            throw new ParameterException(spec.commandLine(), "--units goes with --format csv");
        }
        final double hertz = hertz();
        final BooleanSupplier stop = Termination.onRequest();
        try (SessionReader reader = SessionReader.open(session)) {
            final ChannelCatalogue catalogue =
                    ChannelCatalogue.of(reader.format(), reader.info().formatVersion());
            if (listChannels) {
                list(catalogue);
                return 0;
            }
            final List<Channel> chosen = channels.isEmpty() ? catalogue.defaults() : catalogue.select(channels);
            return export(reader, catalogue, selection(reader, chosen, hertz), stop);
        }
    }

    private double hertz() {
        if (rate.equals(EVERY)) {
            return SampleSelection.EVERY_FRAME;
        }
        try {
            final double hertz = Double.parseDouble(rate);
            if (hertz >= SampleSelection.MIN_RATE && hertz <= SampleSelection.MAX_RATE) {
                return hertz;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw new ParameterException(
                spec.commandLine(),
                "--rate " + rate + ": give a number of Hz from " + SampleSelection.MIN_RATE + " to "
                        + (long) SampleSelection.MAX_RATE + ", or " + EVERY);
    }

    private void list(ChannelCatalogue catalogue) {
        final PrintWriter print = spec.commandLine().getOut();
        final List<Channel> shown = channels.isEmpty() ? catalogue.all() : catalogue.select(channels);
        if (json) {
            print.println(ChannelList.json(shown, catalogue.defaults()));
        } else {
            ChannelList.table(print, shown, catalogue.defaults());
        }
        print.flush();
        sayUnlisted(catalogue);
    }

    private void sayUnlisted(ChannelCatalogue catalogue) {
        if (catalogue.unlisted() > 0) {
            spec.commandLine()
                    .getErr()
                    .println("note: " + Texts.counted(catalogue.unlisted(), "more field")
                            + " of the block: name them in --channels");
            spec.commandLine().getErr().flush();
        }
    }

    private SampleSelection selection(SessionReader reader, List<Channel> chosen, double hertz) {
        final long fromNs = from == null ? Long.MIN_VALUE : reader.startNs() + from.toNanos();
        final long toNs = to == null ? Long.MAX_VALUE : reader.startNs() + to.toNanos();
        if (fromNs >= toNs) {
            throw new CommandFailure("--from " + Texts.duration(from) + " is not before --to " + Texts.duration(to));
        }
        if (fromNs > reader.endNs()) {
            throw new CommandFailure("--from " + Texts.duration(from) + " is behind the session's end at "
                    + Texts.clock(reader.info().durationSeconds()));
        }
        try {
            return SampleSelection.of(chosen)
                    .withLaps(laps.equals("all") ? List.of() : LapChoice.parse(laps, reader.laps()))
                    .withTime(fromNs, toNs)
                    .withRate(hertz);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(session + ": " + e.getMessage(), e);
        }
    }

    private int export(
            SessionReader reader, ChannelCatalogue catalogue, SampleSelection selection, BooleanSupplier stop)
            throws IOException {
        final PrintWriter err = spec.commandLine().getErr();
        final ProgressLine progress = new ProgressLine(err);
        final Optional<ExportReport> report;
        try (Exporter exporter = format.open(target(), catalogue, units, driver)) {
            report = Export.run(reader, selection, exporter, samples -> progress.update(() -> line(samples)), stop);
            progress.clear();
            exporter.remarks().forEach(remark -> err.println("note: " + remark));
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailure(
                    e.getFile() + " " + e.getReason()
                            + (force || !Files.isRegularFile(Path.of(out)) ? "" : "; --force replaces it"),
                    e);
        } finally {
            progress.clear();
        }
        if (report.isEmpty()) {
            throw new CommandFailure("stopped; nothing was written");
        }
        if (channels.isEmpty()) {
            sayUnlisted(catalogue);
        }
        report.get()
                .rounded()
                .forEach(name -> err.println(
                        "note: " + name + " has whole numbers of 2^53 and more, which are rounded to 53 bits"));
        err.println(summary(report.get(), selection));
        err.flush();
        return report.get().damaged() == 0 ? 0 : Slipstream.WITH_LOSS;
    }

    private ExportTarget target() {
        return out.equals(STANDARD_OUTPUT)
                ? new ExportTarget.Stream(new WriterStream(spec.commandLine().getOut()))
                : new ExportTarget.File(Path.of(out), force);
    }

    private static String line(Samples samples) {
        return String.format(
                Locale.ROOT,
                "%.0f %%  at %s, lap %d  %,d samples",
                100 * samples.progress(),
                Texts.clock(samples.time()),
                samples.lap().lap(),
                samples.count());
    }

    private String summary(ExportReport report, SampleSelection selection) throws IOException {
        final StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d samples of %d channels",
                report.samples(),
                selection.channels().size()));
        text.append(
                report.rate() == SampleSelection.EVERY_FRAME
                        ? String.format(Locale.ROOT, ", every frame at %.1f Hz", report.sourceRate())
                        : String.format(
                                Locale.ROOT,
                                " at %s Hz, from %,d frames at %.1f Hz",
                                String.format(Locale.ROOT, "%.3f", report.rate())
                                        .replaceAll("\\.?0+$", ""),
                                report.frames(),
                                report.sourceRate()));
        if (!out.equals(STANDARD_OUTPUT)) {
            text.append(", ")
                    .append(Texts.bytes(Files.size(Path.of(out))))
                    .append(" in ")
                    .append(out);
        }
        if (report.damaged() > 0) {
            text.append(String.format(Locale.ROOT, "; left out %,d damaged frames", report.damaged()));
        }
        if (report.gaps() > 0) {
            text.append(String.format(Locale.ROOT, "; %,d gaps of more than a second", report.gaps()));
        }
        return text.toString();
    }
}
