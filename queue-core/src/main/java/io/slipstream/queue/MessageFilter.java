package io.slipstream.queue;

/**
 * Chooses messages by what their envelope says, without decoding them.
 *
 * <pre>{@code
 * subscriber.filter(MessageFilter.schema(101).and(MessageFilter.templates(1, 2)));
 * }</pre>
 */
@FunctionalInterface
public interface MessageFilter {

    /** Accepts everything. */
    MessageFilter ALL = message -> true;

    /**
     * Tells whether a message is wanted.
     *
     * @param message valid until this returns.
     * @return true to hand it to the handler.
     */
    boolean accept(Message message);

    /**
     * Accepts one schema's messages.
     *
     * @param schemaId of the SBE schema.
     * @return the filter.
     */
    static MessageFilter schema(int schemaId) {
        return message -> message.schemaId() == schemaId;
    }

    /**
     * Accepts the named templates, of whatever schema.
     *
     * @param templateIds wanted.
     * @return the filter.
     */
    static MessageFilter templates(int... templateIds) {
        final int[] wanted = templateIds.clone();
        return message -> {
            final int templateId = message.templateId();
            for (int id : wanted) {
                if (id == templateId) {
                    return true;
                }
            }
            return false;
        };
    }

    /**
     * Accepts one source's messages.
     *
     * @param sourceId of the publisher.
     * @return the filter.
     */
    static MessageFilter source(int sourceId) {
        return message -> message.sourceId() == sourceId;
    }

    /**
     * Accepts what both filters accept.
     *
     * @param other asked second.
     * @return the filter.
     */
    default MessageFilter and(MessageFilter other) {
        return message -> accept(message) && other.accept(message);
    }
}
