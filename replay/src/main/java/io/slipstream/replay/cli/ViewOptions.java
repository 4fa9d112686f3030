package io.slipstream.replay.cli;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.FormattedBlock;
import io.slipstream.telemetry.formats.GameFormats;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import picocli.CommandLine.Option;

/** How a command sees what is in a block: as the fields of a format, as text, as numbers, or as bytes. */
final class ViewOptions {
    /** What a plain value is called in the format that is made for it. */
    static final String VALUE = "value";

    private static final Set<String> NUMBERS =
            Set.of("i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64");
    private static final int LONGEST_TEXT = 1 << 20;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "Names the fields: the file of a block format, or the name of one that comes with Slipstream"
                    + " (pcars2).")
    private String format;

    @Option(
            names = "--as",
            paramLabel = "TYPE",
            description =
                    "Without a format: text, hex (the default), or a number: i8 u8 i16 u16 i32 u32 i64 u64 f32 f64.")
    private String as;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            defaultValue = "utf-8",
            description = "Of --as text: utf-8 (the default), utf-16, windows-1252 or gbk.")
    private String encoding;

    @Option(names = "--at", paramLabel = "OFFSET", defaultValue = "0", description = "Begin at this byte; 0x10 is 16.")
    private String at;

    @Option(names = "--count", paramLabel = "N", defaultValue = "1", description = "How many numbers (default: 1).")
    private int count;

    @Option(names = "--no-lock", negatable = false, description = "Do not take the lock that belongs to a Qt block.")
    private boolean noLock;

    @Option(
            names = "--lock-timeout",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "How long to wait for that lock (default: 5s).")
    private Duration lockTimeout;

    boolean locked() {
        return !noLock;
    }

    Duration lockTimeout() {
        return lockTimeout;
    }

    boolean hasFormat() {
        return format != null;
    }

    boolean isText() {
        return "text".equals(as);
    }

    boolean isHex() {
        return format == null && (as == null || as.equals("hex"));
    }

    int offset(int size) {
        final long offset;
        try {
            offset = Long.decode(at);
        } catch (NumberFormatException e) {
            throw new CommandFailure("--at " + at + ": give a number of bytes, as 128 or 0x80");
        }
        if (offset < 0 || offset >= size) {
            throw new CommandFailure("--at " + at + " is outside of the block, which has " + size + " bytes");
        }
        return (int) offset;
    }

    /** The fields of the block. */
    FormattedBlock fields(UnsafeBuffer memory, String name) throws IOException {
        if (format != null) {
            if (as != null) {
                throw new CommandFailure("--format and --as are two ways to see a block; give one");
            }
            if (offset(memory.capacity()) % Long.BYTES != 0) {
                throw new CommandFailure("--at " + at + ": a format's fields begin at a multiple of 8 bytes");
            }
            return FormattedBlock.over(load(), part(memory), name);
        }
        return FormattedBlock.over(plain(memory.capacity() - offset(memory.capacity()), null), part(memory), name);
    }

    /** The same, just as long as a text that is to be written: what follows it in the block is left alone. */
    FormattedBlock fieldFor(String text, UnsafeBuffer memory, String name) {
        return FormattedBlock.over(plain(memory.capacity() - offset(memory.capacity()), text), part(memory), name);
    }

    private UnsafeBuffer part(UnsafeBuffer memory) {
        final int offset = offset(memory.capacity());
        return new UnsafeBuffer(memory, offset, memory.capacity() - offset);
    }

    private BlockFormat load() throws IOException {
        final Path file = Path.of(format);
        return format.indexOf('/') >= 0 || format.indexOf('.') >= 0 || Files.exists(file)
                ? BlockFormat.read(file)
                : GameFormats.load(format);
    }

    private BlockFormat plain(int length, String text) {
        final String member;
        if (isText()) {
            final boolean wide = encoding.toLowerCase(Locale.ROOT).startsWith("utf-16");
            final int room = Math.min(length, LONGEST_TEXT) / (wide ? 2 : 1);
            final int wanted = text == null ? room : Math.min(room, characters(text, wide) + 1);
            member = wide
                    ? "char16 " + VALUE + "[" + wanted + "]"
                    : "char8 " + VALUE + "[" + wanted + "]"
                            + (text == null && encoding.equals("utf-8") ? "" : " encoding " + encoding);
        } else if (as != null && NUMBERS.contains(as)) {
            if (count < 1) {
                throw new CommandFailure("--count " + count + ": give 1 or more");
            }
            member = as + " " + VALUE + (count == 1 ? "" : "[" + count + "]");
        } else {
            throw new CommandFailure(
                    "--as " + as + ": give text, hex, or one of i8 u8 i16 u16 i32 u32 i64 u64 f32 f64");
        }
        return BlockFormat.parse(
                "--as " + as, "format plain \"plain\"\nobject block \"block\"\n  " + member + "\nend\n");
    }

    /** Units that a text takes; one that cannot be encoded is refused when it is written. */
    private int characters(String text, boolean wide) {
        if (wide) {
            return text.length();
        }
        final String charset = encoding.equals("gbk") ? "x-mswin-936" : encoding;
        try {
            return Charset.forName(charset)
                    .newEncoder()
                    .encode(CharBuffer.wrap(text))
                    .remaining();
        } catch (CharacterCodingException | IllegalArgumentException e) {
            return text.length();
        }
    }

    /** Paths to read: those that were named, or all there is. */
    static List<String> paths(List<String> named, boolean hasFormat) {
        return hasFormat ? named : List.of(VALUE);
    }
}
