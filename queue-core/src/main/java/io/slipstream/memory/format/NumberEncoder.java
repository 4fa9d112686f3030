package io.slipstream.memory.format;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The bytes of one number, truth value, enum or bit set, exactly or not at all. Stateless; every complaint names the field. */
final class NumberEncoder {
    private NumberEncoder() {}

    /** {@code raw}: the number is in the stored unit, and NaN is a number. */
    static DirectBuffer encode(final Field field, final Object value, final boolean raw) {
        final FieldType type = field.type();
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[type.size()]);
        if (type == FieldType.BOOL8) {
            bytes.putByte(0, truth(field, value));
        } else if (type.isFloating()) {
            putFloating(bytes, field, floating(field, value, raw));
        } else {
            StoredValue.putInteger(
                    bytes, 0, type, integer(field, value, raw).toBigInteger().longValue());
        }
        return bytes;
    }

    private static byte truth(final Field field, final Object value) {
        if (value instanceof Boolean truth) {
            return (byte) (truth ? 1 : 0);
        }
        if (value instanceof Number number && (number.doubleValue() == 0.0 || number.doubleValue() == 1.0)) {
            return (byte) number.intValue();
        }
        throw error(field, described(value) + " should be true or false");
    }

    private static double floating(final Field field, final Object value, final boolean raw) {
        if (isUnset(value) && !(raw && value != null)) {
            return sentinel(field);
        }
        final double number = number(field, value).doubleValue();
        final double stored = raw ? number : field.conversion().fromSi(number);
        final boolean infinite = Double.isInfinite(field.type() == FieldType.F32 ? (float) stored : stored);
        if (infinite && !(Double.isInfinite(number) && isFloat(value))) {
            throw error(
                    field,
                    value + " does not fit " + field.type().keyword() + ", which holds "
                            + (field.type() == FieldType.F32 ? Float.MAX_VALUE : Double.MAX_VALUE) + " at most");
        }
        return stored;
    }

    private static void putFloating(final UnsafeBuffer bytes, final Field field, final double stored) {
        if (field.type() == FieldType.F64) {
            bytes.putDouble(0, stored, LITTLE_ENDIAN);
        } else {
            bytes.putFloat(0, (float) stored, LITTLE_ENDIAN);
        }
    }

    private static BigDecimal integer(final Field field, final Object value, final boolean raw) {
        if (field.names() != null && (value instanceof CharSequence || value instanceof Collection<?>)) {
            return inRange(field, named(field, value));
        }
        if (isUnset(value)) {
            return saturated(field, new BigDecimal(sentinel(field)));
        }
        final Number number = number(field, value);
        final Unit unit = field.conversion();
        if (!raw && (unit.scale() != 1.0 || unit.shift() != 0.0)) {
            return inRange(field, exact(field, Math.rint(unit.fromSi(number.doubleValue()))));
        }
        final BigDecimal exact = exact(field, number);
        // To strip the zeros shows a fraction without making a number of a thousand digits whole.
        if (exact.signum() != 0 && exact.stripTrailingZeros().scale() > 0) {
            throw error(
                    field, number + " is no whole number, as " + field.type().keyword() + " is");
        }
        return inRange(field, exact);
    }

    private static BigDecimal exact(final Field field, final Number number) {
        return switch (number) {
            case BigDecimal decimal -> decimal;
            case BigInteger integer -> new BigDecimal(integer);
            case Double _, Float _ -> {
                if (Double.isInfinite(number.doubleValue())) {
                    throw error(
                            field,
                            number + " is no whole number, as " + field.type().keyword() + " is");
                }
                yield new BigDecimal(number.doubleValue());
            }
            default -> BigDecimal.valueOf(number.longValue());
        };
    }

    /** Sentinels are kept as doubles, and the greatest 64-bit number's is one more than fits. */
    private static BigDecimal saturated(final Field field, final BigDecimal sentinel) {
        final BigDecimal most = new BigDecimal(field.type().most());
        return field.type().size() == Long.BYTES && sentinel.compareTo(most) > 0 ? most : inRange(field, sentinel);
    }

    private static BigDecimal inRange(final Field field, final BigDecimal number) {
        final FieldType type = field.type();
        final boolean bits = field.names() != null && field.names().bits();
        final BigInteger most = bits
                ? BigInteger.TWO.pow(8 * type.size()).subtract(BigInteger.ONE) // its sign is one more bit
                : type.most();
        if (number.compareTo(new BigDecimal(type.least())) < 0 || number.compareTo(new BigDecimal(most)) > 0) {
            throw error(
                    field,
                    number + (field.unit().isEmpty() ? "" : " " + field.unit()) + " does not fit " + type.keyword()
                            + ", which holds " + type.least() + " to " + most);
        }
        return number;
    }

    private static BigDecimal named(final Field field, final Object value) {
        final String text = value instanceof Collection<?> names
                ? String.join("|", names.stream().map(String::valueOf).toList())
                : value.toString().strip();
        if (!field.names().bits()) {
            return namedOne(field, text);
        }
        BigInteger bits = BigInteger.ZERO;
        for (final String name : text.isEmpty() ? new String[0] : text.split("\\|", -1)) {
            bits = bits.or(namedOne(field, name.strip()).toBigInteger());
        }
        return new BigDecimal(bits);
    }

    private static BigDecimal namedOne(final Field field, final String name) {
        for (final Map.Entry<Long, String> named : field.names().values().entrySet()) {
            if (named.getValue().equals(name)) {
                return BigDecimal.valueOf(named.getKey());
            }
        }
        try {
            return new BigDecimal(ValueText.integer(name));
        } catch (final NumberFormatException e) {
            final Collection<String> known = field.names().values().values();
            throw error(
                    field,
                    "'" + name + "' is no " + (field.names().bits() ? "bit" : "value") + " of "
                            + field.names().name() + ", nor a number; there are "
                            + String.join(", ", known.stream().limit(20).toList())
                            + (known.size() > 20 ? ", ..." : ""));
        }
    }

    private static boolean isUnset(final Object value) {
        return value == null || (isFloat(value) && Double.isNaN(((Number) value).doubleValue()));
    }

    private static boolean isFloat(final Object value) {
        return value instanceof Double || value instanceof Float;
    }

    private static double sentinel(final Field field) {
        if (field.sentinels().isEmpty()) {
            throw error(
                    field, "the format gives no 'unset' value to store for a number that is not set; give a number");
        }
        return field.sentinels().getFirst();
    }

    private static Number number(final Field field, final Object value) {
        if (value instanceof Number number) {
            return number;
        }
        throw error(field, described(value) + " should be a number");
    }

    private static String described(final Object value) {
        return value == null ? "null" : "'" + value + "'";
    }

    private static FormatException error(final Field field, final String problem) {
        return new FormatException(field.path(), 0, problem);
    }
}
