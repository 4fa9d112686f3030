package io.slipstream.tests.contract;

import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.queue.MessageClaim;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import org.agrona.ExpandableArrayBuffer;

/** A publisher of {@link Content}, and a digest of the positions that it was given. */
final class JvmWriter {
    private final Publisher publisher;
    private final int sourceId;
    private final ManualClock clock;
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private long positions;
    private MessageClaim claim;

    /**
     * Creates a writer.
     *
     * @param publisher to publish with.
     * @param sourceId of the queue.
     * @param clock of the queue, or null if it is the system's.
     */
    JvmWriter(Publisher publisher, int sourceId, ManualClock clock) {
        this.publisher = publisher;
        this.sourceId = sourceId;
        this.clock = clock;
    }

    String publish(Fields fields) {
        final long count = fields.number("count");
        final long from = fields.number("first");
        final int min = fields.integer("min");
        final int max = fields.integer("max", min);
        final int templates = fields.integer("templates", 1);
        final long tick = fields.number("tick", 0);
        final RawEncoder encoder = new RawEncoder(
                fields.integer("schema", Content.SCHEMA_ID), fields.integer("version", Content.SCHEMA_VERSION));
        long timestamp = fields.number("timestamp", Long.MIN_VALUE);
        long published = 0;
        long first = MessageQueue.NO_POSITION;
        long last = MessageQueue.NO_POSITION;
        try {
            while (published < count) {
                final long sequence = from + published;
                encoder.next(Content.template(sequence, templates), Content.length(sequence, min, max));
                if (timestamp == Long.MIN_VALUE) {
                    publisher.wrap(encoder);
                    encoder.fill(sourceId, sequence);
                    last = publisher.publish(encoder);
                } else {
                    final int length = encode(encoder, sequence);
                    last = publisher.publish(buffer, 0, length, timestamp);
                    timestamp += fields.number("step", 0);
                }
                first = published == 0 ? last : first;
                published++;
                positions = Content.mix(positions ^ last);
                if (tick != 0) {
                    clock.set(clock.nanoTime() + tick);
                }
            }
        } catch (RuntimeException e) {
            if (published == 0) {
                throw e;
            }
            return "published=" + published + " first=" + first + " last=" + last + " positions="
                    + Long.toHexString(positions) + " stopped=" + JvmErrors.code(e);
        }
        return "published=" + published + " first=" + first + " last=" + last + " positions="
                + Long.toHexString(positions);
    }

    /** Header and body, as a program would that brings bytes of its own. */
    private int encode(RawEncoder encoder, long sequence) {
        EnvelopeDescriptor.putSbeHeader(
                buffer,
                0,
                encoder.sbeBlockLength(),
                encoder.sbeTemplateId(),
                encoder.sbeSchemaId(),
                encoder.sbeSchemaVersion());
        encoder.wrap(buffer, EnvelopeDescriptor.SBE_HEADER_LENGTH);
        encoder.fill(sourceId, sequence);
        return EnvelopeDescriptor.SBE_HEADER_LENGTH + encoder.encodedLength();
    }

    String claim(Fields fields) {
        final RawEncoder encoder = new RawEncoder(
                fields.integer("schema", Content.SCHEMA_ID), fields.integer("version", Content.SCHEMA_VERSION));
        encoder.next(fields.integer("template", 1), fields.integer("used"));
        claim = publisher.claim(fields.integer("length"));
        claim.wrap(encoder).fill(sourceId, fields.number("sequence"));
        return "";
    }

    String commit() {
        final long position = openClaim().commit();
        positions = Content.mix(positions ^ position);
        return "position=" + position + " positions=" + Long.toHexString(positions);
    }

    String abort() {
        openClaim().abort();
        return "";
    }

    private MessageClaim openClaim() {
        if (claim == null) {
            throw new IllegalStateException("no claim was made");
        }
        return claim;
    }

    String pretouch(Fields fields) {
        publisher.pretouch(fields.integer("length"));
        return "";
    }

    String stats() {
        return "last=" + publisher.lastPosition();
    }

    void close() {
        publisher.close();
    }
}
