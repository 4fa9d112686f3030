package io.slipstream.replay.motec;

/** How stored numbers of a channel become values: {@code (raw / scale * 10^-decimals + shift) * multiplier}. */
record LdScale(int shift, int multiplier, int scale, int decimals) {

    /** Nothing to do. */
    boolean plain() {
        return shift == 0 && multiplier == 1 && scale == 1 && decimals == 0;
    }

    double value(double raw) {
        return plain() ? raw : (raw / scale * Math.pow(10, -decimals) + shift) * multiplier;
    }
}
