package io.slipstream.queue;

/** Takes one message from {@link Subscriber#poll(MessageHandler, int)}. */
@FunctionalInterface
public interface MessageHandler {

    /**
     * Called for each message, in order.
     *
     * @param message valid until this returns. If this throws, a durable subscriber sees the same message again.
     */
    void onMessage(Message message);
}
