package io.slipstream.replay.imports;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The column that holds the time, and what its values mean. Nothing is guessed: a column is taken if its name says that it is the
 * time and something says its unit.
 *
 * @param column its place, from 0.
 * @param kind of its values.
 * @param nsPerUnit of numbers.
 * @param decimalComma whether a comma may stand for the point.
 */
record CsvTime(int column, Kind kind, long nsPerUnit, boolean decimalComma) {
    private static final Set<String> NAMES = Set.of(
            "time",
            "timestamp",
            "time stamp",
            "session time",
            "elapsed time",
            "elapsed",
            "running time",
            "datetime",
            "date time",
            "utc",
            "utc time");
    private static final Map<String, Long> UNITS = Map.of(
            "s",
            1_000_000_000L,
            "ms",
            1_000_000L,
            "us",
            1_000L,
            "µs",
            1_000L,
            "ns",
            1L,
            "min",
            60_000_000_000L,
            "h",
            3_600_000_000_000L);
    private static final Pattern CLOCK = Pattern.compile("(?:(\\d{1,4}):)?(\\d{1,2}):(\\d{1,2}(?:\\.\\d{1,9})?)");
    private static final Pattern ZONE = Pattern.compile("T[^-+]*[-+]\\d\\d:?\\d\\d$");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?\\d{0,19}(?:\\.\\d{0,18})?");
    private static final int LONGEST_ISO = 40;
    private static final long LONGEST_NS = 8_000_000_000_000_000_000L;

    /** What values are. */
    enum Kind {
        /** Numbers of a unit. */
        NUMBER,
        /** {@code 1:23:45.678}. */
        CLOCK,
        /** ISO 8601, with a zone or in UTC. */
        ISO
    }

    /** Finds the column; the records stand at the first row. */
    static CsvTime find(Path file, CsvHeader header, String wanted, CsvRecords first) throws ImportException {
        final List<Integer> found = new ArrayList<>();
        String unit = "";
        if (wanted != null) {
            final int colon = wanted.lastIndexOf(':');
            final boolean withUnit = colon > 0 && UNITS.containsKey(wanted.substring(colon + 1));
            final String name = withUnit ? wanted.substring(0, colon) : wanted;
            unit = withUnit ? wanted.substring(colon + 1) : "";
            for (int i = 0; i < header.columns().size(); i++) {
                final CsvHeader.Column column = header.columns().get(i);
                if (column.header().equalsIgnoreCase(name) || column.title().equalsIgnoreCase(name)) {
                    found.add(i);
                }
            }
        } else {
            for (int i = 0; i < header.columns().size(); i++) {
                if (NAMES.contains(withoutUnit(header.columns().get(i).key()))) {
                    found.add(i);
                }
            }
        }
        if (found.size() != 1) {
            throw new ImportException(file + ": "
                    + (wanted != null
                            ? (found.isEmpty() ? "no column is" : "several columns are") + " called '" + wanted + "'"
                            : found.isEmpty() ? "no column is called Time" : "several columns may be the time")
                    + "; say --time COLUMN, one of: " + header.names());
        }
        return of(file, header, found.getFirst(), unit, first);
    }

    private static CsvTime of(Path file, CsvHeader header, int index, String wantedUnit, CsvRecords first)
            throws ImportException {
        final CsvHeader.Column column = header.columns().get(index);
        final boolean comma = first.decimalComma();
        final String cell = index < first.size() ? withPoint(first.cell(index), comma) : "";
        if (cell.length() <= LONGEST_ISO && cell.indexOf('-', 1) > 0 && cell.indexOf(':') > 0) {
            return new CsvTime(index, Kind.ISO, 1, comma);
        }
        if (CLOCK.matcher(cell).matches()) {
            return new CsvTime(index, Kind.CLOCK, 1, comma);
        }
        final String key = column.key();
        String unit = wantedUnit;
        if (unit.isEmpty()) {
            unit = LogUnits.canonical(column.unit());
        }
        if (unit.isEmpty() && !withoutUnit(key).equals(key)) {
            unit = LogUnits.canonical(key.substring(key.lastIndexOf(' ') + 1));
        }
        if (unit.isEmpty() && header.own()) {
            unit = "s";
        }
        final Long ns = UNITS.get(unit);
        if (ns == null) {
            throw new ImportException(file + ": nothing says in what unit the column '" + column.header()
                    + "' counts the time; say --time '" + column.title() + ":s', or ms, us, ns");
        }
        return new CsvTime(index, Kind.NUMBER, ns, comma);
    }

    /** {@code time ms} is the time. */
    private static String withoutUnit(String key) {
        final int blank = key.lastIndexOf(' ');
        return blank > 0 && UNITS.containsKey(LogUnits.canonical(key.substring(blank + 1)))
                ? key.substring(0, blank)
                : key;
    }

    /** ns: since the Unix epoch for ISO, else since whatever the column counts from; null for what is no time. */
    Long parse(String written) {
        final String cell = withPoint(written, decimalComma);
        try {
            return switch (kind) {
                case NUMBER -> number(cell);
                case CLOCK -> clock(cell);
                case ISO -> iso(cell);
            };
        } catch (ArithmeticException | DateTimeException e) {
            return null;
        }
    }

    private static String withPoint(String cell, boolean decimalComma) {
        return decimalComma ? cell.replace(',', '.') : cell;
    }

    private Long number(String cell) {
        if (DECIMAL.matcher(cell).matches() && cell.chars().anyMatch(Character::isDigit)) {
            final long ns = new BigDecimal(cell)
                    .multiply(BigDecimal.valueOf(nsPerUnit))
                    .setScale(0, RoundingMode.HALF_EVEN)
                    .longValueExact();
            return Math.abs(ns) > LONGEST_NS ? null : Long.valueOf(ns);
        }
        final double value = CsvNumber.parse(cell, false);
        final double ns = value * nsPerUnit;
        return Math.abs(ns) <= LONGEST_NS ? Long.valueOf(Math.round(ns)) : null;
    }

    private static Long clock(String cell) {
        final Matcher matcher = CLOCK.matcher(cell);
        if (!matcher.matches()) {
            return null;
        }
        final long hours = matcher.group(1) == null ? 0 : Long.parseLong(matcher.group(1));
        final long minutes = Long.parseLong(matcher.group(2));
        return (hours * 60 + minutes) * 60_000_000_000L
                + new BigDecimal(matcher.group(3)).movePointRight(9).longValueExact();
    }

    private static Long iso(String cell) {
        if (cell.length() > LONGEST_ISO) {
            return null;
        }
        final String text = cell.replace(' ', 'T').toUpperCase(Locale.ROOT);
        final boolean zoned = text.endsWith("Z") || ZONE.matcher(text).find();
        return StartTime.ns(
                zoned
                        ? DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from)
                        : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
    }
}
