package io.slipstream.memory.exchange;

/** Takes the messages that others sent. */
@FunctionalInterface
public interface ExchangeHandler {
    /**
     * Called for each message, on the thread that polls. If it throws, the message comes again.
     *
     * @param message in place in shared memory, valid until this returns.
     */
    void onMessage(ExchangeMessage message);
}
