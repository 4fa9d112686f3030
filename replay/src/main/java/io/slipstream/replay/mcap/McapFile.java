package io.slipstream.replay.mcap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.zip.CRC32;

/** The file that is written: append only, with a checksum of what was written since it was last begun. Single-threaded. */
final class McapFile implements AutoCloseable {
    private final WritableByteChannel channel;
    private final CRC32 crc = new CRC32();
    private long position;

    McapFile(WritableByteChannel channel) {
        this.channel = channel;
    }

    /** Where the next byte will be. */
    long position() {
        return position;
    }

    /** CRC-32 of what was written since {@link #beginCrc()}. */
    long crc() {
        return crc.getValue();
    }

    /** Begins the checksum anew. */
    void beginCrc() {
        crc.reset();
    }

    void write(byte[] bytes, int length) throws IOException {
        crc.update(bytes, 0, length);
        final ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining()) {
            position += channel.write(buffer);
        }
    }

    void write(RecordBuffer records) throws IOException {
        write(records.array(), records.length());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
