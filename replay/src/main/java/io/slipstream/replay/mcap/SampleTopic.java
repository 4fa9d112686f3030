package io.slipstream.replay.mcap;

import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.ChannelType;
import io.slipstream.replay.channel.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The topic of the samples: one object a sample, with the channels by name. */
final class SampleTopic {
    static final String TIME = "time";
    static final String FRAME = "frame";
    static final String LAP = "lap";
    private static final String LAP_TIME = "lap_time";

    private final McapWriter writer;
    private final int channel;
    private final JsonText json = new JsonText();
    private final String[] names;
    private final ChannelType[] types;
    private final boolean time;
    private final boolean frame;
    private final boolean lap;
    private final boolean lapTime;

    SampleTopic(McapWriter writer, List<Channel> channels) {
        this.writer = writer;
        final List<String> fixed = new ArrayList<>(List.of(TIME, FRAME, LAP, LAP_TIME));
        // An imported log may have channels of these names; its own come first.
        channels.forEach(one -> fixed.remove(one.name()));
        time = fixed.contains(TIME);
        frame = fixed.contains(FRAME);
        lap = fixed.contains(LAP);
        lapTime = fixed.contains(LAP_TIME);
        names = channels.stream().map(one -> JsonText.quote(one.name())).toArray(String[]::new);
        types = channels.stream().map(Channel::type).toArray(ChannelType[]::new);
        channel = writer.channel(
                writer.schema("slipstream.Sample", "jsonschema", JsonSchemas.samples(fixed, channels)),
                "/car",
                "json",
                Map.of());
    }

    void write(Samples samples) throws IOException {
        json.begin();
        if (time) {
            json.name("\"time\"").nano(samples.time());
        }
        if (frame) {
            json.name("\"frame\"").number(samples.frame());
        }
        if (lap) {
            json.name("\"lap\"").number(samples.lap().lap());
        }
        if (lapTime) {
            json.name("\"lap_time\"").nano(samples.lapTime());
        }
        for (int i = 0; i < names.length; i++) {
            final double value = samples.value(i);
            if (Double.isFinite(value)) {
                json.name(names[i]);
                switch (types[i]) {
                    case LONG -> json.number((long) value);
                    case FLOAT -> json.number((float) value);
                    case DOUBLE -> json.number(value);
                }
            }
        }
        final int length = json.end().finish();
        writer.message(channel, samples.timestampNs(), json.buffer(), 0, length);
    }
}
