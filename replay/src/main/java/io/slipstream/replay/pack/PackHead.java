package io.slipstream.replay.pack;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What a packed session holds beside its messages. */
final class PackHead {
    /** Of one kind. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Section(int kind, byte[] content) {}

    private final List<Section> sections = new ArrayList<>();
    private final List<String> damage = new ArrayList<>();

    PackHead add(int kind, byte[] content) throws IOException {
        if (content.length > PackDescriptor.LARGEST_SECTION || sections.size() == PackDescriptor.MOST_SECTIONS) {
            throw new IOException("a packed session has no room for what is beside the messages: " + content.length
                    + " bytes in one file of it, and " + (sections.size() + 1) + " files");
        }
        sections.add(new Section(kind, content));
        return this;
    }

    /** The number that all of one file carry: whatever the sections hold, it is theirs. */
    long pack() {
        long hash = 0;
        for (Section section : sections) {
            hash = hash * 0x9E3779B97F4A7C15L
                    + Integer.toUnsignedLong(PackedPart.crc(section.content, 0, section.content.length));
        }
        return hash;
    }

    /** As the file has it. */
    ByteBuffer encode() {
        int length = PackDescriptor.HEAD_LENGTH;
        for (Section section : sections) {
            length += PackDescriptor.SECTION_HEADER_LENGTH + section.content.length;
        }
        final ByteBuffer head = ByteBuffer.allocate(length).order(LITTLE_ENDIAN);
        head.putInt(PackDescriptor.MAGIC_OFFSET, PackDescriptor.HEAD_MAGIC)
                .putInt(PackDescriptor.LENGTH_OFFSET, length - PackDescriptor.SKIPPABLE_HEADER)
                .putLong(PackDescriptor.SIGNATURE_OFFSET, PackDescriptor.HEAD_SIGNATURE)
                .putInt(PackDescriptor.HEAD_VERSION_OFFSET, PackDescriptor.VERSION)
                .putInt(PackDescriptor.HEAD_SECTIONS_OFFSET, sections.size())
                .putLong(PackDescriptor.HEAD_PACK_OFFSET, pack())
                .putInt(
                        PackDescriptor.HEAD_CRC_OFFSET,
                        PackedPart.crc(head.array(), 0, PackDescriptor.HEAD_CRC_OFFSET));
        head.position(PackDescriptor.HEAD_LENGTH);
        for (Section section : sections) {
            head.putInt(section.kind)
                    .putInt(section.content.length)
                    .putInt(PackedPart.crc(section.content, 0, section.content.length))
                    .put(section.content);
        }
        return head.flip();
    }

    /** Is this the beginning of a packed session, be it damaged or not? */
    static boolean isHead(byte[] start) {
        final ByteBuffer head = ByteBuffer.wrap(start).order(LITTLE_ENDIAN);
        return head.getInt(PackDescriptor.MAGIC_OFFSET) == PackDescriptor.HEAD_MAGIC
                && head.getInt(PackDescriptor.HEAD_CRC_OFFSET)
                        == PackedPart.crc(start, 0, PackDescriptor.HEAD_CRC_OFFSET)
                && head.getLong(PackDescriptor.SIGNATURE_OFFSET) == PackDescriptor.HEAD_SIGNATURE;
    }

    /** Takes in the sections that are whole. */
    void decode(PackBytes file, long from, long to, int count) throws IOException {
        final byte[] header = new byte[PackDescriptor.SECTION_HEADER_LENGTH];
        final ByteBuffer fields = ByteBuffer.wrap(header).order(LITTLE_ENDIAN);
        long at = from;
        long all = 0;
        for (int i = 0; i < count; i++) {
            if (i == PackDescriptor.MOST_SECTIONS || to - at < header.length || !file.read(at, header, header.length)) {
                damage.add("what is beside its messages is cut short");
                return;
            }
            at += header.length;
            final int length = fields.getInt(PackDescriptor.SECTION_LENGTH_OFFSET);
            all += length;
            // Together no more than the largest may be: a session's summary, schemas and format are small.
            if (length < 0 || all > PackDescriptor.LARGEST_SECTION || length > to - at) {
                damage.add("what is beside its messages is damaged");
                return;
            }
            final byte[] content = new byte[length];
            final boolean there = file.read(at, content, length);
            if (there && PackedPart.crc(content, 0, length) == fields.getInt(PackDescriptor.SECTION_CRC_OFFSET)) {
                sections.add(new Section(fields.getInt(PackDescriptor.SECTION_KIND_OFFSET), content));
            } else {
                damage.add(
                        switch (fields.getInt(PackDescriptor.SECTION_KIND_OFFSET)) {
                            case PackDescriptor.SUMMARY_SECTION ->
                                "its summary is damaged: the session's name and metadata are lost";
                            case PackDescriptor.SCHEMA_SECTION -> "a schema is damaged";
                            default -> "what is beside its messages is damaged";
                        });
            }
            at += length;
        }
    }

    /** What of it could not be read. */
    List<String> damage() {
        return damage;
    }

    List<byte[]> contents(int kind) {
        return sections.stream()
                .filter(section -> section.kind == kind)
                .map(Section::content)
                .toList();
    }

    /** The summary; null where there is none that can be read. */
    SessionInfo summary() {
        final List<byte[]> found = contents(PackDescriptor.SUMMARY_SECTION);
        try {
            return found.isEmpty() ? null : Summaries.decode(found.getFirst());
        } catch (IOException e) {
            return null;
        }
    }
}
