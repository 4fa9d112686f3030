package io.slipstream.memory.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/** Text as C programs write it: a fixed number of units, ended by a NUL where there is room for one. */
final class BlockText {
    private BlockText() {}

    /** The text up to its NUL; what is no character of the encoding, one that was cut included, is U+FFFD. */
    static String decode(final DirectBuffer buffer, final int offset, final int length, final TextEncoding encoding) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        final int end = end(bytes, encoding.unit());
        return encoding == TextEncoding.LENIENT_UTF_8
                ? decodeLeniently(bytes, end)
                : new String(bytes, 0, end, encoding.charset());
    }

    private static int end(final byte[] bytes, final int unit) {
        int end = 0;
        while (end + unit <= bytes.length && (bytes[end] | bytes[end + unit - 1]) != 0) {
            end += unit;
        }
        return end;
    }

    private static String decodeLeniently(final byte[] bytes, final int end) {
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
        return new String(bytes, 0, end, TextEncoding.WINDOWS_1252.charset());
    }

    /**
     * The bytes of a whole field that holds the text: the text, its NUL, and zeros. A field of one unit is a character, and has no NUL.
     *
     * @throws FormatException where the text does not fit, or the encoding lacks one of its characters.
     */
    static byte[] encode(final String text, final int length, final TextEncoding encoding, final String path) {
        final Charset charset = encoding.charset();
        final CharsetEncoder encoder = charset.newEncoder();
        text.codePoints().forEach(character -> {
            if (character == 0) {
                throw new FormatException(path, 0, "the text has a NUL inside, where reading it would end; remove it");
            }
            final String one = Character.toString(character);
            if (!encoder.canEncode(one)) {
                throw new FormatException(
                        path,
                        0,
                        String.format(
                                "the character '%s' (U+%04X) is not in %s, the field's encoding; write another",
                                one, character, encoding.keyword()));
            }
        });
        final byte[] encoded = text.getBytes(charset);
        final int terminator = length > encoding.unit() ? encoding.unit() : 0;
        if (encoded.length + terminator > length) {
            throw new FormatException(
                    path,
                    0,
                    "the text needs " + (encoded.length + terminator) + " bytes in " + encoding.keyword()
                            + (terminator > 0 ? ", the NUL at its end included" : "") + ", and the field has " + length
                            + "; shorten the text");
        }
        return Arrays.copyOf(encoded, length);
    }
}
