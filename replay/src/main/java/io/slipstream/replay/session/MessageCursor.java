package io.slipstream.replay.session;

import io.slipstream.queue.Message;
import io.slipstream.queue.Subscriber;

/** Goes over all messages of a session in order, frames and events. Single-threaded; allocates nothing a message. */
public final class MessageCursor implements AutoCloseable {
    private final Subscriber subscriber;
    private Message current;

    MessageCursor(Subscriber subscriber) {
        this.subscriber = subscriber;
    }

    /**
     * Moves to the next message.
     *
     * @return it, valid until the next call; null at the end of the session, where more may come if it is being recorded.
     */
    public Message next() {
        return subscriber.poll(message -> current = message, 1) == 0 ? null : current;
    }

    @Override
    public void close() {
        subscriber.close();
    }
}
