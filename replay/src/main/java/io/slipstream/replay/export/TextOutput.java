package io.slipstream.replay.export;

import io.slipstream.replay.channel.ChannelType;
import java.io.IOException;
import java.io.OutputStream;

/** Buffers text, and writes numbers as shortly as they can be read back to the same value. Allocates nothing a number. */
final class TextOutput {
    private static final int FLUSH_AT = 1 << 16;
    private static final int LONGEST_NUMBER = 64;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private final OutputStream out;
    private final StringBuilder number = new StringBuilder(LONGEST_NUMBER);
    private final byte[] buffer = new byte[FLUSH_AT + LONGEST_NUMBER];
    private int length;

    TextOutput(OutputStream out) {
        this.out = out;
    }

    /** Bytes of any length. */
    void bytes(byte[] text) throws IOException {
        for (byte one : text) {
            buffer[length++] = one;
            flushIfFull();
        }
    }

    /** A letter of ASCII. */
    void letter(char letter) throws IOException {
        buffer[length++] = (byte) letter;
        flushIfFull();
    }

    /** A value of a channel, not NaN. */
    void number(double value, ChannelType type) throws IOException {
        number.setLength(0);
        switch (type) {
            case LONG -> number.append((long) value);
            case FLOAT -> number.append((float) value);
            case DOUBLE -> number.append(value);
        }
        // A whole one needs no fraction.
        final int end = number.length() - 2;
        if (type != ChannelType.LONG && end > 0 && number.charAt(end) == '.' && number.charAt(end + 1) == '0') {
            number.setLength(end);
        }
        flushNumber();
    }

    /** A whole number. */
    void number(long value) throws IOException {
        number.setLength(0);
        number.append(value);
        flushNumber();
    }

    /** Nanoseconds as seconds, without loss: {@code 12.5}. */
    void seconds(long ns) throws IOException {
        number.setLength(0);
        if (ns < 0) {
            number.append('-');
        }
        number.append(Math.abs(ns / NS_PER_SECOND));
        long fraction = Math.abs(ns % NS_PER_SECOND);
        if (fraction != 0) {
            number.append('.');
            for (long digit = NS_PER_SECOND / 10; fraction != 0; digit /= 10) {
                number.append((char) ('0' + fraction / digit));
                fraction %= digit;
            }
        }
        flushNumber();
    }

    private void flushNumber() throws IOException {
        for (int i = 0; i < number.length(); i++) {
            buffer[length++] = (byte) number.charAt(i);
        }
        flushIfFull();
    }

    private void flushIfFull() throws IOException {
        if (length >= FLUSH_AT) {
            flush();
        }
    }

    /** Hands on what is buffered. */
    void flush() throws IOException {
        out.write(buffer, 0, length);
        length = 0;
    }
}
