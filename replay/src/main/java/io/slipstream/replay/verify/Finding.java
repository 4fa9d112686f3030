package io.slipstream.replay.verify;

import java.nio.file.Path;

/**
 * Something that is wrong with a session.
 *
 * @param kind of thing.
 * @param file that it is in.
 * @param offset in the file, in bytes; -1 where it is about the whole file.
 * @param detail a sentence for people.
 */
public record Finding(Kind kind, Path file, long offset, String detail) {

    /** What can be wrong. */
    public enum Kind {
        /** A file of the session is missing, or is no such file. */
        FILE,
        /** Bytes where no document is: messages are lost. */
        STORE,
        /** A document that is no message of a session. */
        FOREIGN,
        /** A frame that cannot be restored. */
        FRAME,
        /** Another message that does not decode. */
        MESSAGE,
        /** Messages that are not in the order of time, or frames that are missing. */
        ORDER,
        /** A stretch whose checksum is another than when it was recorded. */
        CHECKSUM,
        /** The summary tells other numbers than the messages do. */
        SUMMARY
    }

    @Override
    public String toString() {
        return file.getFileName() + (offset < 0 ? "" : " at byte " + offset) + ": " + detail;
    }
}
