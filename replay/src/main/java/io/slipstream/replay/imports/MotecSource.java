package io.slipstream.replay.imports;

import io.slipstream.replay.motec.LdChannel;
import io.slipstream.replay.motec.LdColumn;
import io.slipstream.replay.motec.LdDetails;
import io.slipstream.replay.motec.LdReader;
import io.slipstream.replay.motec.LdType;
import io.slipstream.replay.motec.LdxFile;
import io.slipstream.replay.motec.LdxReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A MoTeC log as rows: those of its fastest channel. A slower channel keeps its last sample until the next, and one that ends
 * earlier has no value from there on.
 */
final class MotecSource implements LogSource {
    private static final int BUFFERS = 8 << 20;
    private static final int LARGEST_BUFFER = 16 << 10;
    private static final int SMALLEST_BUFFER = 512;
    private static final double NS = 1e9;

    /** So many rows are nothing to be wary of. */
    private static final int FEW = 1_000;

    private final LdReader reader;
    private final LogDetails details;
    private final List<LogChannel> channels = new ArrayList<>();
    private final List<LdChannel> sampled = new ArrayList<>();
    private final List<LdColumn> columns = new ArrayList<>();
    private final List<LogLap> laps;
    private final List<String> remarks = new ArrayList<>();
    private final double[] values;
    private final int rate;
    private final long rows;
    private long row = -1;

    private MotecSource(Path file, LdReader reader) throws IOException {
        this.reader = reader;
        int fastest = 0;
        long most = 0;
        double longest = 0;
        int count = 0;
        for (LdChannel channel : reader.channels()) {
            if (channel.samples() > 0) {
                count++;
                fastest = Math.max(fastest, channel.rate());
                longest = Math.max(longest, channel.seconds());
                most = Math.max(most, channel.samples());
            }
        }
        if (count == 0) {
            throw new ImportException(
                    file + " holds no sample: its " + reader.channels().size() + " channels are empty");
        }
        this.rows = (long) Math.ceil(longest * fastest - 1e-6);
        if (rows > 2 * most + FEW) {
            throw new ImportException(
                    file + " is damaged: its fastest channel, " + fastest + " Hz, ends long before its slowest");
        }
        final int each = Math.clamp(BUFFERS / count, SMALLEST_BUFFER, LARGEST_BUFFER) & ~7;
        int slower = 0;
        for (int i = 0; i < reader.channels().size(); i++) {
            final LdChannel channel = reader.channels().get(i);
            if (channel.samples() == 0) {
                remarks.add("channel '" + channel.name() + "' holds no sample and is left out");
            } else {
                final LdColumn column = reader.column(i, each);
                sampled.add(channel);
                columns.add(column);
                channels.add(new LogChannel(channel.name(), channel.unit(), stored(channel, column)));
                slower += channel.rate() < fastest ? 1 : 0;
            }
        }
        if (slower > 0) {
            remarks.add(slower + " channels are slower than " + fastest + " Hz: their samples stand until the next");
        }
        this.values = new double[count];
        this.rate = fastest;
        this.details = details(file, reader.details());
        this.laps = laps(file);
    }

    /** Opens a log and the beacons beside it. */
    static MotecSource open(Path file) throws IOException {
        final LdReader reader = LdReader.open(file);
        try {
            return new MotecSource(file, reader);
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    private static LogChannel.Stored stored(LdChannel channel, LdColumn column) {
        if (column.whole()) {
            return LogChannel.Stored.WHOLE;
        }
        return channel.type() == LdType.FLOAT_64 || channel.type().whole()
                ? LogChannel.Stored.DOUBLE
                : LogChannel.Stored.SINGLE;
    }

    private LogDetails details(Path file, LdDetails from) throws IOException {
        final Map<String, String> metadata = new LinkedHashMap<>();
        final StartTime start = StartTime.of(file, from.started());
        metadata.put("start", start.comesFrom());
        metadata.put("rate", rate + " Hz");
        put(metadata, "driver", from.driver());
        put(metadata, "event", from.event());
        put(metadata, "event_session", from.session());
        put(metadata, "short_comment", from.shortComment());
        put(metadata, "comment", from.comment());
        return new LogDetails(
                start.ns(),
                from.vehicle(),
                from.vehicleType(),
                from.venue(),
                from.shortComment().toLowerCase(Locale.ROOT).startsWith("synthetic"),
                metadata);
    }

    private static void put(Map<String, String> metadata, String key, String value) {
        if (!value.isBlank()) {
            metadata.put(key, value);
        }
    }

    private List<LogLap> laps(Path file) throws IOException {
        final Path beside = beaconsBeside(file);
        if (beside == null) {
            remarks.add("there is no .ldx file beside it, so no lap is known");
            return List.of();
        }
        final LdxFile beacons = LdxReader.read(beside);
        return BeaconLaps.of(beacons.beacons(), Math.round((rows - 1) * NS / rate));
    }

    /** Whatever the case of its name. */
    private static Path beaconsBeside(Path file) {
        final String name = String.valueOf(file.getFileName());
        final String stem = name.replaceAll("(?i)\\.ld$", "");
        for (String suffix : List.of(".ldx", ".LDX", ".Ldx")) {
            final Path beside = file.resolveSibling(stem + suffix);
            if (Files.isRegularFile(beside)) {
                return beside;
            }
        }
        return null;
    }

    @Override
    public boolean ours() {
        // What Slipstream writes names its units.
        return false;
    }

    @Override
    public LogDetails details() {
        return details;
    }

    @Override
    public List<LogChannel> channels() {
        return channels;
    }

    @Override
    public List<LogLap> laps() {
        return laps;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public boolean next() throws IOException {
        row++;
        if (row >= rows) {
            return false;
        }
        for (int i = 0; i < values.length; i++) {
            final LdChannel channel = sampled.get(i);
            final long sample = row * channel.rate() / rate;
            values[i] = sample < channel.samples() ? columns.get(i).value(sample) : Double.NaN;
        }
        return true;
    }

    @Override
    public long timeNs() {
        return Math.round(row * NS / rate);
    }

    @Override
    public double value(int channel) {
        return values[channel];
    }

    @Override
    public List<String> remarks() {
        return remarks;
    }

    @Override
    public boolean lossy() {
        return false;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
