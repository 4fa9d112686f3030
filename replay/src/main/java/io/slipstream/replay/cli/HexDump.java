package io.slipstream.replay.cli;

import java.io.PrintWriter;
import java.util.Arrays;

/** Bytes as people read them: offset, sixteen of them, and what is ASCII of it. Lines that repeat are a star, as hexdump has it. */
final class HexDump {
    private static final int WIDTH = 16;

    private HexDump() {}

    static void print(PrintWriter out, byte[] bytes, long first) {
        byte[] before = null;
        boolean starred = false;
        for (int at = 0; at < bytes.length; at += WIDTH) {
            final byte[] line = Arrays.copyOfRange(bytes, at, Math.min(at + WIDTH, bytes.length));
            final boolean last = at + WIDTH >= bytes.length;
            if (!last && Arrays.equals(line, before)) {
                if (!starred) {
                    out.println("*");
                }
                starred = true;
            } else {
                out.println(line(line, first + at));
                starred = false;
            }
            before = line;
        }
    }

    static String line(byte[] bytes, long offset) {
        final StringBuilder line = new StringBuilder(String.format("%08x ", offset));
        for (int i = 0; i < WIDTH; i++) {
            line.append(i == WIDTH / 2 ? "  " : " ").append(i < bytes.length ? String.format("%02x", bytes[i]) : "  ");
        }
        line.append("  |");
        for (byte value : bytes) {
            line.append(value >= ' ' && value <= '~' ? (char) value : '.');
        }
        return line.append('|').toString();
    }
}
