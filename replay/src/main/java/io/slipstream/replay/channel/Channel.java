package io.slipstream.replay.channel;

import org.agrona.DirectBuffer;

/**
 * One number of a block, in a unit that people use. Belongs to the catalogue that it comes from and to that one's thread; allocates
 * nothing.
 */
public interface Channel {
    /**
     * What options, columns and files call it.
     *
     * @return {@code speed}, {@code tyre_temperature_fl}; or the path of a raw field, {@code mTyreTemp[0]}.
     */
    String name();

    /**
     * What people and MoTeC call it.
     *
     * @return {@code Ground Speed}.
     */
    String title();

    /**
     * The unit of the values.
     *
     * @return {@code km/h}, {@code degC}; empty where there is none.
     */
    String unit();

    /**
     * What the values are.
     *
     * @return the type.
     */
    ChannelType type();

    /**
     * The value in a block.
     *
     * @param block that begins at offset 0 of the buffer.
     * @return the value; NaN where the block has not set it.
     */
    double value(DirectBuffer block);

    /**
     * The value at a time between two frames that follow one another.
     *
     * @param before value of the earlier frame, which may be NaN.
     * @param after value of the later frame, which may be NaN.
     * @param share of the time between them that has passed, 0 to less than 1.
     * @return the value; NaN where there is none that was not invented.
     */
    double between(double before, double after, double share);
}
