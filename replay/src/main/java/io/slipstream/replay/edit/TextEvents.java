package io.slipstream.replay.edit;

import static io.slipstream.queue.EnvelopeDescriptor.SBE_HEADER_LENGTH;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.slipstream.queue.Message;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.ExpandableArrayBuffer;

/** Events that end with one text, a marker's label or a source's origin, with names replaced in it. Single-threaded. */
final class TextEvents {
    private static final int TEXT_HEADER = Short.BYTES;

    /** The schema's limit. */
    private static final int LONGEST_TEXT = 1_024;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageFlyweight message = new MessageFlyweight();

    /** The same message with a clean text, and nothing behind it. */
    Message cleaned(Message event, PersonNames names) {
        final int text = SBE_HEADER_LENGTH + event.blockLength();
        buffer.putBytes(0, event.buffer(), event.offset() - SBE_HEADER_LENGTH, text);
        final int at = event.offset() + event.blockLength();
        final byte[] original = new byte[event.buffer().getShort(at, LITTLE_ENDIAN) & 0xFFFF];
        event.buffer().getBytes(at + TEXT_HEADER, original);
        final byte[] clean =
                names.clean(new String(original, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        // Several short names may have become longer ones.
        final byte[] fitting = clean.length <= LONGEST_TEXT ? clean : Arrays.copyOf(clean, LONGEST_TEXT);
        buffer.putShort(text, (short) fitting.length, LITTLE_ENDIAN);
        buffer.putBytes(text + TEXT_HEADER, fitting);
        return message.wrap(buffer, 0, text + TEXT_HEADER + fitting.length, event.timestamp(), event.sourceId());
    }
}
