package io.slipstream.memory.format;

import java.nio.charset.Charset;
import java.nio.charset.UnsupportedCharsetException;

/** How the bytes of a text are its characters. */
enum TextEncoding {
    /** UTF-8; a text that is not valid UTF-8 is read as Windows-1252. What a char8 is where the format does not say. */
    LENIENT_UTF_8("utf-8", "UTF-8", 1),
    /** UTF-8 and nothing else. */
    UTF_8("utf-8", "UTF-8", 1),
    /** The code page of western Windows programs. */
    WINDOWS_1252("windows-1252", "windows-1252", 1),
    /** The code page of Chinese Windows programs, 936: GBK with the euro sign at 0x80, where Windows has it. */
    GBK("gbk", "x-mswin-936", 1),
    /** What a char16 is. */
    UTF_16LE("utf-16le", "UTF-16LE", 2);

    private final String keyword;
    private final String charset;
    private final int unit;

    TextEncoding(final String keyword, final String charset, final int unit) {
        this.keyword = keyword;
        this.charset = charset;
        this.unit = unit;
    }

    /** The encoding that a char8's {@code encoding} attribute names; null where it names none. */
    static TextEncoding named(final String keyword) {
        return switch (keyword) {
            case "utf-8" -> UTF_8;
            case "windows-1252" -> WINDOWS_1252;
            case "gbk" -> GBK;
            default -> null;
        };
    }

    /** Word of the format language. */
    String keyword() {
        return keyword;
    }

    /** Bytes of the NUL that ends a text. */
    int unit() {
        return unit;
    }

    Charset charset() {
        try {
            return Charset.forName(charset);
        } catch (final UnsupportedCharsetException e) {
            throw new FormatException(
                    keyword, 0, "this Java lacks the character set " + charset + "; run on one with jdk.charsets");
        }
    }
}
