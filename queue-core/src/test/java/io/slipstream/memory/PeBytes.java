package io.slipstream.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A DLL as a linker might write it, all but the code: a shared section, and two exported symbols. */
final class PeBytes {
    static final int SHARED_ADDRESS = 0x200;
    static final int SHARED_SIZE = 0x80;
    static final int COUNTER = 0x10;

    private static final int HEADER = 0x80;
    private static final int OPTIONAL_LENGTH = 240;
    private static final int SECTIONS = HEADER + 24 + OPTIONAL_LENGTH;
    private static final int EXPORTS_ADDRESS = 0x3000;
    private static final int EXPORTS_OFFSET = 0x600;

    private PeBytes() {}

    static byte[] library() {
        final ByteBuffer file = ByteBuffer.allocate(0x800).order(ByteOrder.LITTLE_ENDIAN);
        text(file, 0, "MZ");
        file.putInt(0x3C, HEADER);
        text(file, HEADER, "PE");
        file.putShort(HEADER + 4, (short) 0x8664);
        file.putShort(HEADER + 6, (short) 3);
        file.putShort(HEADER + 20, (short) OPTIONAL_LENGTH);
        file.putShort(HEADER + 24, (short) 0x20B);
        file.putInt(HEADER + 24 + 112, EXPORTS_ADDRESS);
        file.putInt(HEADER + 24 + 116, 0x100);
        section(file, 0, ".text", 0x1000, 0x100, 0x500, 0x6000_0020);
        section(file, 1, ".shared", SHARED_ADDRESS, SHARED_SIZE, 0x400, 0xD000_0040);
        section(file, 2, ".edata", EXPORTS_ADDRESS, 0x200, EXPORTS_OFFSET, 0x4000_0040);
        exports(file);
        return file.array();
    }

    private static void section(ByteBuffer file, int index, String name, int address, int size, int offset, int flags) {
        final int at = SECTIONS + index * 40;
        text(file, at, name);
        file.putInt(at + 8, size);
        file.putInt(at + 12, address);
        file.putInt(at + 16, size);
        file.putInt(at + 20, offset);
        file.putInt(at + 36, flags);
    }

    private static void exports(ByteBuffer file) {
        final int functions = 0x40;
        final int names = 0x60;
        final int ordinals = 0x80;
        file.putInt(EXPORTS_OFFSET + 20, 2);
        file.putInt(EXPORTS_OFFSET + 24, 2);
        file.putInt(EXPORTS_OFFSET + 28, EXPORTS_ADDRESS + functions);
        file.putInt(EXPORTS_OFFSET + 32, EXPORTS_ADDRESS + names);
        file.putInt(EXPORTS_OFFSET + 36, EXPORTS_ADDRESS + ordinals);
        file.putInt(EXPORTS_OFFSET + functions, 0x1004);
        file.putInt(EXPORTS_OFFSET + functions + 4, SHARED_ADDRESS + COUNTER);
        file.putInt(EXPORTS_OFFSET + names, EXPORTS_ADDRESS + 0xA0);
        file.putInt(EXPORTS_OFFSET + names + 4, EXPORTS_ADDRESS + 0xB0);
        text(file, EXPORTS_OFFSET + 0xA0, "counter");
        text(file, EXPORTS_OFFSET + 0xB0, "code");
        // Names are in the order of the alphabet, functions in their own.
        file.putShort(EXPORTS_OFFSET + ordinals, (short) 1);
        file.putShort(EXPORTS_OFFSET + ordinals + 2, (short) 0);
    }

    private static void text(ByteBuffer file, int at, String text) {
        file.put(at, text.getBytes(StandardCharsets.US_ASCII));
    }
}
