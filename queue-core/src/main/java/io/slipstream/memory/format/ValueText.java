package io.slipstream.memory.format;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a person typed as the value of a field. Stateless; every complaint names the field. */
final class ValueText {
    private static final int LONGEST_NUMBER = 400;

    private ValueText() {}

    /** The value that {@link ValueEncoder} takes; an array's elements row by row, parted by commas. */
    static Object parse(final Field field, final String text) {
        if (field.type() == FieldType.STRUCT) {
            throw error(
                    field,
                    "is a struct and has no value of its own; name a member, as in "
                            + field.members().getFirst().path());
        }
        final int lists = field.lists();
        if (field.type().isText()) {
            if (lists > 0) {
                throw error(field, "is an array of texts; name one, as in " + field.path() + "[0]".repeat(lists));
            }
            return text;
        }
        if (lists == 0) {
            return one(field, text.strip());
        }
        final List<Object> values = new ArrayList<>();
        for (final String value : text.split(",", -1)) {
            values.add(one(field, value.strip()));
        }
        if (values.size() != field.count()) {
            throw error(
                    field,
                    "has " + field.count() + " values, and " + values.size()
                            + " were given; give them all, as in 1,2,3, " + "or name one, as in " + field.path()
                            + "[0]".repeat(lists));
        }
        return rows(values, field.dims());
    }

    private static List<Object> rows(final List<Object> values, final List<Integer> dims) {
        if (dims.size() == 1) {
            return values;
        }
        final int length = values.size() / dims.getFirst();
        final List<Object> rows = new ArrayList<>();
        for (int at = 0; at < values.size(); at += length) {
            rows.add(rows(values.subList(at, at + length), dims.subList(1, dims.size())));
        }
        return rows;
    }

    private static Object one(final Field field, final String text) {
        final String word = text.toLowerCase(Locale.ROOT);
        if (field.type() == FieldType.BOOL8) {
            return switch (word) {
                case "true", "1" -> true;
                case "false", "0" -> false;
                default -> throw error(field, "'" + text + "' should be true or false");
            };
        }
        if (word.equals("null") || word.equals("unset") || word.equals("nan")) {
            return null;
        }
        return field.names() == null ? number(field, text) : text;
    }

    private static Object number(final Field field, final String text) {
        try {
            return switch (text) {
                case "Infinity", "+Infinity" -> Double.POSITIVE_INFINITY;
                case "-Infinity" -> Double.NEGATIVE_INFINITY;
                default -> isHexadecimal(text) || text.length() > LONGEST_NUMBER ? integer(text) : new BigDecimal(text);
            };
        } catch (final NumberFormatException e) {
            throw error(
                    field,
                    "'" + text + "' should be a number" + (field.siUnit().isEmpty() ? "" : " in " + field.siUnit())
                            + (field.sentinels().isEmpty() ? "" : ", or null for one that is not set"));
        }
    }

    /** A whole number, decimal or after 0x hexadecimal. */
    static BigInteger integer(final String text) {
        if (text.length() > LONGEST_NUMBER) {
            throw new NumberFormatException("a number of " + text.length() + " characters");
        }
        if (!isHexadecimal(text)) {
            return new BigInteger(text);
        }
        final String digits = text.substring(text.indexOf('x') + 1);
        if (digits.startsWith("-") || digits.startsWith("+")) {
            throw new NumberFormatException("a sign after 0x");
        }
        final BigInteger magnitude = new BigInteger(digits, 16);
        return text.startsWith("-") ? magnitude.negate() : magnitude;
    }

    private static boolean isHexadecimal(final String text) {
        return text.startsWith("0x") || text.startsWith("-0x");
    }

    private static FormatException error(final Field field, final String problem) {
        return new FormatException(field.path(), 0, problem);
    }
}
