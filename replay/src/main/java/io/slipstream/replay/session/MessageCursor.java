package io.slipstream.replay.session;

import io.slipstream.queue.Message;
import io.slipstream.queue.store.StoreReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * Goes over all messages of a session in order, frames and events. Where the session is damaged so that no message is there, it goes
 * on behind and counts. Single-threaded; allocates nothing a message.
 */
public final class MessageCursor implements AutoCloseable {
    private final StoreReader store;
    private long damagedBytes;
    private long damagedPlaces;

    private MessageCursor(StoreReader store) {
        this.store = store;
    }

    /**
     * Opens the messages of a directory that may be less than a session: without a summary, or without what else a queue needs.
     *
     * @param directory with data files.
     * @return a cursor before the first message.
     * @throws UncheckedIOException if it cannot be read.
     */
    public static MessageCursor open(Path directory) {
        try {
            return new MessageCursor(StoreReader.open(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Moves to the next message.
     *
     * @return it, valid until the next call; null at the end of the session, where more may come if it is being recorded.
     * @throws UncheckedIOException if the session cannot be read.
     */
    public Message next() {
        try {
            while (true) {
                switch (store.next()) {
                    case StoreReader.MESSAGE -> {
                        return store.message();
                    }
                    case StoreReader.DAMAGED -> {
                        damagedPlaces++;
                        damagedBytes += store.skipDamage();
                    }
                    default -> {
                        return null;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Moves to a place that {@link Message#position()} gave; false if it is not there. */
    boolean toPlace(long place) {
        try {
            return store.toPlace(place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Moves before the first message.
     *
     * @return this.
     */
    public MessageCursor toStart() {
        store.toStart();
        return this;
    }

    /**
     * Bytes passed over because no message is there.
     *
     * @return count since this cursor was made.
     */
    public long damagedBytes() {
        return damagedBytes;
    }

    /**
     * Places where messages are lost.
     *
     * @return count since this cursor was made.
     */
    public long damagedPlaces() {
        return damagedPlaces;
    }

    /**
     * Documents passed over because they are not messages of ours.
     *
     * @return count since this cursor was made.
     */
    public long foreign() {
        return store.foreign();
    }

    @Override
    public void close() {
        try {
            store.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
