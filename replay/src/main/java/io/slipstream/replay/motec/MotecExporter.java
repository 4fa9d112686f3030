package io.slipstream.replay.motec;

import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.ChannelType;
import io.slipstream.replay.channel.KnownChannels;
import io.slipstream.replay.channel.SampleSelection;
import io.slipstream.replay.channel.Samples;
import io.slipstream.replay.export.ExportHeader;
import io.slipstream.replay.export.Exporter;
import io.slipstream.replay.export.OutputFile;
import io.slipstream.telemetry.session.LapSpan;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Exports samples as a MoTeC log, {@code NAME.ld} with the samples and {@code NAME.ldx} with the lap beacons. Whole channels
 * become 32-bit integers, all others single precision. A log is one stretch of time on one grid: where the session has a gap, or
 * a value is not set, the channel's last value stands, before its first one 0, and {@link #remarks()} tells how often. Single-threaded.
 */
public final class MotecExporter implements Exporter {
    private static final String SUFFIX = ".ld";

    private final Path path;
    private final boolean replace;
    private final String driver;
    private final List<String> remarks = new ArrayList<>();
    private OutputFile log;
    private OutputFile laps;
    private LdWriter writer;
    private List<LdChannel> channels;
    private ExportHeader header;
    private long firstNs;
    private long rows;
    private long filled;
    private boolean[] set = {};
    private long[] unset = {};
    private long[] zero = {};

    /**
     * Makes an exporter.
     *
     * @param path of the log; its name ends in {@code .ld}. The beacons go beside it, to {@code .ldx}.
     * @param replace true to replace files that are there.
     * @param driver whom the log names; empty for nobody, as a recording names people who were not asked.
     */
    public MotecExporter(Path path, boolean replace, String driver) {
        this.path = path;
        this.replace = replace;
        this.driver = driver;
    }

    /**
     * The rate to take where nobody chose one: MoTeC wants a whole one, so it is the session's own to the next hertz.
     *
     * @param sourceRate of the session, Hz.
     * @return Hz, at least 1.
     */
    static int defaultRate(double sourceRate) {
        return (int) Math.clamp(Math.round(sourceRate), 1L, LdDescriptor.HIGHEST_RATE);
    }

    @Override
    public SampleSelection adjust(SampleSelection wanted, SessionInfo info) throws IOException {
        if (wanted.rate() == SampleSelection.EVERY_FRAME) {
            return wanted.withRate(defaultRate(info.rateHz()));
        }
        final double rate = wanted.rate();
        if (rate != Math.rint(rate) || rate < 1 || rate > LdDescriptor.HIGHEST_RATE) {
            throw new IOException("a MoTeC log needs a whole rate of 1 to " + LdDescriptor.HIGHEST_RATE
                    + " Hz: give --rate " + defaultRate(rate));
        }
        return wanted;
    }

    @Override
    public void begin(ExportHeader what) throws IOException {
        header = what;
        requireOneStretch();
        channels = channels(what.channels(), (int) what.rate(), most());
        set = new boolean[channels.size()];
        unset = new long[channels.size()];
        zero = new long[channels.size()];
        log = OutputFile.create(path, replace);
        laps = OutputFile.create(beaconsBeside(path), replace);
        writer = LdWriter.create(log.temporary(), details(), channels);
    }

    /** The file of the beacons of a log. */
    static Path beaconsBeside(Path log) throws IOException {
        final String name = String.valueOf(log.getFileName());
        if (!name.toLowerCase(Locale.ROOT).endsWith(SUFFIX)) {
            throw new IOException(log + ": MoTeC opens files whose names end in .ld; name it so");
        }
        return log.resolveSibling(name + "x");
    }

    private void requireOneStretch() throws IOException {
        final List<LapSpan> chosen = new ArrayList<>(header.laps());
        chosen.sort(Comparator.comparingLong(LapSpan::startNs));
        for (int i = 1; i < chosen.size(); i++) {
            if (chosen.get(i).startNs() > chosen.get(i - 1).endNs()) {
                throw new IOException("a MoTeC log is one stretch of time, and between laps "
                        + chosen.get(i - 1).lap() + " and " + chosen.get(i).lap()
                        + " some are left out: export neighbouring laps, or each on its own");
            }
        }
    }

    /** The most samples that a channel can have. */
    private long most() {
        final List<LapSpan> chosen = header.laps();
        long from = Math.max(header.selection().fromNs(), header.session().startNs());
        long to = Math.min(header.selection().toNs(), header.session().endNs() + 1);
        if (!chosen.isEmpty()) {
            from = Math.max(
                    from, chosen.stream().mapToLong(LapSpan::startNs).min().orElse(from));
            to = Math.min(to, chosen.stream().mapToLong(LapSpan::endNs).max().orElse(to));
        }
        return (long) (Math.max(0, to - from) / 1e9 * header.rate()) + 2;
    }

    private static List<LdChannel> channels(List<Channel> chosen, int rate, long most) {
        final List<String> names =
                LdNames.unique(chosen.stream().map(MotecExporter::title).toList());
        final List<LdChannel> channels = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            final Channel channel = chosen.get(i);
            channels.add(new LdChannel(
                    names.get(i),
                    LdNames.brief(names.get(i)),
                    LdText.cut(channel.unit(), LdDescriptor.CHANNEL_UNIT_LENGTH),
                    channel.type() == ChannelType.LONG ? LdType.INT_32 : LdType.FLOAT_32,
                    rate,
                    most));
        }
        return channels;
    }

    /** The fields of an imported session have no titles of their own. */
    private static String title(Channel channel) {
        return channel.title().equals(channel.name()) ? KnownChannels.title(channel.name()) : channel.title();
    }

    private LdDetails details() {
        final SessionInfo info = header.info();
        final long start = Math.max(
                header.selection().fromNs(),
                header.laps().stream().mapToLong(LapSpan::startNs).min().orElse(info.startedNs()));
        final String rates = String.format(Locale.ROOT, "%.0f Hz, from %.3f Hz", header.rate(), header.sourceRate());
        final String synthetic = info.synthetic() ? "synthetic; " : "";
        final String venue = info.track().isEmpty()
                        || info.variation().isEmpty()
                        || info.variation().equals(info.track())
                ? info.track()
                : info.track() + ", " + info.variation();
        return new LdDetails(
                LocalDateTime.ofEpochSecond(start / 1_000_000_000L, 0, ZoneOffset.UTC),
                driver,
                info.car(),
                info.carClass(),
                venue,
                info.game(),
                header.name(),
                synthetic + rates,
                (info.synthetic() ? "Synthetic: written by a simulator, not by a game. " : "") + "Sampled at " + rates
                        + " as recorded. Times are UTC. Where a value was not set, the last one stands. Origin: "
                        + info.origin() + ". Written by Slipstream.");
    }

    @Override
    public void sample(Samples samples) throws IOException {
        if (rows == 0) {
            firstNs = samples.timestampNs();
        }
        final long row = samples.gridIndex();
        // Where the session has a gap, the log has none.
        for (; rows < row; rows++) {
            for (int i = 0; i < channels.size(); i++) {
                writer.append(i, Double.NaN);
            }
            filled++;
        }
        for (int i = 0; i < channels.size(); i++) {
            final double value = samples.value(i);
            writer.append(i, value);
            if (Double.isFinite(value)) {
                set[i] = true;
            } else if (set[i]) {
                unset[i]++;
            } else {
                zero[i]++;
            }
        }
        rows++;
    }

    @Override
    public void end() throws IOException {
        writer.finish();
        writer.close();
        final LapBeacons beacons = new LapBeacons(
                        firstNs, firstNs + Math.round((rows - 1) * 1e9 / header.rate()), twoFrames())
                .add(header.laps());
        LdxWriter.write(laps.temporary(), beacons.file());
        remark(beacons.mismatched());
        log.complete();
        try {
            laps.complete();
        } catch (IOException | RuntimeException e) {
            // A log without its laps, or with an older one's, is no export.
            Files.deleteIfExists(log.path());
            throw e;
        }
    }

    /** From the last sample to the first frame of the lap that the log does not have, at most. */
    private long twoFrames() {
        final double slower = header.sourceRate() > 0 ? Math.min(header.sourceRate(), header.rate()) : header.rate();
        return Math.round(2e9 / slower);
    }

    private void remark(int mismatched) {
        if (filled > 0) {
            remarks.add(String.format(
                    Locale.ROOT,
                    "%,d samples of %,d are in gaps of the session, where the last values stand",
                    filled,
                    rows));
        }
        for (int i = 0; i < channels.size(); i++) {
            final String name = channels.get(i).name();
            if (!set[i]) {
                remarks.add(name + " has no value at all, and is 0 throughout");
            } else if (zero[i] > 0) {
                remarks.add(String.format(Locale.ROOT, "%s is 0 in %,d samples until it is first set", name, zero[i]));
            }
            if (unset[i] > 0) {
                remarks.add(String.format(
                        Locale.ROOT, "%s was not set in %,d samples, where its last value stands", name, unset[i]));
            }
            if (writer.clipped(i) > 0) {
                remarks.add(String.format(
                        Locale.ROOT,
                        "%s has %,d values that 32 bits do not hold, cut to the nearest",
                        name,
                        writer.clipped(i)));
            }
        }
        if (mismatched > 0) {
            remarks.add(
                    mismatched + " laps are longer by the game's clock than by the recording's: their beacons follow"
                            + " the recording");
        }
    }

    @Override
    public List<String> remarks() {
        return List.copyOf(remarks);
    }

    @Override
    public void close() throws IOException {
        try {
            if (writer != null) {
                writer.close();
            }
        } finally {
            close(log, laps);
        }
    }

    private static void close(OutputFile first, OutputFile second) throws IOException {
        try {
            if (first != null) {
                first.close();
            }
        } finally {
            if (second != null) {
                second.close();
            }
        }
    }
}
