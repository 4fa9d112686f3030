package io.slipstream.tests.contract;

import org.agrona.MutableDirectBuffer;
import org.agrona.sbe.MessageEncoderFlyweight;

/** Encodes {@link Content} as a generated encoder would encode fields. */
final class RawEncoder implements MessageEncoderFlyweight {
    private final int schemaId;
    private final int version;
    private MutableDirectBuffer buffer;
    private int offset;
    private int limit;
    private int templateId;
    private int length;

    RawEncoder(int schemaId, int version) {
        this.schemaId = schemaId;
        this.version = version;
    }

    /** What the next message is to be; before it is wrapped, as its header says so. */
    RawEncoder next(int template, int bodyLength) {
        templateId = template;
        length = bodyLength;
        return this;
    }

    void fill(int source, long sequence) {
        buffer.checkLimit(offset + length);
        Content.fill(buffer, offset, source, sequence, length);
        limit = offset + length;
    }

    @Override
    public RawEncoder wrap(MutableDirectBuffer target, int at) {
        buffer = target;
        offset = at;
        limit = at;
        return this;
    }

    @Override
    public int encodedLength() {
        return limit - offset;
    }

    @Override
    public int limit() {
        return limit;
    }

    @Override
    public void limit(int end) {
        limit = end;
    }

    @Override
    public int sbeBlockLength() {
        return Content.blockLength(length);
    }

    @Override
    public int sbeTemplateId() {
        return templateId;
    }

    @Override
    public int sbeSchemaId() {
        return schemaId;
    }

    @Override
    public int sbeSchemaVersion() {
        return version;
    }

    @Override
    public String sbeSemanticType() {
        return "";
    }

    @Override
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    @Override
    public int offset() {
        return offset;
    }
}
