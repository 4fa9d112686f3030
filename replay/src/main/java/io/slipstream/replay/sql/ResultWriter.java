package io.slipstream.replay.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Writes results for programs, row by row as they are made. */
public final class ResultWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private ResultWriter() {}

    /**
     * Writes CSV as RFC 4180 has it, with a header; null is empty, and lines end in a line feed alone.
     *
     * @param result to write.
     * @param limit the most rows.
     * @param out to write to, which is not closed.
     * @return rows written.
     * @throws SQLException if the query fails on the way.
     * @throws IOException if it cannot be written.
     */
    public static long csv(ResultSet result, long limit, Writer out) throws SQLException, IOException {
        final ResultValues values = new ResultValues(result);
        for (int i = 0; i < values.columns(); i++) {
            out.append(i == 0 ? "" : ",").append(quoted(values.name(i)));
        }
        out.append('\n');
        long rows = 0;
        while (rows < limit && values.next()) {
            for (int i = 0; i < values.columns(); i++) {
                final Object value = values.value(i);
                out.append(i == 0 ? "" : ",").append(value == null ? "" : quoted(value.toString()));
            }
            out.append('\n');
            rows++;
        }
        return rows;
    }

    private static String quoted(String text) {
        final boolean plain =
                !text.isEmpty() && text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    /**
     * Writes one JSON array of an object a row. What is not a number is null, as JSON has no other name for it.
     *
     * @param result to write.
     * @param limit the most rows.
     * @param out to write to, which is not closed.
     * @return rows written.
     * @throws SQLException if the query fails on the way.
     * @throws IOException if it cannot be written.
     */
    public static long json(ResultSet result, long limit, Writer out) throws SQLException, IOException {
        final ResultValues values = new ResultValues(result);
        long rows = 0;
        out.append('[');
        try (JsonGenerator json = JSON.createGenerator(out)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .setRootValueSeparator(null)) {
            while (rows < limit && values.next()) {
                json.writeRaw(rows == 0 ? "\n" : ",\n");
                json.writeStartObject();
                for (int i = 0; i < values.columns(); i++) {
                    json.writeFieldName(values.name(i));
                    value(json, values.value(i));
                }
                json.writeEndObject();
                rows++;
            }
        }
        out.append(rows == 0 ? "]\n" : "\n]\n");
        return rows;
    }

    private static void value(JsonGenerator json, Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Double number when !Double.isFinite(number) -> json.writeNull();
            case Float number when !Float.isFinite(number) -> json.writeNull();
            case Number number -> json.writeNumber(number.toString());
            case Boolean flag -> json.writeBoolean(flag);
            default -> json.writeString(value.toString());
        }
    }
}
