package io.slipstream.replay.mcap;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.agrona.DirectBuffer;

/**
 * The chunk that is being filled: its records, and for each channel where its messages are. Writes it with its message indexes
 * and adds its line to the index of chunks. Keeps its memory from chunk to chunk. Single-threaded.
 */
final class ChunkBuilder implements AutoCloseable {
    /** A chunk is what a reader fetches at once: larger ones pack better, smaller ones seek faster. */
    static final int SIZE = 1 << 20;

    private static final int LEVEL = 3;

    private final RecordBuffer records = new RecordBuffer();
    private final List<RecordBuffer> indexes = new ArrayList<>();
    private final RecordBuffer written = new RecordBuffer();
    private final CRC32 crc = new CRC32();
    private final ZstdCompressCtx zstd;
    private byte[] packed = {};
    private long first;
    private long last;
    private boolean hasMessages;

    ChunkBuilder(boolean compress) {
        zstd = compress ? new ZstdCompressCtx().setLevel(LEVEL) : null;
    }

    /** For schemas and channels. */
    RecordBuffer records() {
        return records;
    }

    boolean isFull() {
        return records.length() >= SIZE;
    }

    void message(int channel, long sequence, long logTime, DirectBuffer data, int offset, int length) {
        while (indexes.size() <= channel) {
            indexes.add(new RecordBuffer());
        }
        indexes.get(channel).u64(logTime).u64(records.length());
        first = hasMessages ? Math.min(first, logTime) : logTime;
        last = hasMessages ? Math.max(last, logTime) : logTime;
        hasMessages = true;
        final int start = records.beginRecord(McapDescriptor.MESSAGE);
        records.u16(channel).u32(sequence).u64(logTime).u64(logTime).bytes(data, offset, length);
        records.endRecord(start);
    }

    /** Writes the chunk if there is anything in it, and begins the next; true if it did. */
    boolean flush(McapFile file, RecordBuffer chunkIndex) throws IOException {
        if (records.length() == 0) {
            return false;
        }
        final long start = file.position();
        final int packedLength = writeChunk(file);
        final long length = file.position() - start;
        final int line = chunkIndex.beginRecord(McapDescriptor.CHUNK_INDEX);
        chunkIndex.u64(first).u64(last).u64(start).u64(length);
        final int map = chunkIndex.beginList();
        written.clear();
        for (int channel = 0; channel < indexes.size(); channel++) {
            final RecordBuffer index = indexes.get(channel);
            if (index.length() > 0) {
                chunkIndex.u16(channel).u64(file.position() + written.length());
                final int record = written.beginRecord(McapDescriptor.MESSAGE_INDEX);
                written.u16(channel).u32(index.length()).bytes(index.array(), 0, index.length());
                written.endRecord(record);
                index.clear();
            }
        }
        chunkIndex.endList(map);
        chunkIndex.u64(written.length()).string(compression()).u64(packedLength).u64(records.length());
        chunkIndex.endRecord(line);
        file.write(written);
        records.clear();
        first = 0;
        last = 0;
        hasMessages = false;
        return true;
    }

    private int writeChunk(McapFile file) throws IOException {
        crc.reset();
        crc.update(records.array(), 0, records.length());
        byte[] data = records.array();
        int length = records.length();
        if (zstd != null) {
            final int bound = Math.toIntExact(Zstd.compressBound(length));
            if (packed.length < bound) {
                packed = new byte[bound];
            }
            length = zstd.compressByteArray(packed, 0, packed.length, data, 0, length);
            data = packed;
        }
        written.clear();
        final int record = written.beginRecord(McapDescriptor.CHUNK);
        written.u64(first).u64(last).u64(records.length()).u32(crc.getValue());
        written.string(compression()).u64(length).bytes(data, 0, length);
        file.write(written.endRecord(record));
        return length;
    }

    private String compression() {
        return zstd == null ? McapDescriptor.NONE : McapDescriptor.ZSTD;
    }

    @Override
    public void close() {
        if (zstd != null) {
            zstd.close();
        }
    }
}
