package io.slipstream.replay.motec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Texts of fixed length. Written in Windows-1252, as i2 reads them, a question mark for what it lacks; read as UTF-8, and as
 * Windows-1252 where that fails.
 */
final class LdText {
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private LdText() {}

    /** Puts a text in, cut where it is too long: at least one NUL follows it. */
    static void put(ByteBuffer to, int at, int length, String text) {
        final byte[] bytes = text.getBytes(WINDOWS_1252);
        for (int i = 0; i < length; i++) {
            to.put(at + i, i < Math.min(bytes.length, length - 1) ? bytes[i] : 0);
        }
    }

    /** Takes a text out: up to its NUL, blanks around it left off, control characters shown as blanks. */
    static String get(ByteBuffer from, int at, int length) {
        int end = 0;
        while (end < length && from.get(at + end) != 0) {
            end++;
        }
        final byte[] bytes = new byte[end];
        from.get(at, bytes);
        return decode(bytes).replaceAll("\\p{Cntrl}", " ").strip();
    }

    static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, WINDOWS_1252);
        }
    }

    /** As much of a text as a field takes. One character is one byte. */
    static String cut(String text, int length) {
        return text.length() < length ? text : text.substring(0, length - 1);
    }
}
