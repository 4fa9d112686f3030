package io.slipstream.replay.export;

import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.ChannelType;
import io.slipstream.replay.channel.ColumnNames;
import io.slipstream.replay.channel.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes comma-separated values as RFC 4180 has them: a row of names, {@code time,lap,lap_time} and the channels', then a row a
 * sample. Times are in s, since the session's start and since the lap's; when the
 * session started is not in the file, Parquet and MCAP have it. What is not set is empty. A channel whose name is taken has a number behind it.
 */
public final class CsvExporter implements Exporter {
    /** What every row begins with, here and in {@link JsonLinesExporter}. */
    static final List<String> FIXED = List.of("time", "lap", "lap_time");

    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] NOT_FINITE = "inf".getBytes(StandardCharsets.US_ASCII);

    private final TargetStream target;
    private final TextOutput out;
    private final boolean units;
    private ChannelType[] types = {};
    private long startNs;

    /**
     * Opens the target.
     *
     * @param target of the rows.
     * @param units true for a second row under the names, with the units.
     * @throws IOException if it cannot be opened.
     */
    public CsvExporter(ExportTarget target, boolean units) throws IOException {
        this.target = TargetStream.open(target);
        this.out = new TextOutput(this.target.out());
        this.units = units;
    }

    @Override
    public void begin(ExportHeader header) throws IOException {
        final List<Channel> channels = header.channels();
        types = channels.stream().map(Channel::type).toArray(ChannelType[]::new);
        startNs = header.session().startNs();
        final StringBuilder names = new StringBuilder(String.join(",", FIXED));
        final StringBuilder unitNames = new StringBuilder("s,,s");
        ColumnNames.unique(FIXED, channels).forEach(name -> names.append(',').append(quoted(name)));
        channels.forEach(channel -> unitNames.append(',').append(quoted(channel.unit())));
        line(names);
        if (units) {
            line(unitNames);
        }
    }

    private void line(StringBuilder text) throws IOException {
        out.bytes(text.toString().getBytes(StandardCharsets.UTF_8));
        out.bytes(LINE_END);
    }

    private static String quoted(String text) {
        final boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    @Override
    public void sample(Samples samples) throws IOException {
        out.seconds(samples.timestampNs() - startNs);
        out.letter(',');
        out.number(samples.lap().lap());
        out.letter(',');
        out.seconds(samples.timestampNs() - samples.lap().startNs());
        for (int i = 0; i < types.length; i++) {
            out.letter(',');
            final double value = samples.value(i);
            if (Double.isInfinite(value)) {
                if (value < 0) {
                    out.letter('-');
                }
                out.bytes(NOT_FINITE);
            } else if (!Double.isNaN(value)) {
                out.number(value, types[i]);
            }
        }
        out.bytes(LINE_END);
    }

    @Override
    public void end() throws IOException {
        out.flush();
        target.complete();
    }

    @Override
    public void close() throws IOException {
        target.close();
    }
}
