package io.slipstream.replay.sql;

import java.io.IOException;
import java.io.Writer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A result for people: columns under their names, numbers to the right with their decimal points under one another. The first rows
 * are held in memory, the others are counted.
 */
public final class ResultTable {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    private static final int DECIMALS = 3;
    private static final int SMALL_DECIMALS = 6;
    private static final double LARGE = 1e12;
    private static final int LONGEST = 80;

    private final ResultValues values;
    private final List<Object[]> rows = new ArrayList<>();
    private long more;

    /**
     * Reads a result to its end.
     *
     * @param result to read.
     * @param limit the most rows to show.
     * @throws SQLException if the query fails on the way.
     */
    public ResultTable(ResultSet result, long limit) throws SQLException {
        values = new ResultValues(result);
        while (values.next()) {
            if (rows.size() < limit) {
                final Object[] row = new Object[values.columns()];
                for (int i = 0; i < row.length; i++) {
                    row[i] = values.value(i);
                }
                rows.add(row);
            } else {
                more++;
            }
        }
    }

    /**
     * Rows that are shown.
     *
     * @return count.
     */
    public long rows() {
        return rows.size();
    }

    /**
     * Rows behind those.
     *
     * @return count.
     */
    public long more() {
        return more;
    }

    /**
     * Writes the table.
     *
     * @param out to write to, which is not closed.
     * @throws IOException if it cannot be written.
     */
    public void write(Writer out) throws IOException {
        final int columns = values.columns();
        final String[][] texts = new String[rows.size() + 1][columns];
        final int[] widths = new int[columns];
        for (int i = 0; i < columns; i++) {
            texts[0][i] = printable(values.name(i));
            final int decimals = decimals(i);
            for (int row = 0; row < rows.size(); row++) {
                texts[row + 1][i] = text(rows.get(row)[i], decimals);
            }
            for (String[] row : texts) {
                widths[i] = Math.max(widths[i], row[i].codePointCount(0, row[i].length()));
            }
        }
        for (String[] row : texts) {
            final StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                final String padding = " ".repeat(widths[i] - row[i].codePointCount(0, row[i].length()));
                line.append(i == 0 ? "" : "  ");
                line.append(values.isNumeric(i) ? padding + row[i] : row[i] + padding);
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
    }

    /** As many as the values need, and no more than are worth reading. */
    private int decimals(int column) {
        int decimals = 0;
        for (Object[] row : rows) {
            if (row[column] instanceof Number number && isShownPlain(number)) {
                final BigDecimal exact = new BigDecimal(number.toString());
                final int most = exact.abs().compareTo(BigDecimal.ONE) < 0 ? SMALL_DECIMALS : DECIMALS;
                decimals = Math.max(
                        decimals,
                        exact.setScale(most, RoundingMode.HALF_EVEN)
                                .stripTrailingZeros()
                                .scale());
            }
        }
        return decimals;
    }

    private static boolean isShownPlain(Number number) {
        final double value = number.doubleValue();
        return Double.isFinite(value) && Math.abs(value) < LARGE && (value == 0 || Math.abs(value) >= 1e-5);
    }

    private static String text(Object value, int decimals) {
        return switch (value) {
            case null -> "NULL";
            case Long number -> number.toString();
            case Number number
            when isShownPlain(number) ->
                new BigDecimal(number.toString())
                        .setScale(decimals, RoundingMode.HALF_EVEN)
                        .toPlainString();
            case LocalDateTime time -> TIME.format(time);
            default -> printable(value.toString());
        };
    }

    /** Texts come from the game and from people: no control characters reach a terminal, and no line gets too long. */
    private static String printable(String text) {
        final String safe = text.replaceAll("\\p{Cntrl}", "?");
        return safe.codePointCount(0, safe.length()) <= LONGEST
                ? safe
                : safe.substring(0, safe.offsetByCodePoints(0, LONGEST - 1)) + "…";
    }
}
