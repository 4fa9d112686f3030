package io.slipstream.replay.imports;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lines of separated values, each a record: commas, semicolons or tabs, whichever the first line has most of; quotation marks as
 * RFC 4180 has them, within a line. UTF-8, and Windows-1252 where a line is not. Single-threaded.
 */
final class CsvRecords implements AutoCloseable {
    private static final int LONGEST_LINE = 1 << 20;
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final char[] DELIMITERS = {',', ';', '\t'};

    private final Path file;
    private final InputStream in;
    private final List<String> cells = new ArrayList<>();
    private byte[] line = new byte[4_096];
    private int length;
    private long number;
    private boolean cutOff;
    private char delimiter;

    private CsvRecords(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    static CsvRecords open(Path file) throws IOException {
        return new CsvRecords(file, new BufferedInputStream(Files.newInputStream(file), 1 << 16));
    }

    /** Moves to the next line, empty ones included; false at the end. */
    boolean next() throws IOException {
        if (!readLine()) {
            return false;
        }
        number++;
        String text = decode();
        if (number == 1 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
            text = text.substring(1);
        }
        if (delimiter == 0 && !text.isBlank()) {
            delimiter = delimiterOf(text);
        }
        split(text);
        return true;
    }

    private boolean readLine() throws IOException {
        length = 0;
        for (int b = in.read(); ; b = in.read()) {
            if (b < 0) {
                cutOff = length > 0;
                break;
            }
            if (b == '\n') {
                length -= length > 0 && line[length - 1] == '\r' ? 1 : 0;
                return true;
            }
            if (length == LONGEST_LINE) {
                throw new ImportException(file + ", line " + (number + 1) + " is longer than " + LONGEST_LINE
                        + " bytes: that is no line of values");
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, 2 * length);
            }
            line[length++] = (byte) b;
        }
        return length > 0;
    }

    private String decode() {
        for (int i = 0; i < length; i++) {
            if (line[i] < 0) {
                return decodeBeyondAscii();
            }
        }
        return new String(line, 0, length, StandardCharsets.US_ASCII);
    }

    private String decodeBeyondAscii() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(line, 0, length, WINDOWS_1252);
        }
    }

    private static char delimiterOf(String text) {
        char best = DELIMITERS[0];
        long most = 0;
        for (char candidate : DELIMITERS) {
            final long count = text.chars().filter(c -> c == candidate).count();
            if (count > most) {
                most = count;
                best = candidate;
            }
        }
        return best;
    }

    private void split(String text) throws ImportException {
        cells.clear();
        int at = 0;
        while (at <= text.length()) {
            if (at < text.length() && text.charAt(at) == '"') {
                at = quoted(text, at + 1);
            } else {
                final int found = text.indexOf(delimiter, at);
                final int end = found < 0 ? text.length() : found;
                cells.add(text.substring(at, end).strip());
                at = end + 1;
            }
        }
    }

    /** A cell between quotation marks; gives where the next begins. */
    private int quoted(String text, int start) throws ImportException {
        final StringBuilder cell = new StringBuilder();
        int at = start;
        while (true) {
            final int end = text.indexOf('"', at);
            if (end < 0) {
                throw new ImportException(file + ", line " + number + ": a quotation mark is not closed");
            }
            cell.append(text, at, end);
            if (end + 1 < text.length() && text.charAt(end + 1) == '"') {
                cell.append('"');
                at = end + 2;
            } else {
                at = end + 1;
                break;
            }
        }
        final int found = text.indexOf(delimiter, at);
        final int next = found < 0 ? text.length() : found;
        if (!text.substring(at, next).isBlank()) {
            throw new ImportException(
                    file + ", line " + number + ": there is something between a quotation mark and the next value");
        }
        cells.add(cell.toString().strip());
        return next + 1;
    }

    int size() {
        return cells.size();
    }

    String cell(int index) {
        return cells.get(index);
    }

    List<String> cells() {
        return List.copyOf(cells);
    }

    /** Nothing stands in the line. */
    boolean isEmpty() {
        return cells.stream().allMatch(String::isEmpty);
    }

    /** Number of the line, from 1. */
    long number() {
        return number;
    }

    /** The file ends within this line, or right behind it. */
    boolean cutOff() {
        return cutOff;
    }

    /** A comma may stand for the point where it parts no values. */
    boolean decimalComma() {
        return delimiter != ',';
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
