package io.slipstream.replay.channel;

/** What the values of a channel are made of; so wide a column holds them without loss. */
public enum ChannelType {
    /** IEEE 754 double. */
    DOUBLE,
    /** IEEE 754 single: every value is one, though it is handed over as a double. */
    FLOAT,
    /** A whole number of 64 bits; one beyond 2<sup>53</sup> is rounded, as it is handed over as a double. */
    LONG
}
