package io.slipstream.telemetry.codec;

import java.util.Arrays;

/** Prints what a frame of 64 moving cars costs, on this machine and now. Not a test: times are no facts. */
final class CodecTimes {
    private static final int FRAMES = 200_000;

    private CodecTimes() {}

    public static void main(final String[] args) {
        final MovingField field = new MovingField();
        final FrameEncoder encoder = new FrameEncoder(MovingField.LENGTH);
        final FrameDecoder decoder = new FrameDecoder(MovingField.LENGTH);
        final long[] encode = new long[FRAMES];
        final long[] decode = new long[FRAMES];
        final int whole = encoder.encodeKeyframe(field.block(), MovingField.LENGTH);
        decoder.keyframe(encoder.buffer(), 0, whole, MovingField.LENGTH, encoder.crc32c());
        int length = 0;
        for (int i = 0; i < FRAMES; i++) {
            field.next();
            final long start = System.nanoTime();
            length = encoder.encodeDelta(field.block(), MovingField.LENGTH);
            final long encoded = System.nanoTime();
            final int code = decoder.delta(encoder.buffer(), 0, length, encoder.crc32c(), decoder.sinceKeyframe() + 1);
            decode[i] = System.nanoTime() - encoded;
            encode[i] = encoded - start;
            if (code != FrameDecoder.OK) {
                throw new AssertionError(FrameDecoder.describe(code));
            }
        }
        System.out.printf("delta of %d bytes for a block of %d%n", length, MovingField.LENGTH);
        print("encode", encode);
        print("decode", decode);
    }

    private static void print(final String what, final long[] times) {
        final long[] warm = Arrays.copyOfRange(times, FRAMES / 2, FRAMES);
        Arrays.sort(warm);
        System.out.printf(
                "%s: median %d ns, 99 %% below %d ns%n", what, warm[warm.length / 2], warm[warm.length * 99 / 100]);
    }
}
