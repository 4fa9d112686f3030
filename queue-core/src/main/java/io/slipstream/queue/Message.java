package io.slipstream.queue;

import org.agrona.DirectBuffer;

/**
 * One message as a subscriber sees it: the envelope's fields and the SBE body, in place in the mapped file. Valid only while
 * the handler runs.
 *
 * <pre>{@code
 * quote.wrap(message.buffer(), message.offset(), message.blockLength(), message.version());
 * }</pre>
 */
public interface Message {

    /**
     * Where the message is in the queue; greater than the position of every message before it.
     *
     * @return the position.
     */
    long position();

    /**
     * When the message was published.
     *
     * @return ns since the Unix epoch.
     */
    long timestamp();

    /**
     * Who published it.
     *
     * @return the source id, 0 to 65535.
     */
    int sourceId();

    /**
     * Schema of the body.
     *
     * @return the SBE schema id.
     */
    int schemaId();

    /**
     * Template of the body.
     *
     * @return the SBE template id.
     */
    int templateId();

    /**
     * Version of the schema that the body was encoded with.
     *
     * @return the acting version for a decoder's {@code wrap}.
     */
    int version();

    /**
     * Length of the body's root block as its publisher encoded it.
     *
     * @return the acting block length for a decoder's {@code wrap}, in bytes.
     */
    int blockLength();

    /**
     * The memory that holds the body, read-only by contract.
     *
     * @return the buffer.
     */
    DirectBuffer buffer();

    /**
     * Where the body begins in {@link #buffer()}; the 8-byte SBE message header stands right before it.
     *
     * @return the offset in bytes.
     */
    int offset();

    /**
     * Length of the body: block, groups and variable data.
     *
     * @return bytes.
     */
    int length();
}
