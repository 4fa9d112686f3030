package io.slipstream.replay.export;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.ChannelType;
import io.slipstream.replay.channel.ColumnNames;
import io.slipstream.replay.channel.Samples;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a JSON object a sample, one a line: {@code time}, {@code lap}, {@code lap_time}, as {@link CsvExporter} has them, and
 * the channels by name. What is not set is null, as is what JSON has no number for: infinity.
 */
public final class JsonLinesExporter implements Exporter {
    private static final byte[] TIME = ascii("{\"time\":");
    private static final byte[] LAP = ascii(",\"lap\":");
    private static final byte[] LAP_TIME = ascii(",\"lap_time\":");
    private static final byte[] NULL = ascii("null");
    private static final byte[] END = ascii("}\n");

    private final TargetStream target;
    private final TextOutput out;
    private byte[][] keys = {};
    private ChannelType[] types = {};
    private long startNs;

    /**
     * Opens the target.
     *
     * @param target of the lines.
     * @throws IOException if it cannot be opened.
     */
    public JsonLinesExporter(ExportTarget target) throws IOException {
        this.target = TargetStream.open(target);
        this.out = new TextOutput(this.target.out());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void begin(ExportHeader header) {
        final List<Channel> channels = header.channels();
        keys = ColumnNames.unique(CsvExporter.FIXED, channels).stream()
                .map(JsonLinesExporter::key)
                .toArray(byte[][]::new);
        types = channels.stream().map(Channel::type).toArray(ChannelType[]::new);
        startNs = header.session().startNs();
    }

    private static byte[] key(String name) {
        final String quoted = new String(JsonStringEncoder.getInstance().quoteAsString(name));
        return (",\"" + quoted + "\":").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void sample(Samples samples) throws IOException {
        out.bytes(TIME);
        out.seconds(samples.timestampNs() - startNs);
        out.bytes(LAP);
        out.number(samples.lap().lap());
        out.bytes(LAP_TIME);
        out.seconds(samples.timestampNs() - samples.lap().startNs());
        for (int i = 0; i < types.length; i++) {
            out.bytes(keys[i]);
            final double value = samples.value(i);
            if (Double.isFinite(value)) {
                out.number(value, types[i]);
            } else {
                out.bytes(NULL);
            }
        }
        out.bytes(END);
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
