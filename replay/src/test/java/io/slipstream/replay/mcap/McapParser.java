package io.slipstream.replay.mcap;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * Reads a whole MCAP file, written from the public specification and from nothing of the writer's, and checks all that the
 * specification promises: every record to its last byte, every CRC, every index against what it points at, every count.
 */
final class McapParser {
    record Schema(int id, String name, String encoding, String data) {}

    record Channel(int id, int schema, String topic, String encoding, Map<String, String> metadata) {}

    record Message(int channel, long sequence, long logTime, long publishTime, String data) {}

    record Attachment(long logTime, long createTime, String name, String mediaType, String data) {}

    /** A record's place in the file: where it starts, and where the one behind it does. */
    private record Place(int opcode, int start, int end) {}

    private record IndexEntry(long time, long offset) {}

    final Map<Integer, Schema> schemas = new TreeMap<>();
    final Map<Integer, Channel> channels = new TreeMap<>();
    final List<Message> messages = new ArrayList<>();
    final Map<String, Map<String, String>> metadata = new LinkedHashMap<>();
    final List<Attachment> attachments = new ArrayList<>();
    final List<String> compressions = new ArrayList<>();
    String library;
    int chunks;

    private final ByteBuffer file;
    private final List<Place> data = new ArrayList<>();
    private final List<Place> summary = new ArrayList<>();
    private int dataEnd;

    McapParser(Path path) throws IOException {
        this(Files.readAllBytes(path));
    }

    McapParser(byte[] bytes) {
        file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        final byte[] magic = {(byte) 0x89, 'M', 'C', 'A', 'P', 0x30, '\r', '\n'};
        assertThat(slice(0, 8)).as("magic at the start").isEqualTo(magic);
        assertThat(slice(file.limit() - 8, 8)).as("magic at the end").isEqualTo(magic);
        final int footer = file.limit() - 8 - 29;
        walkData();
        checkFooter(footer);
    }

    /** Messages of a topic, in the order of the file. */
    List<Message> messages(String topic) {
        return messages.stream()
                .filter(message -> channels.get(message.channel()).topic().equals(topic))
                .toList();
    }

    /** The schema of a topic's messages. */
    Schema schema(String topic) {
        return channels.values().stream()
                .filter(channel -> channel.topic().equals(topic))
                .map(channel -> schemas.get(channel.schema()))
                .findFirst()
                .orElseThrow();
    }

    private void walkData() {
        int at = 8;
        ByteBuffer pendingChunk = null;
        final Map<Integer, List<IndexEntry>> found = new HashMap<>();
        while (true) {
            final Place place = place(at);
            final ByteBuffer content = content(place);
            assertThat(data.isEmpty())
                    .as("the first record, and no other, is the header")
                    .isEqualTo(place.opcode() == 0x01);
            if (pendingChunk != null && place.opcode() != 0x07) {
                assertThat(found).as("messages without an index before %d", at).isEmpty();
                pendingChunk = null;
            }
            switch (place.opcode()) {
                case 0x01 -> {
                    string(content);
                    library = string(content);
                }
                case 0x03 -> onSchema(content);
                case 0x04 -> onChannel(content);
                case 0x06 -> pendingChunk = onChunk(content, found);
                case 0x07 -> {
                    assertThat(pendingChunk).as("a chunk before the index").isNotNull();
                    onMessageIndex(content, found);
                }
                case 0x09 -> onAttachment(content);
                case 0x0C ->
                    assertThat(metadata.put(string(content), strings(content)))
                            .as("metadata of the same name")
                            .isNull();
                case 0x0F -> {
                    assertThat(u32(content)).as("CRC of the data").isEqualTo(crc(slice(0, at)));
                    dataEnd = place.end();
                }
                default -> throw new AssertionError("record " + place + " in the data section");
            }
            assertThat(content.remaining()).as("bytes behind %s", place).isZero();
            data.add(place);
            at = place.end();
            if (place.opcode() == 0x0F) {
                return;
            }
        }
    }

    private void onSchema(ByteBuffer content) {
        final Schema schema = new Schema(u16(content), string(content), string(content), string(content));
        assertThat(schema.id()).isNotZero();
        final Schema before = schemas.put(schema.id(), schema);
        assertThat(before).as("schema twice").isIn(null, schema);
    }

    private void onChannel(ByteBuffer content) {
        final Channel channel =
                new Channel(u16(content), u16(content), string(content), string(content), strings(content));
        assertThat(schemas).as("schema of %s", channel).containsKey(channel.schema());
        final Channel before = channels.put(channel.id(), channel);
        assertThat(before).as("channel twice").isIn(null, channel);
    }

    private ByteBuffer onChunk(ByteBuffer content, Map<Integer, List<IndexEntry>> found) {
        chunks++;
        final long first = content.getLong();
        final long last = content.getLong();
        final int size = Math.toIntExact(content.getLong());
        final long crc = u32(content);
        final String compression = string(content);
        compressions.add(compression);
        final byte[] packed = new byte[Math.toIntExact(content.getLong())];
        content.get(packed);
        final byte[] plain = compression.equals("zstd") ? Zstd.decompress(packed, size) : packed;
        assertThat(compression).isIn("", "zstd");
        assertThat(plain).as("plain size").hasSize(size);
        assertThat(crc).as("CRC of chunk %d", chunks).isNotZero().isEqualTo(crc(plain));
        found.clear();
        final ByteBuffer records = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN);
        long least = Long.MAX_VALUE;
        long most = 0;
        while (records.hasRemaining()) {
            final int start = records.position();
            final int opcode = records.get();
            final int length = Math.toIntExact(records.getLong());
            final ByteBuffer one = records.slice(records.position(), length).order(ByteOrder.LITTLE_ENDIAN);
            records.position(records.position() + length);
            switch (opcode) {
                case 0x03 -> onSchema(one);
                case 0x04 -> onChannel(one);
                case 0x05 -> {
                    final Message message = onMessage(one);
                    found.computeIfAbsent(message.channel(), key -> new ArrayList<>())
                            .add(new IndexEntry(message.logTime(), start));
                    least = Math.min(least, message.logTime());
                    most = Math.max(most, message.logTime());
                }
                default -> throw new AssertionError("record " + opcode + " in chunk " + chunks);
            }
            assertThat(one.remaining()).as("bytes behind record %d", opcode).isZero();
        }
        assertThat(first).as("first time of chunk %d", chunks).isEqualTo(found.isEmpty() ? 0 : least);
        assertThat(last).as("last time of chunk %d", chunks).isEqualTo(most);
        return content;
    }

    private Message onMessage(ByteBuffer one) {
        final int channel = u16(one);
        assertThat(channels).as("channel of a message").containsKey(channel);
        final long sequence = u32(one);
        final long logTime = one.getLong();
        final long publishTime = one.getLong();
        final byte[] text = new byte[one.remaining()];
        one.get(text);
        final Message message =
                new Message(channel, sequence, logTime, publishTime, new String(text, StandardCharsets.UTF_8));
        messages.add(message);
        return message;
    }

    private static void onMessageIndex(ByteBuffer content, Map<Integer, List<IndexEntry>> found) {
        final int channel = u16(content);
        assertThat(u32(content)).as("length of the index").isEqualTo(content.remaining());
        final List<IndexEntry> index = new ArrayList<>();
        while (content.hasRemaining()) {
            index.add(new IndexEntry(content.getLong(), content.getLong()));
        }
        assertThat(index).as("index of channel %d", channel).isEqualTo(found.remove(channel));
    }

    private void onAttachment(ByteBuffer content) {
        final int start = content.position();
        final long logTime = content.getLong();
        final long createTime = content.getLong();
        final String name = string(content);
        final String mediaType = string(content);
        final byte[] bytes = new byte[Math.toIntExact(content.getLong())];
        content.get(bytes);
        final byte[] before = new byte[content.position() - start];
        content.get(start, before);
        assertThat(u32(content)).as("CRC of attachment %s", name).isEqualTo(crc(before));
        attachments.add(
                new Attachment(logTime, createTime, name, mediaType, new String(bytes, StandardCharsets.UTF_8)));
    }

    private void checkFooter(int footer) {
        final Place place = place(footer);
        assertThat(place.opcode()).as("footer").isEqualTo(0x02);
        assertThat(place.end()).as("end of the footer").isEqualTo(file.limit() - 8);
        final ByteBuffer content = content(place);
        final int start = Math.toIntExact(content.getLong());
        final int offsets = Math.toIntExact(content.getLong());
        assertThat(start).as("start of the summary").isEqualTo(dataEnd);
        assertThat(u32(content)).as("CRC of the summary").isEqualTo(crc(slice(start, footer + 9 + 16 - start)));
        for (int at = start; at < offsets; at = place(at).end()) {
            summary.add(place(at));
        }
        checkSummary();
        checkSummaryOffsets(offsets, footer);
    }

    private void checkSummary() {
        final Map<Integer, Schema> dataSchemas = new HashMap<>(schemas);
        final Map<Integer, Channel> dataChannels = new HashMap<>(channels);
        final List<Place> chunkPlaces = places(data, 0x06);
        final List<Place> attachmentPlaces = places(data, 0x09);
        final List<Place> metadataPlaces = places(data, 0x0C);
        for (Place place : summary) {
            final ByteBuffer content = content(place);
            switch (place.opcode()) {
                case 0x03 -> {
                    onSchema(content);
                    dataSchemas.remove((int) file.getShort(place.start() + 9));
                }
                case 0x04 -> {
                    onChannel(content);
                    dataChannels.remove((int) file.getShort(place.start() + 9));
                }
                case 0x08 -> checkChunkIndex(content, chunkPlaces.removeFirst());
                case 0x0A -> checkAttachmentIndex(content, attachmentPlaces.removeFirst());
                case 0x0B -> checkStatistics(content);
                case 0x0D -> {
                    checkPlace(content, metadataPlaces.removeFirst());
                    assertThat(metadata).containsKey(string(content));
                }
                default -> throw new AssertionError("record " + place + " in the summary");
            }
            assertThat(content.remaining()).as("bytes behind %s", place).isZero();
        }
        assertThat(dataSchemas).as("schemas that the summary lacks").isEmpty();
        assertThat(dataChannels).as("channels that the summary lacks").isEmpty();
        assertThat(chunkPlaces).as("chunks without an index").isEmpty();
        assertThat(attachmentPlaces).as("attachments without an index").isEmpty();
        assertThat(metadataPlaces).as("metadata without an index").isEmpty();
    }

    private void checkChunkIndex(ByteBuffer content, Place place) {
        final ByteBuffer chunk = content(place);
        assertThat(content.getLong()).isEqualTo(chunk.getLong());
        assertThat(content.getLong()).isEqualTo(chunk.getLong());
        final long plain = chunk.getLong();
        u32(chunk);
        final String compression = string(chunk);
        final long packed = chunk.getLong();
        checkPlace(content, place);
        final Map<Integer, Long> indexes = new TreeMap<>();
        final int mapLength = (int) u32(content);
        for (final int end = content.position() + mapLength; content.position() < end; ) {
            indexes.put(u16(content), content.getLong());
        }
        int at = place.end();
        final Map<Integer, Long> actual = new TreeMap<>();
        for (; place(at).opcode() == 0x07; at = place(at).end()) {
            actual.put(u16(content(place(at))), (long) at);
        }
        assertThat(indexes)
                .as("message indexes of the chunk at %d", place.start())
                .isEqualTo(actual);
        assertThat(content.getLong()).as("length of the message indexes").isEqualTo(at - place.end());
        assertThat(string(content)).isEqualTo(compression);
        assertThat(content.getLong()).as("packed size").isEqualTo(packed);
        assertThat(content.getLong()).as("plain size").isEqualTo(plain);
    }

    private void checkAttachmentIndex(ByteBuffer content, Place place) {
        checkPlace(content, place);
        final ByteBuffer attachment = content(place);
        assertThat(content.getLong()).isEqualTo(attachment.getLong());
        assertThat(content.getLong()).isEqualTo(attachment.getLong());
        final long size = content.getLong();
        assertThat(string(content)).isEqualTo(string(attachment));
        assertThat(string(content)).isEqualTo(string(attachment));
        assertThat(size).isEqualTo(attachment.getLong());
    }

    private static void checkPlace(ByteBuffer content, Place place) {
        assertThat(content.getLong()).as("where").isEqualTo(place.start());
        assertThat(content.getLong()).as("how long").isEqualTo(place.end() - place.start());
    }

    private void checkStatistics(ByteBuffer content) {
        assertThat(content.getLong()).as("messages").isEqualTo(messages.size());
        assertThat(u16(content)).as("schemas").isEqualTo(schemas.size());
        assertThat(u32(content)).as("channels").isEqualTo(channels.size());
        assertThat(u32(content)).as("attachments").isEqualTo(attachments.size());
        assertThat(u32(content)).as("metadata").isEqualTo(metadata.size());
        assertThat(u32(content)).as("chunks").isEqualTo(chunks);
        assertThat(content.getLong())
                .as("first log time")
                .isEqualTo(messages.stream().mapToLong(Message::logTime).min().orElse(0));
        assertThat(content.getLong())
                .as("last log time")
                .isEqualTo(messages.stream().mapToLong(Message::logTime).max().orElse(0));
        assertThat(u32(content)).isEqualTo(content.remaining());
        final Map<Integer, Long> counts = new TreeMap<>();
        while (content.hasRemaining()) {
            counts.put(u16(content), content.getLong());
        }
        final Map<Integer, Long> actual = new TreeMap<>();
        channels.keySet().forEach(channel -> actual.put(channel, 0L));
        messages.forEach(message -> actual.merge(message.channel(), 1L, Long::sum));
        assertThat(counts).as("messages a channel").isEqualTo(actual);
    }

    private void checkSummaryOffsets(int offsets, int footer) {
        final Map<Integer, List<Integer>> groups = new LinkedHashMap<>();
        int previous = 0;
        for (Place place : summary) {
            assertThat(place.opcode() == previous || !groups.containsKey(place.opcode()))
                    .as("records of the summary are grouped by opcode")
                    .isTrue();
            previous = place.opcode();
            groups.computeIfAbsent(place.opcode(), key -> new ArrayList<>(List.of(place.start(), 0)))
                    .set(1, place.end());
        }
        int at = offsets;
        while (at < footer) {
            final Place place = place(at);
            final ByteBuffer content = content(place);
            assertThat(place.opcode()).isEqualTo(0x0E);
            final List<Integer> group = groups.remove(content.get() & 0xFF);
            assertThat(group).as("group that %s names", place).isNotNull();
            assertThat(content.getLong()).isEqualTo(group.getFirst().longValue());
            assertThat(content.getLong()).isEqualTo(group.get(1) - group.getFirst());
            assertThat(content.remaining()).isZero();
            at = place.end();
        }
        assertThat(at).as("end of the summary offsets").isEqualTo(footer);
        assertThat(groups).as("groups without a summary offset").isEmpty();
    }

    private static List<Place> places(List<Place> all, int opcode) {
        return new ArrayList<>(
                all.stream().filter(place -> place.opcode() == opcode).toList());
    }

    private Place place(int at) {
        final long length = file.getLong(at + 1);
        assertThat(length).as("length of the record at %d", at).isBetween(0L, file.limit() - at - 9L);
        return new Place(file.get(at), at, Math.toIntExact(at + 9 + length));
    }

    private ByteBuffer content(Place place) {
        return file.slice(place.start() + 9, place.end() - place.start() - 9).order(ByteOrder.LITTLE_ENDIAN);
    }

    private byte[] slice(int start, int length) {
        final byte[] bytes = new byte[length];
        file.get(start, bytes);
        return bytes;
    }

    private static long crc(byte[] bytes) {
        final CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }

    private static int u16(ByteBuffer content) {
        return content.getShort() & 0xFFFF;
    }

    private static long u32(ByteBuffer content) {
        return content.getInt() & 0xFFFF_FFFFL;
    }

    private static String string(ByteBuffer content) {
        final byte[] text = new byte[Math.toIntExact(u32(content))];
        content.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static Map<String, String> strings(ByteBuffer content) {
        final Map<String, String> map = new LinkedHashMap<>();
        final int length = (int) u32(content);
        for (final int end = content.position() + length; content.position() < end; ) {
            assertThat(map.put(string(content), string(content)))
                    .as("key twice")
                    .isNull();
        }
        return map;
    }
}
