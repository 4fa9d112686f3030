package io.slipstream.memory.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;

/** Text as C programs write it: a fixed number of units, ended by a NUL where there is room for one. */
final class BlockText {
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private BlockText() {}

    static String decode(final DirectBuffer buffer, final int offset, final int length, final FieldType type) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return type == FieldType.CHAR16 ? decodeUtf16(bytes) : decodeBytes(bytes);
    }

    private static String decodeUtf16(final byte[] bytes) {
        int end = 0;
        while (end + 1 < bytes.length && (bytes[end] | bytes[end + 1]) != 0) {
            end += 2;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_16LE);
    }

    private static String decodeBytes(final byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        final CharsetDecoder utf8 = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        final ByteBuffer in = ByteBuffer.wrap(bytes, 0, end);
        final CharBuffer out = CharBuffer.allocate(end);
        final CoderResult result = utf8.decode(in, out, false);
        // A text that fills its field may have been cut in the middle of a character: what is whole of it is still
        // UTF-8.
        final boolean cut = in.hasRemaining() && end == bytes.length;
        if (result.isUnderflow() && (!in.hasRemaining() || cut)) {
            return out.flip().toString();
        }
        return new String(bytes, 0, end, WINDOWS_1252);
    }
}
