package io.slipstream.replay.imports;

import io.slipstream.replay.motec.LdxFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands above the rows: a line of names, which may carry units, {@code Speed (km/h)} or {@code Speed [km/h]}; perhaps a
 * line of units; in MoTeC's files, before them, lines of a key and its value.
 *
 * @param columns in their order.
 * @param preamble of MoTeC's: key to value.
 * @param rowsFrom number of the first line that may hold a row, from 1.
 * @param own whether Slipstream wrote it.
 */
record CsvHeader(List<Column> columns, Map<String, String> preamble, long rowsFrom, boolean own) {
    private static final Pattern WITH_UNIT = Pattern.compile("(.*?)\\s*[(\\[]([^()\\[\\]0-9][^()\\[\\]]{0,19})[)\\]]");
    private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9.,]+(?:[eE][-+]?[0-9]+)?");
    private static final String BEACONS = "Beacon Markers";
    private static final int MOST_COLUMNS = 20_000;
    private static final int MOST_PREAMBLE = 1_000;
    private static final int LONGEST_TITLE = 60;
    private static final int LONGEST_NAME = 1_000;
    private static final int LONGEST_FACT = 300;

    /**
     * A column.
     *
     * @param header as the file has it.
     * @param title without the unit.
     * @param unit as the file writes it; empty for none.
     */
    record Column(String header, String title, String unit) {
        /** The title, ready to be compared. */
        String key() {
            return title.toLowerCase(Locale.ROOT).replaceAll("[\\s_]+", " ").strip();
        }
    }

    /** Reads the header; the records stand at its last line, or the one after. */
    static CsvHeader read(Path file, CsvRecords records) throws IOException {
        final Map<String, String> preamble = new LinkedHashMap<>();
        if (!nextFilled(records)) {
            throw new ImportException(file + " is empty");
        }
        final boolean motec = records.size() > 1
                && records.cell(0).equals("Format")
                && records.cell(1).startsWith("MoTeC");
        if (motec) {
            readPreamble(file, records, preamble);
        }
        final List<String> names = records.cells();
        if (names.size() > MOST_COLUMNS) {
            throw new ImportException(file + " has " + names.size() + " columns; a session holds far fewer");
        }
        if (names.size() < 2
                || names.stream()
                        .anyMatch(name -> name.length() <= LONGEST_NAME
                                && NUMBER.matcher(name).matches())) {
            throw new ImportException(file + ", line " + records.number()
                    + ": the first line should name the columns, as time,speed; this one is '"
                    + cut(String.join(",", names)) + "'");
        }
        for (String name : names) {
            if (name.length() > LONGEST_NAME) {
                throw new ImportException(file + ", line " + records.number() + ": '" + cut(name) + "' of "
                        + name.length() + " letters is no name of a column");
            }
        }
        final long named = records.number();
        List<String> units = List.of();
        if (nextFilled(records) && isUnits(records, names.size())) {
            units = records.cells();
        }
        final List<Column> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            columns.add(column(names.get(i), i < units.size() ? units.get(i) : ""));
        }
        final boolean own = names.size() > 2 && names.subList(0, 3).equals(List.of("time", "lap", "lap_time"));
        return new CsvHeader(List.copyOf(columns), preamble, units.isEmpty() ? named + 1 : records.number() + 1, own);
    }

    private static void readPreamble(Path file, CsvRecords records, Map<String, String> preamble) throws IOException {
        do {
            if (records.cell(0).equals("Time")) {
                return;
            }
            // Two a line, in columns 1 and 5; units stand in columns 3 and 7.
            for (int i = 0; i + 1 < records.size(); i += 4) {
                if (!records.cell(i).isEmpty() && preamble.size() < MOST_PREAMBLE) {
                    preamble.putIfAbsent(brief(records.cell(i)), brief(records.cell(i), records.cell(i + 1)));
                }
            }
        } while (nextFilled(records));
        throw new ImportException(file + " is a CSV file of MoTeC's without a line that begins with Time and names the"
                + " columns: export it again with the time column");
    }

    /** The beacons are no fact that is shown, and may be many. */
    private static String brief(String key, String value) {
        return key.equals(BEACONS) ? value : brief(value);
    }

    /** As much of a text as is worth to be kept of a log. */
    static String brief(String text) {
        return text.length() > LONGEST_FACT ? text.substring(0, LONGEST_FACT) : text;
    }

    private static boolean nextFilled(CsvRecords records) throws IOException {
        while (records.next()) {
            if (!records.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Words under the names, and no number or moment among them. */
    private static boolean isUnits(CsvRecords records, int columns) {
        if (records.size() > columns) {
            return false;
        }
        for (int i = 0; i < records.size(); i++) {
            final String cell = records.cell(i);
            if (!cell.isEmpty()
                    && (Character.isDigit(cell.charAt(0))
                            || NUMBER.matcher(cell).matches()
                            || cell.length() > 20)) {
                return false;
            }
        }
        // The time is a number in every row.
        return !records.cell(0).isEmpty();
    }

    private static Column column(String header, String unit) {
        final Matcher matcher = WITH_UNIT.matcher(header);
        if (unit.isEmpty() && matcher.matches() && !matcher.group(1).isEmpty()) {
            return new Column(header, matcher.group(1), matcher.group(2).strip());
        }
        final int colon = header.indexOf(':');
        // Some loggers write what they are into a column's name.
        return new Column(
                header, header.length() > LONGEST_TITLE && colon > 0 ? header.substring(0, colon) : header, unit);
    }

    private static String cut(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    /** When MoTeC says that the log starts; null where nothing says. */
    LocalDateTime started() {
        final Matcher date =
                Pattern.compile("(\\d{1,2})/(\\d{1,2})/(\\d{4})").matcher(preamble.getOrDefault("Log Date", ""));
        final Matcher time =
                Pattern.compile("(\\d{1,2}):(\\d{2}):(\\d{2})").matcher(preamble.getOrDefault("Log Time", ""));
        if (!date.matches()) {
            return null;
        }
        final boolean timed = time.matches();
        try {
            return LocalDateTime.of(
                    Integer.parseInt(date.group(3)),
                    Integer.parseInt(date.group(2)),
                    Integer.parseInt(date.group(1)),
                    timed ? Integer.parseInt(time.group(1)) : 0,
                    timed ? Integer.parseInt(time.group(2)) : 0,
                    timed ? Integer.parseInt(time.group(3)) : 0);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** MoTeC's beacons, in seconds with blanks between them. */
    List<LdxFile.Beacon> beacons(Path file) throws ImportException {
        final List<LdxFile.Beacon> beacons = new ArrayList<>();
        for (String seconds : preamble.getOrDefault(BEACONS, "").split("\\s+", -1)) {
            if (!seconds.isEmpty()) {
                if (!NUMBER.matcher(seconds).matches() || seconds.indexOf(',') >= 0) {
                    throw new ImportException(
                            file + ": '" + cut(seconds) + "' among the Beacon Markers is no time in s");
                }
                beacons.add(new LdxFile.Beacon("", Double.parseDouble(seconds) * 1e6));
            }
        }
        return beacons;
    }

    /** All names, for a message. */
    String names() {
        final List<String> names = columns.stream()
                .map(Column::header)
                .map(CsvHeader::cut)
                .limit(40)
                .toList();
        return String.join(", ", names) + (columns.size() > 40 ? ", ..." : "");
    }
}
