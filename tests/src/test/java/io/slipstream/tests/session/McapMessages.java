package io.slipstream.tests.session;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The messages of an MCAP file by topic, read by the public specification; nothing is shared with what wrote it. */
final class McapMessages {
    /** A message, in the order of the file. */
    record Message(long logTime, String data) {}

    private static final int FOOTER = 0x02;
    private static final int CHANNEL = 0x04;
    private static final int MESSAGE = 0x05;
    private static final int CHUNK = 0x06;
    private static final int MAGIC_LENGTH = 8;

    private final Map<Integer, String> topics = new HashMap<>();
    private final Map<String, List<Message>> messages = new HashMap<>();

    McapMessages(Path path) throws IOException {
        final ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        readRecords(file.position(MAGIC_LENGTH));
    }

    List<Message> of(String topic) {
        return messages.getOrDefault(topic, List.of());
    }

    private void readRecords(ByteBuffer records) {
        while (records.hasRemaining()) {
            final int opcode = records.get();
            final int length = Math.toIntExact(records.getLong());
            final ByteBuffer content = records.slice(records.position(), length).order(ByteOrder.LITTLE_ENDIAN);
            records.position(records.position() + length);
            switch (opcode) {
                case FOOTER -> {
                    return;
                }
                case CHANNEL -> {
                    final int id = content.getShort();
                    content.getShort();
                    topics.put(id, text(content, content.getInt()));
                }
                case MESSAGE -> {
                    final String topic = topics.get((int) content.getShort());
                    content.getInt();
                    final long logTime = content.getLong();
                    content.getLong();
                    messages.computeIfAbsent(topic, key -> new ArrayList<>())
                            .add(new Message(logTime, text(content, content.remaining())));
                }
                case CHUNK -> readRecords(plain(content));
                default -> {
                    // Schemas, indexes and the like: the exporter's own tests look at them.
                }
            }
        }
    }

    private static ByteBuffer plain(ByteBuffer chunk) {
        chunk.getLong();
        chunk.getLong();
        final int size = Math.toIntExact(chunk.getLong());
        chunk.getInt();
        final String compression = text(chunk, chunk.getInt());
        final byte[] bytes = new byte[Math.toIntExact(chunk.getLong())];
        chunk.get(bytes);
        return ByteBuffer.wrap(compression.isEmpty() ? bytes : Zstd.decompress(bytes, size))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String text(ByteBuffer from, int length) {
        final byte[] bytes = new byte[length];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
