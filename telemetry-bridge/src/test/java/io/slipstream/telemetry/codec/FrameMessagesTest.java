package io.slipstream.telemetry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.schema.DeltaEncoder;
import io.slipstream.telemetry.schema.KeyframeEncoder;
import io.slipstream.telemetry.schema.MessageHeaderDecoder;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FrameMessagesTest {
    private static final int LENGTH = 301;
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;

    private final FrameMessages messages = new FrameMessages(
            "pcars2", "/dev/shm/$pcars2$", true, Consistency.COPIED_TWICE, 1_000, new KeyframeRule(4, 1_000_000));
    private final FrameReader reader = new FrameReader(1_000);
    private final UnsafeBuffer block = new UnsafeBuffer(new byte[1_000]);

    @Test
    void shouldCarryWhatAFrameIs() {
        block.putLong(80, 0x1122_3344_5566_7788L);
        final byte[] keyframe = encode(LENGTH, 13, 2_224, 3, 2, 0);
        assertThat(messages.isKeyframe()).isTrue();
        assertThat(read(reader, keyframe)).isEqualTo(FrameDecoder.OK);
        assertThat(reader.isKeyframe()).isTrue();
        assertThat(reader.frameNumber()).isZero();
        assertThat(reader.sequence()).isEqualTo(2_224);
        assertThat(reader.missed()).isEqualTo(3);
        assertThat(reader.retries()).isEqualTo(2);
        assertThat(reader.formatVersion()).isEqualTo(13);
        assertThat(reader.consistency()).isEqualTo(Consistency.COPIED_TWICE);
        assertThat(reader.synthetic()).isTrue();
        assertThat(reader.formatName()).isEqualTo("pcars2");
        assertThat(reader.origin()).isEqualTo("/dev/shm/$pcars2$");
        assertThat(reader.blockLength()).isEqualTo(LENGTH);
        assertRestored(LENGTH);

        block.putByte(300, (byte) 9);
        final byte[] delta = encode(LENGTH, 13, 0xFFFF_FFFEL, 1L << 40, 1 << 20, 1);
        assertThat(messages.isKeyframe()).isFalse();
        assertThat(delta).as("one word changed").hasSize(HEADER + DeltaEncoder.BLOCK_LENGTH + 4 + 2 + 4);
        assertThat(read(reader, delta)).isEqualTo(FrameDecoder.OK);
        assertThat(reader.isKeyframe()).isFalse();
        assertThat(reader.frameNumber()).isEqualTo(1);
        assertThat(reader.sequence()).isEqualTo(0xFFFF_FFFEL);
        assertThat(reader.missed()).as("no more than the field holds").isEqualTo(0xFFFF_FFFEL);
        assertThat(reader.retries()).as("no more than the field holds").isEqualTo(65_534);
        assertThat(reader.formatName()).as("of the keyframe").isEqualTo("pcars2");
        assertRestored(LENGTH);
    }

    @Test
    void shouldMakeKeyframesByRuleAndOnChange() {
        final StringBuilder kinds = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            kinds.append(kind(LENGTH, 13, i));
        }
        kinds.append(' ').append(kind(LENGTH, 14, 9)).append(kind(LENGTH, 14, 10));
        kinds.append(' ').append(kind(LENGTH + 1, 14, 11)).append(kind(LENGTH + 1, 14, 12));
        kinds.append(' ').append(kind(LENGTH + 1, 14, 1_000_011)).append(kind(LENGTH + 1, 14, 1_000_012));
        messages.forceKeyframe();
        kinds.append(' ').append(kind(LENGTH + 1, 14, 1_000_013)).append(kind(LENGTH + 1, 14, 1_000_014));
        assertThat(kinds)
                .as("every 4 frames; another version; another length; a millisecond; forced")
                .hasToString("KdddKdddK Kd Kd Kd Kd");
        assertThat(messages.frameNumber()).isEqualTo(16);
    }

    private char kind(final int length, final long version, final long time) {
        final byte[] message = encode(length, version, 2, 0, 0, time);
        assertThat(read(reader, message)).isEqualTo(FrameDecoder.OK);
        assertRestored(length);
        return messages.isKeyframe() ? 'K' : 'd';
    }

    @Test
    void shouldNotBuildOnAFrameThatIsMissing() {
        final byte[] first = encode(LENGTH, 13, 2, 0, 0, 0);
        final byte[] second = encode(LENGTH, 13, 4, 0, 0, 1);
        final byte[] third = encode(LENGTH, 13, 6, 0, 0, 2);
        assertThat(read(reader, second)).isEqualTo(FrameDecoder.NEEDS_KEYFRAME);
        assertThat(read(reader, first)).isEqualTo(FrameDecoder.OK);
        assertThat(read(reader, third)).isEqualTo(FrameDecoder.OUT_OF_ORDER);
        assertThat(read(reader, second)).isEqualTo(FrameDecoder.NEEDS_KEYFRAME);
        assertThat(read(reader, first)).isEqualTo(FrameDecoder.OK);
        assertThat(read(reader, second)).isEqualTo(FrameDecoder.OK);
        assertThat(read(reader, third)).isEqualTo(FrameDecoder.OK);
        reader.reset();
        assertThat(reader.isWhole()).isFalse();
    }

    @Test
    void shouldNotBuildOnAKeyframeOfAnotherRun() {
        final byte[] first = encode(LENGTH, 13, 2, 0, 0, 0);
        for (int i = 1; i < 4; i++) {
            encode(LENGTH, 13, 2, 0, 0, i);
        }
        encode(LENGTH, 13, 2, 0, 0, 4);
        final byte[] laterDelta = encode(LENGTH, 13, 2, 0, 0, 5);
        assertThat(read(reader, first)).isEqualTo(FrameDecoder.OK);
        assertThat(read(reader, laterDelta))
                .as("also the first delta of its keyframe, but of frame 5")
                .isEqualTo(FrameDecoder.OUT_OF_ORDER);
    }

    @Test
    void shouldDetectEveryTruncation() {
        final byte[] keyframe = encode(LENGTH, 13, 2, 0, 0, 0);
        block.putInt(12, 7);
        final byte[] delta = encode(LENGTH, 13, 4, 0, 0, 1);
        for (int length = HEADER; length < keyframe.length; length++) {
            assertThat(read(reader, Arrays.copyOf(keyframe, length)))
                    .as("keyframe cut to %s", length)
                    .isNegative();
            assertThat(reader.isWhole()).isFalse();
        }
        for (int length = HEADER; length < delta.length; length++) {
            assertThat(read(reader, keyframe)).isEqualTo(FrameDecoder.OK);
            assertThat(read(reader, Arrays.copyOf(delta, length)))
                    .as("delta cut to %s", length)
                    .isNegative();
            assertThat(reader.isWhole()).isFalse();
        }
    }

    @Test
    void shouldNeverShowAnotherBlockAfterAFlippedBit() {
        for (int i = 0; i < LENGTH; i += 3) {
            block.putByte(i, (byte) i);
        }
        final byte[] keyframe = encode(LENGTH, 13, 2, 0, 0, 0);
        final int runs =
                HEADER + KeyframeEncoder.BLOCK_LENGTH + 2 + "pcars2".length() + 2 + "/dev/shm/$pcars2$".length();
        for (int bit = HEADER * 8; bit < keyframe.length * 8; bit++) {
            final byte[] flipped = keyframe.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            final int code = read(reader, flipped);
            if (code == FrameDecoder.OK) {
                assertRestored(LENGTH);
                assertThat(bit / 8).as("a bit of the runs that was not noticed").isLessThan(runs);
            }
        }
    }

    @Test
    void shouldLeaveOtherMessagesAlone() {
        assertThat(read(reader, encode(LENGTH, 13, 2, 0, 0, 0))).isEqualTo(FrameDecoder.OK);
        assertThat(reader.onMessage(10, block, 0, 100, 100, 1)).isEqualTo(FrameReader.NOT_A_FRAME);
        assertThat(reader.isWhole()).isTrue();
        assertThat(reader.onMessage(1, block, 0, 100, 8, 1))
                .as("a root block too short")
                .isEqualTo(FrameDecoder.MALFORMED);
        assertThat(reader.onMessage(2, block, 0, 2_000, DeltaEncoder.BLOCK_LENGTH, 1))
                .as("beyond the buffer")
                .isEqualTo(FrameDecoder.MALFORMED);
        assertThat(reader.onMessage(2, block, -8, 100, DeltaEncoder.BLOCK_LENGTH, 1))
                .isEqualTo(FrameDecoder.MALFORMED);
    }

    @Test
    void shouldRefuseTextsThatTheSchemaCannotHold() {
        assertThatThrownBy(() -> new FrameMessages(
                        "pcars2", "x".repeat(1_025), false, Consistency.NONE, 100, new KeyframeRule()))
                .hasMessageContaining("origin has 1025 bytes");
    }

    private void assertRestored(final int length) {
        assertThat(reader.block().compareTo(new UnsafeBuffer(block, 0, length)))
                .as("the block that was restored against the one that was encoded")
                .isZero();
    }

    private byte[] encode(
            final int length,
            final long version,
            final long sequence,
            final long missed,
            final int retries,
            final long time) {
        final byte[] message = new byte[messages.encode(block, length, version, sequence, missed, retries, 0, time)];
        messages.buffer().getBytes(0, message);
        return message;
    }

    private static int read(final FrameReader reader, final byte[] message) {
        final UnsafeBuffer buffer = new UnsafeBuffer(message);
        final MessageHeaderDecoder header = new MessageHeaderDecoder().wrap(buffer, 0);
        return reader.onMessage(
                header.templateId(), buffer, HEADER, message.length - HEADER, header.blockLength(), header.version());
    }
}
