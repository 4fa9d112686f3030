package io.slipstream.telemetry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FrameCodecTest {
    private static final int LONGEST = 4_096;

    @Property(tries = 300)
    void shouldRestoreAnyBlocksOfAnyLength(
            @ForAll @IntRange(min = 1, max = LONGEST) final int length,
            @ForAll @Size(max = 8) final int[] changes,
            @ForAll final long seed) {
        final Random random = new Random(seed);
        final FrameEncoder encoder = new FrameEncoder(LONGEST);
        final FrameDecoder decoder = new FrameDecoder(LONGEST);
        final byte[] bytes = new byte[length];
        if (random.nextBoolean()) {
            random.nextBytes(bytes);
        }
        final UnsafeBuffer block = new UnsafeBuffer(bytes);

        int runs = encoder.encodeKeyframe(block, length);
        assertThat(runs).as("runs of a keyframe").isLessThanOrEqualTo(RunsDescriptor.maxLength(length));
        assertThat(decoder.keyframe(encoder.buffer(), 0, runs, length, encoder.crc32c()))
                .isEqualTo(FrameDecoder.OK);
        assertThat(decoder.block().compareTo(block))
                .as("keyframe of %s bytes", length)
                .isZero();

        for (int frame = 0; frame < changes.length; frame++) {
            final int changed = (changes[frame] & 0xFF) * length / 255;
            for (int i = 0; i < changed; i++) {
                bytes[random.nextInt(length)] = (byte) random.nextInt();
            }
            runs = encoder.encodeDelta(block, length);
            assertThat(runs).as("runs of a delta").isLessThanOrEqualTo(RunsDescriptor.maxLength(length));
            assertThat(decoder.delta(encoder.buffer(), 0, runs, encoder.crc32c(), frame + 1))
                    .isEqualTo(FrameDecoder.OK);
            assertThat(decoder.block().compareTo(block))
                    .as("delta %s of %s bytes", frame, length)
                    .isZero();
        }
    }

    @Property(tries = 1_000)
    void shouldSurviveAnyBytes(
            @ForAll @Size(max = 64) final byte[] hostile, @ForAll @IntRange(min = 1, max = 200) final int length) {
        final FrameDecoder decoder = new FrameDecoder(200);
        final UnsafeBuffer source = new UnsafeBuffer(hostile);
        assertThat(decoder.keyframe(source, 0, hostile.length, length, 7)).isLessThan(FrameDecoder.OK);
        assertThat(decoder.isWhole()).isFalse();
    }

    @Test
    void shouldKeepTheWireFormThatItPromises() {
        final UnsafeBuffer block = new UnsafeBuffer(new byte[1_030]);
        block.putInt(4, 0x0403_0201);
        block.putInt(8, 0x0807_0605);
        block.putShort(1_028, (short) 0x0A09);
        final FrameEncoder encoder = new FrameEncoder(1_030);
        final int length = encoder.encodeKeyframe(block, 1_030);
        final byte[] runs = new byte[length];
        encoder.buffer().getBytes(0, runs);
        // Word 1, two words; then 254 = 0xFE words as they were, and the padded one.
        assertThat(runs).containsExactly(1, 2, 1, 2, 3, 4, 5, 6, 7, 8, 0xFE, 1, 1, 9, 10, 0, 0);
        assertThat(encoder.encodeDelta(block, 1_030)).as("nothing changed").isZero();
    }

    @Test
    void shouldTakeTheChecksumThatOthersTake() {
        final UnsafeBuffer digits = new UnsafeBuffer("123456789".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        final FrameEncoder encoder = new FrameEncoder(9);
        encoder.encodeKeyframe(digits, 9);
        assertThat(encoder.crc32c()).as("check value of CRC-32C").isEqualTo(0xE306_9283);
    }

    @Test
    void shouldNotTakeStaleBytesForPaddingWhenTheLengthChanges() {
        final FrameEncoder encoder = new FrameEncoder(16);
        final FrameDecoder decoder = new FrameDecoder(16);
        final UnsafeBuffer block = new UnsafeBuffer(new byte[16]);
        block.setMemory(0, 16, (byte) 0xFF);
        for (final int length : new int[] {16, 5, 16, 7, 1, 3, 13}) {
            final int runs = encoder.encodeKeyframe(block, length);
            assertThat(decoder.keyframe(encoder.buffer(), 0, runs, length, encoder.crc32c()))
                    .as("keyframe of %s bytes", length)
                    .isEqualTo(FrameDecoder.OK);
            assertThat(decoder.block().capacity()).isEqualTo(length);
        }
    }

    @Test
    void shouldDetectEveryFlippedBit() {
        final Coded coded = new Coded(new Random(1), 203);
        for (int bit = 0; bit < coded.keyframe.length * 8; bit++) {
            final FrameDecoder decoder = new FrameDecoder(203);
            assertThat(coded.keyframe(decoder, flipped(coded.keyframe, bit)))
                    .as("bit %s of the keyframe", bit)
                    .isNegative();
            assertThat(coded.delta(decoder, coded.delta)).as("after damage").isEqualTo(FrameDecoder.NEEDS_KEYFRAME);
        }
        for (int bit = 0; bit < coded.delta.length * 8; bit++) {
            final FrameDecoder decoder = new FrameDecoder(203);
            assertThat(coded.keyframe(decoder, coded.keyframe)).isEqualTo(FrameDecoder.OK);
            assertThat(coded.delta(decoder, flipped(coded.delta, bit)))
                    .as("bit %s of the delta", bit)
                    .isNegative();
            assertThat(decoder.isWhole()).isFalse();
        }
    }

    @Test
    void shouldDetectEveryTruncation() {
        final Coded coded = new Coded(new Random(2), 203);
        for (int length = 0; length < coded.keyframe.length; length++) {
            final FrameDecoder decoder = new FrameDecoder(203);
            assertThat(coded.keyframe(decoder, java.util.Arrays.copyOf(coded.keyframe, length)))
                    .as("keyframe cut to %s bytes", length)
                    .isNegative();
        }
        for (int length = 0; length < coded.delta.length; length++) {
            final FrameDecoder decoder = new FrameDecoder(203);
            assertThat(coded.keyframe(decoder, coded.keyframe)).isEqualTo(FrameDecoder.OK);
            assertThat(coded.delta(decoder, java.util.Arrays.copyOf(coded.delta, length)))
                    .as("delta cut to %s bytes", length)
                    .isNegative();
        }
    }

    @Test
    void shouldSayWhatIsWrong() {
        final FrameDecoder decoder = new FrameDecoder(16);
        assertThat(decode(decoder, 16, 5, 1, 0, 0, 0, 0))
                .as("a run past the end")
                .isEqualTo(FrameDecoder.MALFORMED);
        assertThat(decode(decoder, 16, 0, 5, 1, 2))
                .as("words that are not there")
                .isEqualTo(FrameDecoder.MALFORMED);
        assertThat(decode(decoder, 16, 0, 0)).as("an empty run").isEqualTo(FrameDecoder.MALFORMED);
        assertThat(decode(decoder, 16, 0x80, 0x80, 0x80, 0x80, 0x80, 0))
                .as("six bytes")
                .isEqualTo(FrameDecoder.MALFORMED);
        assertThat(decode(decoder, 16, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 1))
                .as("35 bits")
                .isEqualTo(FrameDecoder.MALFORMED);
        assertThat(decode(decoder, 16, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 1, 0, 0, 0, 0))
                .as("2^31 - 1 words to skip")
                .isEqualTo(FrameDecoder.MALFORMED);
        assertThat(decode(decoder, 16, 0, 1, 1, 2, 3, 4)).as("another block").isEqualTo(FrameDecoder.CRC_MISMATCH);
        assertThat(decode(decoder, 17)).isEqualTo(FrameDecoder.TOO_LONG);
        assertThat(decode(decoder, 0)).isEqualTo(FrameDecoder.MALFORMED);
        assertThat(decode(decoder, 0xFFFF_FFFFL)).isEqualTo(FrameDecoder.TOO_LONG);
        assertThat(decoder.keyframe(new UnsafeBuffer(new byte[4]), 2, 3, 16, 0))
                .as("beyond the buffer")
                .isEqualTo(FrameDecoder.MALFORMED);
        for (int code = FrameDecoder.TOO_LONG; code <= FrameDecoder.OK; code++) {
            assertThat(FrameDecoder.describe(code)).doesNotStartWith("code");
        }
    }

    @Test
    void shouldRefuseDeltasOutOfOrder() {
        final Coded coded = new Coded(new Random(3), 64);
        final FrameDecoder decoder = new FrameDecoder(64);
        assertThat(coded.delta(decoder, coded.delta)).isEqualTo(FrameDecoder.NEEDS_KEYFRAME);
        assertThat(coded.keyframe(decoder, coded.keyframe)).isEqualTo(FrameDecoder.OK);
        assertThat(decoder.delta(new UnsafeBuffer(coded.delta), 0, coded.delta.length, coded.deltaCrc, 2))
                .as("one is missing")
                .isEqualTo(FrameDecoder.OUT_OF_ORDER);
        assertThat(coded.delta(decoder, coded.delta)).as("and no way back").isEqualTo(FrameDecoder.NEEDS_KEYFRAME);
        assertThat(coded.keyframe(decoder, coded.keyframe)).isEqualTo(FrameDecoder.OK);
        assertThat(coded.delta(decoder, coded.delta)).isEqualTo(FrameDecoder.OK);
        assertThat(coded.delta(decoder, coded.delta)).as("twice the same").isEqualTo(FrameDecoder.OUT_OF_ORDER);
    }

    @Test
    void shouldRefuseMisuse() {
        final FrameEncoder encoder = new FrameEncoder(16);
        final UnsafeBuffer block = new UnsafeBuffer(new byte[32]);
        assertThatThrownBy(() -> encoder.encodeDelta(block, 16)).hasMessageContaining("encode a keyframe");
        encoder.encodeKeyframe(block, 16);
        assertThatThrownBy(() -> encoder.encodeDelta(block, 12)).hasMessageContaining("encode a keyframe");
        assertThatThrownBy(() -> encoder.encodeKeyframe(block, 17)).hasMessageContaining("1 to 16");
        encoder.reset();
        assertThatThrownBy(() -> encoder.encodeDelta(block, 16)).hasMessageContaining("encode a keyframe");
        assertThatThrownBy(() -> new FrameEncoder(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FrameDecoder(1 << 24)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldAskForAKeyframeOften() {
        final KeyframeRule rule = new KeyframeRule();
        assertThat(rule.isDue(100, 5)).as("the first frame").isTrue();
        rule.onKeyframe(100, 5);
        for (int i = 1; i < KeyframeRule.EVERY_FRAMES; i++) {
            assertThat(rule.isDue(100, 5 + i)).as("frame %s", i).isFalse();
            rule.onDelta();
        }
        assertThat(rule.isDue(100, 200)).as("the 129th frame").isTrue();
        rule.onKeyframe(100, 200);
        assertThat(rule.isDue(100, 200 + KeyframeRule.EVERY_NS - 1)).isFalse();
        assertThat(rule.isDue(100, 200 + KeyframeRule.EVERY_NS))
                .as("after a second")
                .isTrue();
        assertThat(rule.isDue(100, 199)).as("the clock went back").isTrue();
        assertThat(rule.isDue(104, 201)).as("another length").isTrue();
        rule.reset();
        assertThat(rule.isDue(100, 201)).as("after a reset").isTrue();
    }

    private static int decode(final FrameDecoder decoder, final long blockLength, final int... runs) {
        final byte[] bytes = new byte[runs.length];
        for (int i = 0; i < runs.length; i++) {
            bytes[i] = (byte) runs[i];
        }
        return decoder.keyframe(new UnsafeBuffer(bytes), 0, bytes.length, blockLength, 0);
    }

    private static byte[] flipped(final byte[] bytes, final int bit) {
        final byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        return flipped;
    }

    /** A keyframe and a delta of a block that is half zeros. */
    private static final class Coded {
        private final int length;
        private final byte[] keyframe;
        private final int keyframeCrc;
        private final byte[] delta;
        private final int deltaCrc;

        Coded(final Random random, final int length) {
            this.length = length;
            final byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) (random.nextBoolean() ? 0 : random.nextInt());
            }
            final FrameEncoder encoder = new FrameEncoder(length);
            keyframe = new byte[encoder.encodeKeyframe(new UnsafeBuffer(bytes), length)];
            encoder.buffer().getBytes(0, keyframe);
            keyframeCrc = encoder.crc32c();
            for (int i = 0; i < length; i += 11) {
                bytes[i] ^= 0x55;
            }
            delta = new byte[encoder.encodeDelta(new UnsafeBuffer(bytes), length)];
            encoder.buffer().getBytes(0, delta);
            deltaCrc = encoder.crc32c();
        }

        int keyframe(final FrameDecoder decoder, final byte[] runs) {
            return decoder.keyframe(new UnsafeBuffer(runs), 0, runs.length, length, keyframeCrc);
        }

        int delta(final FrameDecoder decoder, final byte[] runs) {
            return decoder.delta(new UnsafeBuffer(runs), 0, runs.length, deltaCrc, 1);
        }
    }
}
