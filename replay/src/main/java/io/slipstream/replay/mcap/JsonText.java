package io.slipstream.replay.mcap;

import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/** A message in JSON that is put together field by field, in memory that is used again. Single-threaded. */
final class JsonText {
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final StringBuilder text = new StringBuilder();
    private final ExpandableArrayBuffer bytes = new ExpandableArrayBuffer();

    /** A text in quotation marks, in ASCII alone. */
    static String quote(String value) {
        final StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            final char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7F) {
                quoted.append(c);
            } else {
                quoted.append(String.format("\\u%04x", (int) c));
            }
        }
        return quoted.append('"').toString();
    }

    /** Begins an object, the whole message or one in it. */
    JsonText begin() {
        text.append('{');
        return this;
    }

    /** Ends an object. */
    JsonText end() {
        if (text.charAt(text.length() - 1) == ',') {
            text.setLength(text.length() - 1);
        }
        text.append("},");
        return this;
    }

    /** A name that is written as JSON has it already. */
    JsonText name(String quoted) {
        text.append(quoted).append(':');
        return this;
    }

    JsonText number(long value) {
        text.append(value).append(',');
        return this;
    }

    /** A finite number; JSON has no others. */
    JsonText number(double value) {
        text.append(value).append(',');
        return this;
    }

    /** A number below nine thousand million, to nine decimals: seconds to the ns. Makes no object, as the shortest digits may. */
    JsonText nano(double value) {
        final long nanos = Math.round(value * NS_PER_SECOND);
        text.append(nanos < 0 ? "-" : "")
                .append(Math.abs(nanos / NS_PER_SECOND))
                .append('.');
        long fraction = Math.abs(nanos % NS_PER_SECOND);
        for (long place = NS_PER_SECOND / 10; place > 0 && (fraction > 0 || place == NS_PER_SECOND / 10); place /= 10) {
            text.append((char) ('0' + fraction / place));
            fraction %= place;
        }
        text.append(',');
        return this;
    }

    /** With no more digits than tell it from its neighbours. */
    JsonText number(float value) {
        text.append(value).append(',');
        return this;
    }

    JsonText text(String value) {
        text.append(quote(value)).append(',');
        return this;
    }

    JsonText flag(boolean value) {
        text.append(value).append(',');
        return this;
    }

    /** Any JSON, of ASCII only. */
    JsonText raw(String json) {
        text.append(json).append(',');
        return this;
    }

    /** A time as Foxglove's schemas have it. */
    JsonText time(long timestampNs) {
        begin().name("\"sec\"").number(timestampNs / NS_PER_SECOND);
        return name("\"nsec\"").number(timestampNs % NS_PER_SECOND).end();
    }

    /** Ends the message: its length in {@link #buffer()}. */
    int finish() {
        final int length = text.length() - 1;
        text.setLength(length);
        bytes.putStringWithoutLengthAscii(0, text);
        text.setLength(0);
        return length;
    }

    /** Holds the message that was ended, from 0, until the next is. */
    DirectBuffer buffer() {
        return bytes;
    }
}
