package io.slipstream.queue.store;

/**
 * Layout of a queue's data file: documents one after another, each at a multiple of 4.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-----------------------------------------------------------+-+-+
 *  |                    length of the payload                  |M|N|
 *  +-----------------------------------------------------------+-+-+
 *  |                            payload                           ...
 *  +---------------------------------------------------------------+
 *  |        0-3 bytes, so that the next header is a multiple of 4
 *
 *   M  metadata: not a message     N  not complete: still being written
 *   all 0  nothing here yet        all but M and N 0  end of the file
 * </pre>
 *
 * <p>The first document is metadata, the store's header. In it, at a place that every writer of this version keeps to:
 *
 * <pre>
 *   0x04  B9 06 "header" B6 08 "SCQStore" ...
 *  +0x30  i64 2, i64 2     capacity and use of the array that follows
 *  +0x40  i64              where the header of the last message is; 0 before the first
 * </pre>
 *
 * <p>Source: Chronicle Queue 2026.4, wire's {@code Wires} and queue's {@code SingleChronicleQueueStore}.
 */
final class StoreDescriptor {
    /** How the names of data files end. */
    static final String SUFFIX = ".cq4";

    static final int HEADER_LENGTH = 4;

    /** Documents start at multiples of this; those of ours at multiples of 8. */
    static final int ALIGNMENT = 4;

    /** Of the headers and payloads of messages that Slipstream publishes. */
    static final int MESSAGE_ALIGNMENT = 8;

    static final int META_DATA = 0x4000_0000;
    static final int NOT_COMPLETE = 0x8000_0000;
    static final int LENGTH_MASK = 0x3FFF_FFFF;

    /** Nothing was written here yet. */
    static final int NOTHING_YET = 0;

    /** Nothing more will be written to this file. */
    static final int END_OF_FILE = META_DATA | NOT_COMPLETE;

    /** The payload of the first document: B9, the name's length, the name; little-endian. */
    static final long STORE_NAME = 0x65_64_61_65_68_06_B9L;

    static final long STORE_NAME_MASK = 0x00FF_FFFF_FFFF_FFFFL;

    static final int WRITE_POSITION_CAPACITY_OFFSET = 0x30;
    static final int WRITE_POSITION_OFFSET = 0x40;

    /** What {@link #WRITE_POSITION_CAPACITY_OFFSET} holds where the layout is the one described. */
    static final long WRITE_POSITION_CAPACITY = 2;

    private StoreDescriptor() {}

    /** Is it the header of a document that is all there? */
    static boolean isComplete(int header) {
        return header > NOTHING_YET;
    }

    /** Is it the header of a file that is no longer being created? */
    static boolean isBegun(int header) {
        return header != NOTHING_YET && header != NOT_COMPLETE;
    }

    /** Where the document after one at {@code offset} begins. */
    static long next(long offset, int length) {
        return (offset + HEADER_LENGTH + length + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
