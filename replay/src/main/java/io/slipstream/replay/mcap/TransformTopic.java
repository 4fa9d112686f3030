package io.slipstream.replay.mcap;

import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.Samples;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The topic of the car's place, as Foxglove's three-dimensional panel shows it. The game's axes are left-handed: x left, y up, z
 * backward, of the world as of the car. Foxglove's are right-handed: of the track x east, y north, z up, and of the car x
 * forward, y left, z up. The game turns the car by Ry(yaw) Rx(pitch) Rz(roll).
 */
final class TransformTopic {
    /** The channels that it takes, where a session has them. */
    static final List<String> CHANNELS = List.of("position_x", "position_y", "position_z", "pitch", "yaw", "roll");

    /** Whose axes these are. */
    private static final String FORMAT = "pcars2";

    private static final List<String> UNITS = List.of("m", "m", "m", "deg", "deg", "deg");

    private final McapWriter writer;
    private final int channel;
    private final int[] places;
    private final JsonText json = new JsonText();
    private final double[] values = new double[CHANNELS.size()];
    private final double[] rotation = new double[4];

    private TransformTopic(McapWriter writer, int[] places) {
        this.writer = writer;
        this.places = places;
        channel = writer.channel(
                writer.schema("foxglove.FrameTransform", "jsonschema", JsonSchemas.frameTransform()),
                "/tf",
                "json",
                Map.of());
    }

    /** Are a format's axes known? A log of another program may mean others by the same names. */
    static boolean knows(String format) {
        return format.equals(FORMAT);
    }

    /** The topic; null if not all the channels that it needs are among those of the samples, in their units. */
    static TransformTopic of(McapWriter writer, List<Channel> channels) {
        final List<String> names = channels.stream().map(Channel::name).toList();
        return names.containsAll(CHANNELS)
                        && CHANNELS.stream()
                                .map(name -> channels.get(names.indexOf(name)).unit())
                                .toList()
                                .equals(UNITS)
                ? new TransformTopic(
                        writer, CHANNELS.stream().mapToInt(names::indexOf).toArray())
                : null;
    }

    void write(Samples samples) throws IOException {
        for (int i = 0; i < values.length; i++) {
            values[i] = samples.value(places[i]);
            if (!Double.isFinite(values[i])) {
                return;
            }
        }
        rotation(Math.toRadians(values[3]), Math.toRadians(values[4]), Math.toRadians(values[5]), rotation);
        final long time = samples.timestampNs();
        json.begin().name("\"timestamp\"").time(time);
        json.name("\"parent_frame_id\"")
                .raw("\"track\"")
                .name("\"child_frame_id\"")
                .raw("\"car\"");
        json.name("\"translation\"").begin();
        json.name("\"x\"").number((float) -values[0]);
        json.name("\"y\"").number((float) -values[2]);
        json.name("\"z\"").number((float) values[1]).end();
        json.name("\"rotation\"").begin();
        json.name("\"x\"").nano(rotation[0]).name("\"y\"").nano(rotation[1]);
        json.name("\"z\"").nano(rotation[2]).name("\"w\"").nano(rotation[3]).end();
        final int length = json.end().finish();
        writer.message(channel, time, json.buffer(), 0, length);
    }

    /**
     * The rotation from the car's axes to the track's, both Foxglove's, as a quaternion x, y, z, w.
     *
     * <p>Turning about an axis looks the other way round in axes of the other hand. The game's up is Foxglove's z, its left is
     * y of the car, its backward is -x of the car. So yaw turns about z by minus the angle, pitch about y by minus the
     * angle, roll about x by the angle; and a car at yaw 0 looks to -z of the world, which is north, a quarter turn from east.
     */
    static void rotation(double pitch, double yaw, double roll, double[] into) {
        final double halfZ = (Math.PI / 2 - yaw) / 2;
        final double cz = Math.cos(halfZ);
        final double sz = Math.sin(halfZ);
        final double cy = Math.cos(-pitch / 2);
        final double sy = Math.sin(-pitch / 2);
        final double cx = Math.cos(roll / 2);
        final double sx = Math.sin(roll / 2);
        into[0] = sx * cy * cz - cx * sy * sz;
        into[1] = cx * sy * cz + sx * cy * sz;
        into[2] = cx * cy * sz - sx * sy * cz;
        into[3] = cx * cy * cz + sx * sy * sz;
    }
}
