package io.slipstream.queue.chronicle;

import java.nio.ByteOrder;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.wire.Wires;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Goes on from where a tailer stands, over the documents that follow in the chunk that the tailer keeps mapped, without asking
 * the engine for each: a document's header says where the next one is. It ends where the chunk does, at the end of the file,
 * and at whatever it does not know; there the tailer takes over again.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-----------------------------------------------------------+-+-+
 *  |                    length of the payload                  |M|N|   a multiple of 4 in the file
 *  +-----------------------------------------------------------+-+-+
 *  |                            payload                           ...
 *  +---------------------------------------------------------------+
 *  |        0-3 bytes, so that the next header is a multiple of 4
 *
 *   M  metadata: not counted as a message     N  not complete: still being written
 *   all 0  nothing here yet                   all but M and N 0  end of the file
 * </pre>
 *
 * <p>Valid only as long as the tailer is not used: until {@link #leave}. Single-threaded.
 */
final class ChunkReader {
    /** {@link #next}: a document is at {@link #address()}. */
    static final int DOCUMENT = 1;

    /** {@link #next}: nothing more has been written yet; ask again. */
    static final int NOTHING = 0;

    /** {@link #next}: the tailer has to go on. */
    static final int LEAVE = -1;

    private static final int HEADER_LENGTH = Wires.SPB_HEADER_SIZE;

    private final UnsafeBuffer chunk = new UnsafeBuffer();
    private boolean active;
    private long base;
    private int end;
    private int header;
    private int length;
    private long index;
    private long lastIndex;

    /**
     * Enters a chunk behind a document.
     *
     * @param bytes of the tailer, on the document; keep the chunk mapped.
     * @param documentEnd position in the file behind the document.
     * @param nextIndex of the document that follows.
     * @param last index that the file can hold.
     */
    void enter(Bytes<?> bytes, long documentEnd, long nextIndex, long last) {
        final BytesStore<?, ?> store = bytes.bytesStore();
        final long start = store.start();
        final long mapped = store.capacity() - start;
        // Not the overlap: the documents that begin there belong to the next chunk.
        final long safe = store.safeLimit() - start;
        final long at = align(documentEnd - start);
        if (mapped > Integer.MAX_VALUE || at < 0 || at + HEADER_LENGTH > safe) {
            return;
        }
        base = store.addressForRead(start);
        chunk.wrap(base, (int) mapped);
        end = (int) safe;
        header = (int) at;
        index = nextIndex;
        lastIndex = last;
        active = true;
    }

    /** Whether the tailer's place is behind ours. */
    boolean isActive() {
        return active;
    }

    /** Gives up the place. */
    void leave() {
        active = false;
    }

    /** Looks for the next document; the same one again until {@link #advance}. */
    int next() {
        while (header + HEADER_LENGTH <= end && index <= lastIndex) {
            // The writer's last store; what it wrote before is seen after this load.
            final int word = littleEndian(chunk.getIntVolatile(header));
            if (word == Wires.NOT_INITIALIZED) {
                return NOTHING;
            }
            length = word & Wires.LENGTH_MASK;
            if ((word & Wires.NOT_COMPLETE) != 0 || length > chunk.capacity() - header - HEADER_LENGTH) {
                return LEAVE;
            }
            if ((word & Wires.META_DATA) == 0) {
                return DOCUMENT;
            }
            header = (int) align(header + HEADER_LENGTH + length);
        }
        return LEAVE;
    }

    private static int littleEndian(int word) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? word : Integer.reverseBytes(word);
    }

    private static long align(long position) {
        return (position + 3) & ~3L;
    }

    /** Passes over the document. */
    void advance() {
        header = (int) align(header + HEADER_LENGTH + length);
        index++;
    }

    /** Where the document's payload is in memory. */
    long address() {
        return base + header + HEADER_LENGTH;
    }

    /** Bytes of the document's payload. */
    int length() {
        return length;
    }

    /** Position of the next document, there or still to come. */
    long index() {
        return index;
    }
}
