package io.slipstream.tests.bench;

import java.io.IOException;
import java.nio.file.Path;

/** One end of a pair of one-way channels between two processes. Single-threaded. */
interface Link extends AutoCloseable {
    /** Bytes of a message's body; its first eight are a number. */
    int BODY_LENGTH = 40;

    /** Nothing has come. */
    long NOTHING = -1;

    /** Sends a message with a number. */
    void send(long number);

    /** The number of the message that has come, or {@link #NOTHING}. */
    long receive();

    /** For what must be done now and then, outside of what is timed. */
    default void housekeep() {}

    @Override
    void close();

    /** What carries the messages. */
    enum Kind {
        SLIPSTREAM("slipstream"),
        CHRONICLE("bare Chronicle"),
        AERON("Aeron IPC");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }

        /**
         * Opens an end.
         *
         * @param directory that both ends share.
         * @param echo true for the end that answers; it is opened second.
         */
        Link open(Path directory, boolean echo) throws IOException {
            return switch (this) {
                case SLIPSTREAM -> new SlipstreamLink(directory, echo);
                case CHRONICLE -> new ChronicleLink(directory, echo);
                case AERON -> new AeronLink(directory, echo);
            };
        }
    }
}
