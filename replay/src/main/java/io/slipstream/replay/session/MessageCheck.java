package io.slipstream.replay.session;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.slipstream.queue.Message;
import io.slipstream.telemetry.schema.DeltaDecoder;
import io.slipstream.telemetry.schema.FlagChangedDecoder;
import io.slipstream.telemetry.schema.GapDecoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import io.slipstream.telemetry.schema.LapCompletedDecoder;
import io.slipstream.telemetry.schema.MarkerDecoder;
import io.slipstream.telemetry.schema.PitChangedDecoder;
import io.slipstream.telemetry.schema.SectorCompletedDecoder;
import io.slipstream.telemetry.schema.SessionEndedDecoder;
import io.slipstream.telemetry.schema.SessionStartedDecoder;
import io.slipstream.telemetry.schema.SourceChangedDecoder;
import org.agrona.DirectBuffer;

/**
 * Tells messages that can be decoded from those that lead out of themselves. What a keyframe's or a delta's runs hold is checked by
 * who restores the frame. Stateless.
 */
public final class MessageCheck {
    private static final int TEXT_HEADER = MarkerDecoder.labelHeaderLength();

    private MessageCheck() {}

    /**
     * Can every field be read within the message? Templates and schemas that are not known here are only asked whether their
     * root block fits.
     *
     * @param message to look at.
     * @return false for a damaged one.
     */
    public static boolean isSound(Message message) {
        if (message.blockLength() > message.length()) {
            return false;
        }
        if (message.schemaId() != KeyframeDecoder.SCHEMA_ID) {
            return true;
        }
        return switch (message.templateId()) {
            case KeyframeDecoder.TEMPLATE_ID -> has(message, KeyframeDecoder.BLOCK_LENGTH, 2);
            case DeltaDecoder.TEMPLATE_ID -> has(message, DeltaDecoder.BLOCK_LENGTH, 0);
            case SourceChangedDecoder.TEMPLATE_ID -> has(message, SourceChangedDecoder.BLOCK_LENGTH, 1);
            case SessionStartedDecoder.TEMPLATE_ID -> has(message, SessionStartedDecoder.BLOCK_LENGTH, 4);
            case SessionEndedDecoder.TEMPLATE_ID -> has(message, SessionEndedDecoder.BLOCK_LENGTH, 0);
            case LapCompletedDecoder.TEMPLATE_ID -> has(message, LapCompletedDecoder.BLOCK_LENGTH, 0);
            case SectorCompletedDecoder.TEMPLATE_ID -> has(message, SectorCompletedDecoder.BLOCK_LENGTH, 0);
            case FlagChangedDecoder.TEMPLATE_ID -> has(message, FlagChangedDecoder.BLOCK_LENGTH, 0);
            case PitChangedDecoder.TEMPLATE_ID -> has(message, PitChangedDecoder.BLOCK_LENGTH, 0);
            case GapDecoder.TEMPLATE_ID -> has(message, GapDecoder.BLOCK_LENGTH, 0);
            case MarkerDecoder.TEMPLATE_ID -> has(message, MarkerDecoder.BLOCK_LENGTH, 1);
            default -> true;
        };
    }

    private static boolean has(Message message, int blockLength, int texts) {
        if (message.blockLength() < blockLength) {
            return false;
        }
        final DirectBuffer buffer = message.buffer();
        final int end = message.offset() + message.length();
        int at = message.offset() + message.blockLength();
        for (int i = 0; i < texts; i++) {
            if (end - at < TEXT_HEADER) {
                return false;
            }
            at += TEXT_HEADER + (buffer.getShort(at, LITTLE_ENDIAN) & 0xFFFF);
        }
        return at <= end;
    }
}
