package io.slipstream.queue.chronicle;

import io.slipstream.memory.FileSpace;
import io.slipstream.queue.NoSpaceException;
import io.slipstream.queue.QueueException;
import java.io.File;
import java.io.IOException;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Disk blocks reserved ahead of the writer in the sparse queue file, so that a full disk is an exception, not a SIGBUS. Belongs
 * to one publisher, and to its thread.
 */
final class ReservedSpace implements AutoCloseable {
    private static final long MIN_STEP = 256 << 10;
    private static final long MAX_STEP = 8 << 20;
    private static final long PAGE = 4096;
    private static final long NO_CHUNK = -1;

    /** Room for the index pages that the engine may put behind a message. */
    private final long slack;

    private final UnsafeBuffer touch = new UnsafeBuffer();
    private long touchedChunk = NO_CHUNK;
    private long touched;
    private int cycle = Integer.MIN_VALUE;
    private File path;
    private FileSpace file;
    private long end;

    ReservedSpace(int indexCount) {
        this.slack = 2L * indexCount * Long.BYTES + 4096;
    }

    boolean covers(int currentCycle, long position, int length) {
        return position + length + slack <= end && currentCycle == cycle;
    }

    /** Reserves room for a message and some more. */
    void extend(int currentCycle, File currentFile, long position, int length) {
        if (currentCycle != cycle) {
            close();
            open(currentFile);
            cycle = currentCycle;
        }
        if (file == null) {
            end = Long.MAX_VALUE;
            return;
        }
        final long needed = length + slack;
        final long step = needed + Math.clamp(position / 8, MIN_STEP, MAX_STEP);
        if (file.reserve(position, step)) {
            end = position + step;
        } else if (file.reserve(position, needed)) {
            end = position + needed;
        } else {
            end = 0;
            throw new NoSpaceException("no space left on the file system of " + path + " for a message of " + length
                    + " bytes: nothing was written; make room, then publish again");
        }
    }

    /**
     * Reserves and maps what will be written next. Harmless beside another writer: a page is touched by exchanging a zero for
     * a zero, and blocks may be reserved at any time.
     */
    void touchAhead(Bytes<?> bytes, long position, int length) {
        final BytesStore<?, ?> store = bytes.bytesStore();
        final long mappedEnd = Math.min(store.capacity(), position + length);
        final int ahead = (int) (mappedEnd - position);
        if (ahead > 0 && file != null && !covers(cycle, position, ahead)) {
            try {
                extend(cycle, path, position, ahead);
            } catch (NoSpaceException e) {
                // Whoever publishes into it will be told.
                return;
            }
        }
        final long limit = Math.min(mappedEnd, end);
        // A chunk that was entered anew is touched anew.
        long page = BitUtil.align(touchedChunk == store.start() ? Math.max(touched, position) : position, PAGE);
        for (; page + PAGE <= limit; page += PAGE) {
            touch.wrap(store.addressForRead(page), Long.BYTES);
            touch.compareAndSetLong(0, 0, 0);
        }
        touched = page;
        touchedChunk = store.start();
    }

    private void open(File currentFile) {
        try {
            path = currentFile;
            file = FileSpace.open(currentFile.toPath());
        } catch (IOException e) {
            throw new QueueException("cannot reserve space in " + currentFile + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
            file = null;
        }
        cycle = Integer.MIN_VALUE;
        end = 0;
        touchedChunk = NO_CHUNK;
    }
}
