package io.slipstream.replay.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.LocalDateTime;

/** The values of a result, row by row, as Java's own types: numbers, {@link Boolean}, {@link String}, {@link LocalDateTime}. */
final class ResultValues {
    private final ResultSet result;
    private final String[] names;
    private final boolean[] numeric;
    private final boolean[] times;

    ResultValues(ResultSet result) throws SQLException {
        this.result = result;
        final ResultSetMetaData columns = result.getMetaData();
        names = new String[columns.getColumnCount()];
        numeric = new boolean[names.length];
        times = new boolean[names.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = columns.getColumnLabel(i + 1);
            final String type = columns.getColumnTypeName(i + 1);
            times[i] = type.startsWith("TIMESTAMP") && !type.contains("ZONE");
            numeric[i] = type.startsWith("DECIMAL")
                    || switch (type) {
                        case "TINYINT",
                                "SMALLINT",
                                "INTEGER",
                                "BIGINT",
                                "HUGEINT",
                                "UTINYINT",
                                "USMALLINT",
                                "UINTEGER",
                                "UBIGINT",
                                "UHUGEINT",
                                "FLOAT",
                                "DOUBLE" -> true;
                        default -> false;
                    };
        }
    }

    int columns() {
        return names.length;
    }

    String name(int column) {
        return names[column];
    }

    boolean isNumeric(int column) {
        return numeric[column];
    }

    boolean next() throws SQLException {
        return result.next();
    }

    /** A value of the row; null for SQL's null. */
    Object value(int column) throws SQLException {
        final Object value =
                times[column] ? result.getObject(column + 1, LocalDateTime.class) : result.getObject(column + 1);
        return switch (value) {
            case null -> null;
            case Double number -> number;
            case Float number -> number;
            case BigDecimal number -> number;
            case BigInteger number -> number;
            case Number number -> number.longValue();
            case Boolean flag -> flag;
            case LocalDateTime time -> time;
            default -> value.toString();
        };
    }
}
