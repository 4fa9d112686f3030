package io.slipstream.replay.channel;

import org.agrona.DirectBuffer;

/**
 * A channel that is read from fields.
 *
 * @param name of the channel.
 * @param title for people.
 * @param unit of the values.
 * @param type of the values.
 * @param reading that gives a value in that unit.
 * @param jump the greatest change between two frames that is taken for a motion.
 */
record FieldChannel(String name, String title, String unit, ChannelType type, Reading reading, double jump)
        implements Channel {
    @Override
    public double value(DirectBuffer block) {
        return fit(reading.of(block));
    }

    @Override
    public double between(double before, double after, double share) {
        if (type == ChannelType.LONG || share == 0 || before == after) {
            return before;
        }
        return Math.abs(after - before) > jump ? before : fit(before + (after - before) * share);
    }

    private double fit(double value) {
        return type == ChannelType.FLOAT ? (float) value : value;
    }

    @Override
    public String toString() {
        return name;
    }
}
