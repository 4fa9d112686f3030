package io.slipstream.telemetry.state;

/**
 * Turns a block's text, which is UTF-8 or failing that Windows-1252, into UTF-8, allocating nothing. Single-threaded.
 */
final class Utf8 {
    /** Most UTF-8 bytes that one byte of Windows-1252 becomes. */
    private static final int GROWTH = 3;

    /** What Windows-1252 holds at 0x80..0x9F; its five undefined bytes become the replacement character. */
    private static final char[] CP1252 = {
        '\u20AC', '\uFFFD', '\u201A', '\u0192', '\u201E', '\u2026', '\u2020', '\u2021', //
        '\u02C6', '\u2030', '\u0160', '\u2039', '\u0152', '\uFFFD', '\u017D', '\uFFFD', //
        '\uFFFD', '\u2018', '\u2019', '\u201C', '\u201D', '\u2022', '\u2013', '\u2014', //
        '\u02DC', '\u2122', '\u0161', '\u203A', '\u0153', '\uFFFD', '\u017E', '\u0178'
    };

    private final byte[] bytes;

    Utf8(final int longestText) {
        bytes = new byte[longestText * GROWTH];
    }

    /** The converted bytes, from 0. */
    byte[] bytes() {
        return bytes;
    }

    /** Converts, and returns the number of bytes in {@link #bytes()}. */
    int convert(final byte[] text, final int length) {
        if (isUtf8(text, length)) {
            System.arraycopy(text, 0, bytes, 0, length);
            return length;
        }
        int at = 0;
        for (int i = 0; i < length; i++) {
            final int b = text[i] & 0xFF;
            at = put(b >= 0x80 && b < 0xA0 ? CP1252[b - 0x80] : b, at);
        }
        return at;
    }

    private int put(final int character, final int start) {
        int at = start;
        if (character < 0x80) {
            bytes[at++] = (byte) character;
        } else if (character < 0x800) {
            bytes[at++] = (byte) (0xC0 | (character >> 6));
            bytes[at++] = (byte) (0x80 | (character & 0x3F));
        } else {
            bytes[at++] = (byte) (0xE0 | (character >> 12));
            bytes[at++] = (byte) (0x80 | ((character >> 6) & 0x3F));
            bytes[at++] = (byte) (0x80 | (character & 0x3F));
        }
        return at;
    }

    /** Refuses overlong forms, surrogates and what lies above U+10FFFF, as a decoder would. */
    private static boolean isUtf8(final byte[] text, final int length) {
        int i = 0;
        while (i < length) {
            final int lead = text[i] & 0xFF;
            if (lead < 0x80) {
                i++;
                continue;
            }
            final int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
            if (lead < 0xC2 || lead > 0xF4 || i + more >= length) {
                return false;
            }
            final int second = text[i + 1] & 0xFF;
            final int least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
            final int most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
            if (second < least || second > most) {
                return false;
            }
            for (int k = 2; k <= more; k++) {
                if ((text[i + k] & 0xC0) != 0x80) {
                    return false;
                }
            }
            i += more + 1;
        }
        return true;
    }
}
