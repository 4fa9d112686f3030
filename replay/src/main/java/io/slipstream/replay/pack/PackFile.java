package io.slipstream.replay.pack;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a packed session part by part, past whatever is damaged. Single-threaded.
 */
public final class PackFile implements AutoCloseable {
    private static final long NOWHERE = -1;

    private final Path path;
    private final PackBytes file;
    private final PackHead head = new PackHead();
    private final List<String> damage = new ArrayList<>();
    private final byte[] header = new byte[PackDescriptor.PART_LENGTH];
    private byte[] data = {};
    private PackTail tail;
    private PackedPart part;
    private byte[] messages;
    private boolean packKnown;
    private long pack;
    private long at;

    /** Where a header that is not where it should be may be from: bytes may have been lost. */
    private long searched = PackDescriptor.HEAD_LENGTH;

    private long nextNumber;
    private long lostParts;

    /** Bytes that may be read in vain before a file is given up: so that nobody's file keeps a reader busy for ever. */
    private long patience;

    private PackFile(Path path, PackBytes file) {
        this.path = path;
        this.file = file;
        this.patience = 4 * file.size() + 4L * PackDescriptor.LARGEST_PART;
    }

    /**
     * Tells whether a file looks like a packed session.
     *
     * @param file to look at.
     * @return true if it begins like one.
     * @throws IOException if it cannot be read.
     */
    public static boolean isPack(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        final byte[] start = new byte[PackDescriptor.HEAD_LENGTH];
        try (PackBytes bytes = new PackBytes(file)) {
            return bytes.read(0, start, start.length) && PackHead.isHead(start);
        }
    }

    /**
     * Says what is in a packed session, without unpacking it.
     *
     * @param file to look at.
     * @return what its head and its tail say.
     * @throws IOException if it cannot be read, or is no packed session.
     */
    public static PackInfo info(Path file) throws IOException {
        try (PackFile opened = open(file)) {
            final SessionInfo session = opened.head.summary();
            final byte[] end = new byte[PackDescriptor.TAIL_LENGTH];
            final long size = opened.file.size();
            final PackTail found =
                    opened.file.read(size - end.length, end, end.length) ? PackTail.decode(end, 0) : null;
            final PackTail tail = found != null && opened.packKnown && found.pack() == opened.pack ? found : null;
            return tail == null
                    ? new PackInfo(file, session, false, -1, -1, -1, -1, size)
                    : new PackInfo(
                            file, session, true, tail.parts(), tail.messages(), tail.frames(), tail.plain(), size);
        }
    }

    /** Opens a file; a damaged head is no obstacle if there is a part. */
    static PackFile open(Path path) throws IOException {
        final PackBytes file = new PackBytes(path);
        final PackFile opened = new PackFile(path, file);
        try {
            opened.readHead();
            return opened;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private void readHead() throws IOException {
        final byte[] start = new byte[PackDescriptor.HEAD_LENGTH];
        if (file.read(0, start, start.length) && PackHead.isHead(start)) {
            final ByteBuffer fields = ByteBuffer.wrap(start).order(LITTLE_ENDIAN);
            final int version = fields.getInt(PackDescriptor.HEAD_VERSION_OFFSET);
            if (version != PackDescriptor.VERSION) {
                throw new IOException(path + " is packed in version " + version + ", this program knows "
                        + PackDescriptor.VERSION + ": use the program that packed it, or a newer one");
            }
            packKnown = true;
            pack = fields.getLong(PackDescriptor.HEAD_PACK_OFFSET);
            at = PackDescriptor.SKIPPABLE_HEADER + Integer.toUnsignedLong(fields.getInt(PackDescriptor.LENGTH_OFFSET));
            head.decode(
                    file,
                    PackDescriptor.HEAD_LENGTH,
                    Math.min(at, file.size()),
                    fields.getInt(PackDescriptor.HEAD_SECTIONS_OFFSET));
            damage.addAll(head.damage());
            return;
        }
        at = findHeader(0);
        if (at == NOWHERE) {
            throw new IOException(path + " is no packed session, or its beginning is lost: nothing can be unpacked");
        }
        damage.add("its beginning is damaged: the session's name and metadata are lost");
    }

    /**
     * Moves to the next part that is whole. What is damaged before it is in {@link #damage()}.
     *
     * @return false where there is none.
     */
    boolean next() throws IOException {
        while (at != NOWHERE && tail == null) {
            if (!readHeader(at)) {
                at = lookOn(searched, "something between its parts is damaged");
            } else if (tail != null) {
                finish();
            } else if (readPart()) {
                return true;
            }
        }
        return false;
    }

    private long lookOn(long from, String what) throws IOException {
        if (from >= file.size()) {
            damage.add("it is cut short");
            return NOWHERE;
        }
        final long found = findHeader(from);
        searched = found + 1;
        damage.add(found == NOWHERE ? "it is cut short, or damaged at its end" : what);
        return found;
    }

    /** Reads a part's head, or the tail, which is then there; false where neither is. */
    private boolean readHeader(long from) throws IOException {
        part = file.read(from, header, PackDescriptor.PART_LENGTH) ? PackedPart.decode(header, 0) : null;
        if (part != null && !packKnown) {
            packKnown = true;
            pack = part.pack();
        }
        if (part != null) {
            return part.pack() == pack;
        }
        final PackTail found = file.read(from, header, PackDescriptor.TAIL_LENGTH) ? PackTail.decode(header, 0) : null;
        tail = found != null && (!packKnown || found.pack() == pack) ? found : null;
        return tail != null;
    }

    private void finish() {
        if (at + PackDescriptor.TAIL_LENGTH != file.size()) {
            damage.add("something follows its end, and was not looked at");
        }
        if (tail.parts() != nextNumber) {
            lose(nextNumber, tail.parts());
        }
    }

    /** The part whose head was read; false where it is damaged or not the next. */
    private boolean readPart() throws IOException {
        final long dataAt = at + PackDescriptor.PART_LENGTH;
        if (part.packed() > file.size() - dataAt) {
            at = lookOn(dataAt, "part " + part.number() + " is damaged");
            return false;
        }
        if (data.length < part.packed()) {
            data = new byte[part.packed()];
        }
        messages = file.read(dataAt, data, part.packed()) ? part.unpack(data) : null;
        if (messages == null) {
            patience -= part.packed() + part.plain();
            at = patience < 0 ? NOWHERE : lookOn(dataAt, "part " + part.number() + " is damaged");
            return false;
        }
        at = dataAt + part.packed();
        searched = at;
        if (part.number() < nextNumber) {
            damage.add("part " + part.number() + " is there again, and was passed over");
            patience -= part.packed() + part.plain();
            at = patience < 0 ? NOWHERE : at;
            return false;
        }
        if (part.number() > nextNumber) {
            lose(nextNumber, part.number());
        }
        nextNumber = part.number() + 1;
        return true;
    }

    private void lose(long from, long to) {
        lostParts += Math.max(0, to - from);
        damage.add(
                to - from == 1 ? "part " + from + " is missing" : "parts " + from + " to " + (to - 1) + " are missing");
    }

    /** Where the next part or the tail begins. */
    private long findHeader(long from) throws IOException {
        long looking = from;
        while (true) {
            final long signature = file.find(looking, PackDescriptor.PART_SIGNATURE, PackDescriptor.TAIL_SIGNATURE);
            if (signature < 0) {
                return NOWHERE;
            }
            final long start = signature - PackDescriptor.SIGNATURE_OFFSET;
            if (start >= from && isHeader(start)) {
                return start;
            }
            looking = signature + 1;
        }
    }

    private boolean isHeader(long from) throws IOException {
        if (file.read(from, header, PackDescriptor.PART_LENGTH)) {
            final PackedPart found = PackedPart.decode(header, 0);
            if (found != null) {
                return !packKnown || found.pack() == pack;
            }
        }
        if (!file.read(from, header, PackDescriptor.TAIL_LENGTH)) {
            return false;
        }
        final PackTail found = PackTail.decode(header, 0);
        return found != null && (!packKnown || found.pack() == pack);
    }

    PackHead head() {
        return head;
    }

    /** The present part. */
    PackedPart part() {
        return part;
    }

    /** The present part's messages. */
    byte[] messages() {
        return messages;
    }

    /** The end; null where it was not found, or not yet. */
    PackTail tail() {
        return tail;
    }

    /** Parts that are known to be missing. */
    long lostParts() {
        return lostParts;
    }

    /** What was found damaged so far. */
    List<String> damage() {
        return damage;
    }

    /** How much of the file was read, 0 to 1. */
    double share() {
        return at == NOWHERE ? 1 : (double) at / Math.max(1, file.size());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
