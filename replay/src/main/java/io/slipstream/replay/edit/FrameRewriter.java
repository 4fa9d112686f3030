package io.slipstream.replay.edit;

import static io.slipstream.queue.EnvelopeDescriptor.SBE_HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.slipstream.queue.Message;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.codec.FrameEncoder;
import io.slipstream.telemetry.codec.FrameReader;
import io.slipstream.telemetry.codec.RunsDescriptor;
import io.slipstream.telemetry.schema.DeltaDecoder;
import io.slipstream.telemetry.schema.DeltaEncoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import io.slipstream.telemetry.schema.KeyframeEncoder;
import io.slipstream.telemetry.schema.MessageHeaderEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Encodes frames of a session anew, with the numbers, time, source and schema version that they had. Each message that it returns is
 * valid until the next. Single-threaded.
 */
final class FrameRewriter {
    /** A text has at most this many bytes: its length is a u16. */
    private static final int LONGEST_TEXT = 0xFFFF;

    private final FrameEncoder frames = new FrameEncoder(BlockDescriptor.MAX_FRAME_LENGTH);
    private final UnsafeBuffer buffer =
            new UnsafeBuffer(ByteBuffer.allocateDirect(RunsDescriptor.maxLength(BlockDescriptor.MAX_FRAME_LENGTH)
                    + 2 * LONGEST_TEXT
                    + SBE_HEADER_LENGTH
                    + KeyframeEncoder.BLOCK_LENGTH
                    + KeyframeEncoder.formatHeaderLength()
                    + KeyframeEncoder.originHeaderLength()
                    + KeyframeEncoder.runsHeaderLength()));
    private final ExpandableArrayBuffer patched = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final KeyframeEncoder keyframe = new KeyframeEncoder();
    private final DeltaEncoder delta = new DeltaEncoder();
    private final MessageFlyweight message = new MessageFlyweight();

    /** The source's present frame as a keyframe, with this block, and with this origin. */
    Message keyframe(SoundMessages source, DirectBuffer block, String origin) {
        final FrameReader frame = source.frame();
        final byte[] format = frame.formatName().getBytes(StandardCharsets.UTF_8);
        final byte[] from = origin.getBytes(StandardCharsets.UTF_8);
        final int runs = frames.encodeKeyframe(block, frame.blockLength());
        keyframe.wrapAndApplyHeader(buffer, 0, header)
                .frameNumber(frame.frameNumber())
                .sequence(frame.sequence())
                .missed(frame.missed())
                .retries(frame.retries())
                .torn(frame.torn())
                .blockLength(frame.blockLength())
                .crc32c(Integer.toUnsignedLong(frames.crc32c()))
                .formatVersion(frame.formatVersion())
                .synthetic(source.synthetic());
        // As it was, also where this program does not know the value.
        buffer.putByte(SBE_HEADER_LENGTH + KeyframeEncoder.consistencyEncodingOffset(), (byte) source.consistency());
        keyframe.putFormat(format, 0, format.length)
                .putOrigin(from, 0, from.length)
                .putRuns(frames.buffer(), 0, runs);
        return finish(source.message(), KeyframeDecoder.SCHEMA_VERSION, keyframe.limit());
    }

    /** The source's present frame as a delta against the block that was encoded last. */
    Message delta(SoundMessages source, DirectBuffer block) {
        final FrameReader frame = source.frame();
        final int runs = frames.encodeDelta(block, frame.blockLength());
        delta.wrapAndApplyHeader(buffer, 0, header)
                .frameNumber(frame.frameNumber())
                .sequence(frame.sequence())
                .missed(frame.missed())
                .retries(frame.retries())
                .torn(frame.torn())
                .sinceKeyframe(source.sinceKeyframe())
                .crc32c(Integer.toUnsignedLong(frames.crc32c()))
                .putRuns(frames.buffer(), 0, runs);
        return finish(source.message(), DeltaDecoder.SCHEMA_VERSION, delta.limit());
    }

    /** A message of a later schema cannot be made here in full, so it is one of ours. */
    private Message finish(Message original, int ours, int length) {
        header.wrap(buffer, 0).version(Math.min(original.version(), ours));
        return message.wrap(buffer, 0, length, original.timestamp(), original.sourceId());
    }

    /** A delta that differs from the original in its distance from the keyframe alone. */
    Message renumbered(Message original, int sinceKeyframe) {
        final int length = original.length() + SBE_HEADER_LENGTH;
        patched.putBytes(0, original.buffer(), original.offset() - SBE_HEADER_LENGTH, length);
        patched.putShort(
                SBE_HEADER_LENGTH + DeltaEncoder.sinceKeyframeEncodingOffset(), (short) sinceKeyframe, LITTLE_ENDIAN);
        return message.wrap(patched, 0, length, original.timestamp(), original.sourceId());
    }
}
