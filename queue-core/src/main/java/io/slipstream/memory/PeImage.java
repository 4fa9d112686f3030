package io.slipstream.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a DLL's file says of its sections and exported symbols, as the linker laid them out ("PE Format", Microsoft). Everything is
 * checked before it is used: a damaged or hostile file gives a message.
 *
 * <pre>
 *   0x3C u32 offset of the header: "PE\0\0", then
 *      4 u16 machine   6 u16 sections   20 u16 length of the optional header, which begins at 24:
 *        0 u16 0x20B (64 bit) or 0x10B (32 bit)   56 u32 length in memory
 *      112 (96 in 32 bit) u32 address, u32 length of the exports
 *   then 40 bytes a section: 0 name  8 u32 length in memory  12 u32 address  16 u32 length  20 u32 offset  36 u32 flags
 *   exports: 16 u32 base  20 u32 functions  24 u32 names  28 u32 functions' addresses  32 names'  36 their ordinals'
 * </pre>
 *
 * Addresses are relative to where the DLL is loaded.
 */
final class PeImage {
    private static final int DOS_HEADER = 0x40;
    private static final int HEADER_OFFSET = 0x3C;
    private static final int SIGNATURE = 0x4550;
    private static final int OPTIONAL_HEADER = 24;
    private static final int SECTION = 40;
    private static final int MAX_SECTIONS = 96;
    private static final int EXPORTS = 40;
    private static final int MAX_NAMES = 1 << 16;
    private static final int LONGEST_NAME = 512;
    private static final int SHARED = 0x1000_0000;

    private final Bytes file;
    private final List<Section> sections = new ArrayList<>();
    private long exportsAddress;

    /** The bytes of the file. */
    interface Bytes {
        /** So many from there; fewer at the end of the file. */
        ByteBuffer at(long offset, int length) throws IOException;
    }

    /** A section as it is in memory, and where in the file it begins. */
    record Section(String name, long address, long size, long fileOffset, long fileSize, boolean shared) {}

    private PeImage(Bytes file) {
        this.file = file;
    }

    /** What a file says. */
    interface Reader<T> {
        T read(PeImage image) throws IOException;
    }

    /** Reads from a file, as long as the reader runs. */
    static <T> T read(Path path, Reader<T> reader) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            return reader.read(of((offset, length) -> {
                final ByteBuffer buffer = ByteBuffer.allocate(length);
                int count = 0;
                while (count >= 0 && buffer.hasRemaining()) {
                    count = channel.read(buffer, offset + buffer.position());
                }
                return buffer.flip();
            }));
        }
    }

    /** Reads the header and the sections. */
    static PeImage of(Bytes file) throws IOException {
        final PeImage image = new PeImage(file);
        image.readHeader();
        return image;
    }

    private ByteBuffer exactly(long offset, int length) throws IOException {
        final ByteBuffer bytes = file.at(offset, length);
        if (bytes.remaining() < length) {
            throw new IOException("it ends at " + (offset + bytes.remaining()) + ", within a table");
        }
        return bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    private static long unsigned(ByteBuffer bytes, int at) {
        return bytes.getInt(at) & 0xFFFF_FFFFL;
    }

    private void readHeader() throws IOException {
        final ByteBuffer dos = exactly(0, DOS_HEADER);
        if (dos.get(0) != 'M' || dos.get(1) != 'Z') {
            throw new IOException("it is no program or DLL of Windows");
        }
        final long header = unsigned(dos, HEADER_OFFSET);
        final ByteBuffer start = exactly(header, OPTIONAL_HEADER);
        if (start.getInt(0) != SIGNATURE) {
            throw new IOException("it is no program or DLL of 32-bit or 64-bit Windows");
        }
        final int count = start.getShort(6) & 0xFFFF;
        final int optional = start.getShort(20) & 0xFFFF;
        if (count > MAX_SECTIONS) {
            throw new IOException("it would have " + count + " sections; " + MAX_SECTIONS + " are the most");
        }
        readOptionalHeader(exactly(header + OPTIONAL_HEADER, optional));
        for (int i = 0; i < count; i++) {
            readSection(exactly(header + OPTIONAL_HEADER + optional + (long) i * SECTION, SECTION));
        }
    }

    private void readOptionalHeader(ByteBuffer header) throws IOException {
        final int magic = header.remaining() < 2 ? 0 : header.getShort(0) & 0xFFFF;
        final int directories = switch (magic) {
            case 0x20B -> 112;
            case 0x10B -> 96;
            default -> throw new IOException("its header is of an unknown kind, " + magic);
        };
        exportsAddress = header.remaining() >= directories + 8 ? unsigned(header, directories) : 0;
    }

    private void readSection(ByteBuffer header) {
        final byte[] name = new byte[8];
        header.get(0, name);
        int length = 0;
        while (length < name.length && name[length] != 0) {
            length++;
        }
        final long fileSize = unsigned(header, 16);
        final long size = unsigned(header, 8);
        sections.add(new Section(
                new String(name, 0, length, StandardCharsets.ISO_8859_1),
                unsigned(header, 12),
                size == 0 ? fileSize : size,
                unsigned(header, 20),
                fileSize,
                (header.getInt(36) & SHARED) != 0));
    }

    List<Section> sections() {
        return List.copyOf(sections);
    }

    /** The section that an address is in; null if none. */
    Section sectionAt(long address) {
        for (Section section : sections) {
            if (address >= section.address() && address - section.address() < section.size()) {
                return section;
            }
        }
        return null;
    }

    /**
     * Where an exported symbol is.
     *
     * @return its address; -1 if the DLL exports none of that name.
     */
    long export(String symbol) throws IOException {
        if (exportsAddress == 0) {
            return -1;
        }
        final ByteBuffer exports = exactly(fileOffset(exportsAddress, EXPORTS), EXPORTS);
        final long functions = unsigned(exports, 20);
        final long names = unsigned(exports, 24);
        if (functions > MAX_NAMES || names > MAX_NAMES) {
            throw new IOException("it would export " + Math.max(functions, names) + " symbols");
        }
        if (names == 0) {
            return -1;
        }
        final int count = (int) names;
        final ByteBuffer nameTable = exactly(fileOffset(unsigned(exports, 32), count * 4), count * 4);
        final ByteBuffer ordinals = exactly(fileOffset(unsigned(exports, 36), count * 2), count * 2);
        for (int i = 0; i < count; i++) {
            if (isName(unsigned(nameTable, i * 4), symbol)) {
                final int ordinal = ordinals.getShort(i * 2) & 0xFFFF;
                if (ordinal >= functions) {
                    throw new IOException("it exports " + symbol + " as number " + ordinal + " of " + functions);
                }
                final long entry = unsigned(exports, 28) + ordinal * 4L;
                return unsigned(exactly(fileOffset(entry, 4), 4), 0);
            }
        }
        return -1;
    }

    private boolean isName(long address, String symbol) throws IOException {
        final byte[] wanted = symbol.getBytes(StandardCharsets.ISO_8859_1);
        if (wanted.length >= LONGEST_NAME) {
            return false;
        }
        final ByteBuffer name = file.at(fileOffset(address, 1), wanted.length + 1);
        if (name.remaining() <= wanted.length || name.get(wanted.length) != 0) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (name.get(i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private long fileOffset(long address, int length) throws IOException {
        final Section section = sectionAt(address);
        final long within = section == null ? 0 : address - section.address();
        if (section == null || within + length > section.fileSize()) {
            throw new IOException("a table at " + address + " is not in the file");
        }
        return section.fileOffset() + within;
    }
}
