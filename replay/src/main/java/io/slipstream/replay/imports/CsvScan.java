package io.slipstream.replay.imports;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The first of two readings of a file: every row is checked, so that a session is begun only of a file that can be imported to its
 * end; and what no single row tells is found, which columns are whole numbers, and the laps. Single-threaded.
 */
final class CsvScan {
    private static final int MOST_LAPS = 100_000;
    private static final double LARGEST_WHOLE = 1L << 53;

    /** A column is a text if any of its values is no number. */
    private enum Content {
        NOTHING,
        WHOLE,
        FRACTION,
        TEXT
    }

    private final Path file;
    private final CsvHeader header;
    private final Content[] contents;
    private final Map<Integer, String> words = new HashMap<>();
    private final List<LogLap> laps = new ArrayList<>();
    private final int lapColumn;
    private final int lapTimeColumn;
    private CsvTime time;
    private long rows;
    private long firstNs;
    private long lastNs;
    private boolean cutOff;
    private long lap = Long.MIN_VALUE;
    private double lapOrigin = Double.NaN;

    CsvScan(Path file, CsvHeader header) {
        this.file = file;
        this.header = header;
        this.contents = new Content[header.columns().size()];
        Arrays.fill(contents, Content.NOTHING);
        this.lapColumn = find("lap", "lap number", "lap no", "lap #", "laps");
        this.lapTimeColumn = header.own() ? find("lap time") : -1;
    }

    private int find(String... keys) {
        for (String key : keys) {
            for (int i = 0; i < header.columns().size(); i++) {
                if (header.columns().get(i).key().equals(key)) {
                    return i;
                }
            }
        }
        return -1;
    }

    /** Reads all rows; the records stand before the header. */
    void run(CsvRecords records, String wantedTime) throws IOException {
        while (records.next()) {
            if (records.number() < header.rowsFrom() || records.isEmpty()) {
                continue;
            }
            if (time == null) {
                time = CsvTime.find(file, header, wantedTime, records);
            }
            if (records.cutOff() && isCutOff(records)) {
                cutOff = true;
                break;
            }
            row(records);
        }
        if (rows == 0) {
            throw new ImportException(file + " names columns and has no row");
        }
    }

    /** A last line without its end may have lost some of its last value too; it is given up where it lacks columns. */
    private boolean isCutOff(CsvRecords records) {
        return records.size() < header.columns().size();
    }

    private void row(CsvRecords records) throws ImportException {
        if (records.size() != header.columns().size()) {
            throw problem(
                    records,
                    "there are " + records.size() + " values for "
                            + header.columns().size() + " columns");
        }
        final Long ns = time.parse(records.cell(time.column()));
        if (ns == null) {
            throw problem(records, "'" + cut(records.cell(time.column())) + "' is no time");
        }
        if (rows == 0) {
            firstNs = ns;
        } else if (ns < lastNs) {
            throw problem(
                    records,
                    "the time goes back from " + seconds(lastNs) + " to " + seconds(ns)
                            + "; one file is one recording: cut it there");
        }
        lastNs = ns;
        for (int i = 0; i < contents.length; i++) {
            if (i != time.column()) {
                cell(records, i);
            }
        }
        if (lapColumn >= 0) {
            lap(records, ns);
        }
        rows++;
    }

    private void cell(CsvRecords records, int column) {
        final String cell = records.cell(column);
        if (contents[column] == Content.TEXT || CsvNumber.isMissing(cell)) {
            return;
        }
        final double value = CsvNumber.parse(cell, records.decimalComma());
        if (Double.isNaN(value)) {
            contents[column] = Content.TEXT;
            words.put(column, "'" + cut(cell) + "' in line " + records.number());
        } else if (contents[column] != Content.FRACTION) {
            final boolean whole = value == Math.rint(value)
                    && Math.abs(value) <= LARGEST_WHOLE
                    && cell.indexOf('.') < 0
                    && cell.indexOf(',') < 0;
            contents[column] = whole ? Content.WHOLE : Content.FRACTION;
        }
    }

    private void lap(CsvRecords records, long ns) {
        final double number = CsvNumber.parse(records.cell(lapColumn), records.decimalComma());
        if (Double.isNaN(number) || number != Math.rint(number) || Math.abs(number) > MOST_LAPS) {
            return;
        }
        final long now = (long) number;
        final double into =
                lapTimeColumn < 0 ? 0 : CsvNumber.parse(records.cell(lapTimeColumn), records.decimalComma());
        final double origin = ns / 1e9 - (into >= 0 ? into : 0);
        if (lap == Long.MIN_VALUE) {
            lap = now;
            return;
        }
        if (now > lap) {
            if (lap >= 1 && laps.size() < MOST_LAPS) {
                // The log may not have the first lap from the line on.
                laps.add(new LogLap(lap, ns, now == lap + 1 ? origin - lapOrigin : Double.NaN));
            }
            lapOrigin = now == lap + 1 || lap < 1 ? origin : Double.NaN;
            lap = now;
        } else if (now < lap) {
            lap = now;
            lapOrigin = Double.NaN;
        }
    }

    private ImportException problem(CsvRecords records, String text) {
        return new ImportException(file + ", line " + records.number() + ": " + text);
    }

    private static String seconds(long ns) {
        return ns / 1e9 + " s";
    }

    private static String cut(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "..." : text;
    }

    CsvTime time() {
        return time;
    }

    long rows() {
        return rows;
    }

    /** Time of the first row, as the column has it. */
    long firstNs() {
        return firstNs;
    }

    long lastNs() {
        return lastNs;
    }

    /** The last line lacks columns, and is left out. */
    boolean cutOff() {
        return cutOff;
    }

    /** Laps that ended; their times count as the column does. */
    List<LogLap> laps() {
        return laps;
    }

    /** Is this column a channel? Not the time; of Slipstream's own files not the lap and its time, which every session has. */
    boolean isChannel(int column) {
        final boolean known = header.own() && (column == lapColumn || column == lapTimeColumn);
        return column != time.column() && !known && !isText(column);
    }

    boolean isText(int column) {
        return contents[column] == Content.TEXT;
    }

    /** The first value of a text that is no number, and its line. */
    String word(int column) {
        return words.get(column);
    }

    boolean isWhole(int column) {
        return contents[column] == Content.WHOLE;
    }
}
