package io.slipstream.telemetry.session;

import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.queue.Message;
import java.util.zip.CRC32C;

/**
 * The checksum of a segment's messages, one after another: CRC32C of the checksum so far (4 bytes, little-endian; 0 at first), the
 * envelope and the body. So it can be taken up again where it was left. Single-threaded; allocates nothing a message, but for ever
 * longer ones.
 */
public final class SegmentChecksum {
    private final CRC32C crc = new CRC32C();
    private byte[] bytes = new byte[16 << 10];

    /** Creates one. */
    public SegmentChecksum() {}

    /**
     * Takes a message in.
     *
     * @param before the checksum so far; 0 at a segment's beginning.
     * @param message the next one.
     * @return the checksum with it.
     */
    public long next(long before, Message message) {
        final int length = EnvelopeDescriptor.BODY_OFFSET + message.length();
        if (bytes.length < Integer.BYTES + length) {
            bytes = new byte[2 * (Integer.BYTES + length)];
        }
        bytes[0] = (byte) before;
        bytes[1] = (byte) (before >> 8);
        bytes[2] = (byte) (before >> 16);
        bytes[3] = (byte) (before >> 24);
        message.buffer().getBytes(message.offset() - EnvelopeDescriptor.BODY_OFFSET, bytes, Integer.BYTES, length);
        crc.reset();
        crc.update(bytes, 0, Integer.BYTES + length);
        return crc.getValue();
    }
}
