package io.slipstream.replay.mcap;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.agrona.DirectBuffer;

/**
 * Writes an MCAP file as it comes: one chunk is held at a time, and a line of the index for each that was written. Schemas and
 * channels are declared before they are used; log times may come in any order, in ascending order readers are fastest. What is
 * not finished is not a whole file: its readers have to search it. Single-threaded.
 */
final class McapWriter implements AutoCloseable {
    private static final String PROFILE = "";

    private final McapFile file;
    private final ChunkBuilder chunk;
    private final RecordBuffer scratch = new RecordBuffer();
    private final RecordBuffer schemas = new RecordBuffer();
    private final RecordBuffer channels = new RecordBuffer();
    private final RecordBuffer chunkIndex = new RecordBuffer();
    private final RecordBuffer attachmentIndex = new RecordBuffer();
    private final RecordBuffer metadataIndex = new RecordBuffer();
    private final List<long[]> counts = new ArrayList<>();
    private int schemaCount;
    private long messageCount;
    private long chunkCount;
    private long attachmentCount;
    private long metadataCount;
    private long first;
    private long last;

    /**
     * Begins a file.
     *
     * @param channel that is written to, and closed with this writer.
     * @param library that writes it, for those who look for its faults.
     * @param compress true for zstd, false for chunks as they are.
     * @throws IOException if it cannot be written.
     */
    McapWriter(WritableByteChannel channel, String library, boolean compress) throws IOException {
        file = new McapFile(channel);
        chunk = new ChunkBuilder(compress);
        scratch.u64(McapDescriptor.MAGIC);
        final int header = scratch.beginRecord(McapDescriptor.HEADER);
        scratch.string(PROFILE).string(library);
        file.write(scratch.endRecord(header));
    }

    /**
     * Declares what the messages of some channels look like.
     *
     * @param name of the schema, as {@code foxglove.Log}.
     * @param encoding of the schema itself, as {@code jsonschema}.
     * @param data the schema itself.
     * @return its id.
     */
    int schema(String name, String encoding, byte[] data) {
        if (schemaCount == McapDescriptor.MAX_ID) {
            throw new IllegalStateException("no more than " + McapDescriptor.MAX_ID + " schemas");
        }
        schemaCount++;
        final int start = schemas.length();
        final int record = schemas.beginRecord(McapDescriptor.SCHEMA);
        schemas.u16(schemaCount).string(name).string(encoding).u32(data.length).bytes(data, 0, data.length);
        schemas.endRecord(record);
        chunk.records().bytes(schemas.array(), start, schemas.length() - start);
        return schemaCount;
    }

    /**
     * Declares a channel.
     *
     * @param schema id of its messages' schema.
     * @param topic as {@code /car}.
     * @param encoding of its messages, as {@code json}.
     * @param metadata whatever else is to be known of it.
     * @return its id.
     */
    int channel(int schema, String topic, String encoding, Map<String, String> metadata) {
        if (schema < 1 || schema > schemaCount) {
            throw new IllegalArgumentException("schema " + schema + " is not declared");
        }
        if (counts.size() > McapDescriptor.MAX_ID) {
            throw new IllegalStateException("no more than " + (McapDescriptor.MAX_ID + 1) + " channels");
        }
        final int id = counts.size();
        counts.add(new long[1]);
        final int start = channels.length();
        final int record = channels.beginRecord(McapDescriptor.CHANNEL);
        channels.u16(id).u16(schema).string(topic).string(encoding).strings(metadata);
        channels.endRecord(record);
        chunk.records().bytes(channels.array(), start, channels.length() - start);
        return id;
    }

    /**
     * Writes a message.
     *
     * @param channel id of a declared channel.
     * @param logTime ns since the Unix epoch.
     * @param data that holds the message.
     * @param offset of the message in it.
     * @param length of the message.
     * @throws IOException if the file cannot be written.
     */
    void message(int channel, long logTime, DirectBuffer data, int offset, int length) throws IOException {
        final long sequence = counts.get(channel)[0]++;
        first = messageCount == 0 ? logTime : Math.min(first, logTime);
        last = messageCount == 0 ? logTime : Math.max(last, logTime);
        messageCount++;
        chunk.message(channel, sequence, logTime, data, offset, length);
        if (chunk.isFull()) {
            flush();
        }
    }

    private void flush() throws IOException {
        if (chunk.flush(file, chunkIndex)) {
            chunkCount++;
        }
    }

    /**
     * Puts a file into the file.
     *
     * @param time when it was made, ns since the Unix epoch.
     * @param name of it.
     * @param mediaType of it.
     * @param data all of it.
     * @throws IOException if the file cannot be written.
     */
    void attachment(long time, String name, String mediaType, byte[] data) throws IOException {
        final long start = file.position();
        final int record = scratch.clear().beginRecord(McapDescriptor.ATTACHMENT);
        scratch.u64(time).u64(time).string(name).string(mediaType);
        scratch.u64(data.length).bytes(data, 0, data.length);
        final CRC32 crc = new CRC32();
        crc.update(scratch.array(), McapDescriptor.PREFIX_LENGTH, scratch.length() - McapDescriptor.PREFIX_LENGTH);
        file.write(scratch.u32(crc.getValue()).endRecord(record));
        attachmentCount++;
        final int line = attachmentIndex.beginRecord(McapDescriptor.ATTACHMENT_INDEX);
        attachmentIndex
                .u64(start)
                .u64(file.position() - start)
                .u64(time)
                .u64(time)
                .u64(data.length);
        attachmentIndex.string(name).string(mediaType).endRecord(line);
    }

    /**
     * Writes texts by name.
     *
     * @param name of all of them.
     * @param texts by their names.
     * @throws IOException if the file cannot be written.
     */
    void metadata(String name, Map<String, String> texts) throws IOException {
        final long start = file.position();
        final int record = scratch.clear().beginRecord(McapDescriptor.METADATA);
        file.write(scratch.string(name).strings(texts).endRecord(record));
        metadataCount++;
        final int line = metadataIndex.beginRecord(McapDescriptor.METADATA_INDEX);
        metadataIndex.u64(start).u64(file.position() - start).string(name).endRecord(line);
    }

    /**
     * Messages written so far.
     *
     * @return count.
     */
    long messages() {
        return messageCount;
    }

    /**
     * Writes what makes the file whole: the rest of the messages, the summary and the footer.
     *
     * @throws IOException if the file cannot be written.
     */
    void finish() throws IOException {
        flush();
        final int end = scratch.clear().beginRecord(McapDescriptor.DATA_END);
        file.write(scratch.u32(file.crc()).endRecord(end));

        final long summary = file.position();
        file.beginCrc();
        final RecordBuffer offsets = new RecordBuffer();
        group(McapDescriptor.SCHEMA, schemas, offsets);
        group(McapDescriptor.CHANNEL, channels, offsets);
        group(McapDescriptor.STATISTICS, statistics(), offsets);
        group(McapDescriptor.CHUNK_INDEX, chunkIndex, offsets);
        group(McapDescriptor.ATTACHMENT_INDEX, attachmentIndex, offsets);
        group(McapDescriptor.METADATA_INDEX, metadataIndex, offsets);
        final long summaryOffset = file.position();
        file.write(offsets);

        scratch.clear().u8(McapDescriptor.FOOTER).u64(McapDescriptor.FOOTER_LENGTH);
        file.write(scratch.u64(summary).u64(summaryOffset));
        file.write(scratch.clear().u32(file.crc()).u64(McapDescriptor.MAGIC));
    }

    private void group(byte opcode, RecordBuffer records, RecordBuffer offsets) throws IOException {
        if (records.length() > 0) {
            final int record = offsets.beginRecord(McapDescriptor.SUMMARY_OFFSET);
            offsets.u8(opcode).u64(file.position()).u64(records.length()).endRecord(record);
            file.write(records);
        }
    }

    private RecordBuffer statistics() {
        final int record = scratch.clear().beginRecord(McapDescriptor.STATISTICS);
        scratch.u64(messageCount).u16(schemaCount).u32(counts.size());
        scratch.u32(attachmentCount).u32(metadataCount).u32(chunkCount);
        scratch.u64(first).u64(last);
        final int map = scratch.beginList();
        for (int channel = 0; channel < counts.size(); channel++) {
            scratch.u16(channel).u64(counts.get(channel)[0]);
        }
        return scratch.endList(map).endRecord(record);
    }

    /** Releases the file as it is, whole only if {@link #finish} was called. */
    @Override
    public void close() throws IOException {
        chunk.close();
        file.close();
    }
}
