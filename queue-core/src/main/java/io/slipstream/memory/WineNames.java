package io.slipstream.memory;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Names of Windows objects as {@code slipstream-bridge.exe} writes them; the same rules as its {@code text_add_percent}. */
final class WineNames {
    private static final String LOCAL = "Local\\";
    private static final String PLAIN = "-._$";
    private static final String IN_NO_FILE_NAME = "%\"*/:<>?\\|";
    private static final int UNKNOWN = 0xFFFD;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private WineNames() {}

    /**
     * Percent-encoded UTF-8, which every locale can say: a process's command line is in no other encoding for certain. What it
     * returns is no option: a leading hyphen is encoded too.
     */
    static String percent(String name) {
        return encode(name, true);
    }

    /** Name of the file in which the bridge puts a block. */
    static String fileName(String name) {
        return encode(withoutSession(name), false);
    }

    /** {@code Local\x} is {@code x}: a prefix is one session. */
    static String withoutSession(String name) {
        return name.startsWith(LOCAL) ? name.substring(LOCAL.length()) : name;
    }

    private static String encode(String name, boolean strict) {
        final StringBuilder encoded = new StringBuilder();
        int at = 0;
        while (at < name.length()) {
            final int point = name.codePointAt(at);
            final int next = at + Character.charCount(point);
            final boolean lone = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
            final boolean option = strict && at == 0 && point == '-';
            if (!lone && !option && stays(point, next == name.length(), strict)) {
                encoded.appendCodePoint(point);
            } else {
                // Half a surrogate pair has no UTF-8.
                for (byte unit : Character.toString(lone ? UNKNOWN : point).getBytes(StandardCharsets.UTF_8)) {
                    encoded.append('%').append(HEX.toHexDigits(unit));
                }
            }
            at = next;
        }
        return encoded.toString();
    }

    private static boolean stays(int point, boolean last, boolean strict) {
        if (strict) {
            return (point < 0x80 && Character.isLetterOrDigit(point)) || PLAIN.indexOf(point) >= 0;
        }
        return point >= ' ' && IN_NO_FILE_NAME.indexOf(point) < 0 && !(last && (point == '.' || point == ' '));
    }
}
