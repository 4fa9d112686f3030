package io.slipstream.replay.mcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The container, read back by a parser that shares nothing with the writer. */
final class McapWriterTest {
    private static final long START = 1_767_323_045_000_000_000L;
    private static final byte[] SCHEMA = "{\"type\":\"object\"}".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private static McapWriter write(Path path, boolean compress) throws IOException {
        return new McapWriter(
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                "slipstream test",
                compress);
    }

    private static void send(McapWriter writer, int channel, long time, String text) throws IOException {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        writer.message(channel, time, new UnsafeBuffer(bytes), 0, bytes.length);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldWriteEveryKindOfRecord(boolean compress) throws Exception {
        final Path path = directory.resolve("all.mcap");
        final List<String> sent = new ArrayList<>();
        try (McapWriter writer = write(path, compress)) {
            writer.metadata("session", Map.of("track", "Nürburgring", "synthetic", "true"));
            final int often = writer.channel(
                    writer.schema("a.Often", "jsonschema", SCHEMA), "/often", "json", Map.of("rate", "100"));
            final int seldom =
                    writer.channel(writer.schema("a.Seldom", "jsonschema", SCHEMA), "/seldom", "json", Map.of());
            writer.channel(1, "/never", "json", Map.of());
            final String filling = "x".repeat(1000);
            for (int i = 0; i < 3000; i++) {
                final String text = "{\"i\":" + i + ",\"text\":\"" + filling + "\"}";
                sent.add(text);
                send(writer, often, START + i * 10_000_000L, text);
                if (i % 2000 == 1999) {
                    send(writer, seldom, START + i * 10_000_000L, "{\"seldom\":" + i + "}");
                }
            }
            writer.attachment(START, "session.json", "application/json", "{}".getBytes(StandardCharsets.UTF_8));
            assertThat(writer.messages()).isEqualTo(3001);
            writer.finish();
        }
        final McapParser file = new McapParser(path);
        assertThat(file.library).isEqualTo("slipstream test");
        assertThat(file.chunks).isGreaterThan(2);
        assertThat(file.compressions).containsOnly(compress ? "zstd" : "");
        assertThat(file.messages("/often")).extracting(McapParser.Message::data).isEqualTo(sent);
        assertThat(file.messages("/often"))
                .extracting(McapParser.Message::sequence)
                .startsWith(0L, 1L)
                .endsWith(2999L);
        assertThat(file.messages("/often").get(7).logTime()).isEqualTo(START + 70_000_000L);
        assertThat(file.messages("/seldom")).hasSize(1);
        assertThat(file.messages("/never")).isEmpty();
        assertThat(file.metadata.get("session")).containsEntry("track", "Nürburgring");
        assertThat(file.attachments)
                .containsExactly(new McapParser.Attachment(START, START, "session.json", "application/json", "{}"));
        assertThat(file.channels.get(0).metadata()).containsEntry("rate", "100");
    }

    @Test
    void shouldWriteAWholeFileOfNothing() throws Exception {
        final Path path = directory.resolve("empty.mcap");
        try (McapWriter writer = write(path, true)) {
            writer.finish();
        }
        final McapParser file = new McapParser(path);
        assertThat(file.messages).isEmpty();
        assertThat(file.chunks).isZero();
    }

    @Test
    void shouldWriteChannelsWithoutMessages() throws Exception {
        final Path path = directory.resolve("channels.mcap");
        try (McapWriter writer = write(path, true)) {
            writer.channel(writer.schema("a.A", "jsonschema", SCHEMA), "/a", "json", Map.of());
            writer.finish();
        }
        final McapParser file = new McapParser(path);
        assertThat(file.messages("/a")).isEmpty();
        assertThat(file.schema("/a").name()).isEqualTo("a.A");
    }

    @Test
    void shouldBeRejectedByTheParserOnceAnyByteIsChanged() throws Exception {
        final Path path = directory.resolve("flipped.mcap");
        try (McapWriter writer = write(path, false)) {
            final int channel = writer.channel(writer.schema("a.A", "jsonschema", SCHEMA), "/a", "json", Map.of());
            send(writer, channel, START, "{}");
            writer.metadata("m", Map.of("k", "v"));
            writer.finish();
        }
        final byte[] whole = Files.readAllBytes(path);
        for (int i = 0; i < whole.length; i += 3) {
            final byte[] damaged = whole.clone();
            damaged[i] ^= 0x10;
            assertThatThrownBy(() -> new McapParser(damaged))
                    .as("byte %d of %d changed", i, whole.length)
                    .isInstanceOf(Throwable.class);
        }
    }

    @Test
    void shouldRefuseAChannelOfNoSchema() throws Exception {
        try (McapWriter writer = write(directory.resolve("none.mcap"), true)) {
            assertThatThrownBy(() -> writer.channel(1, "/a", "json", Map.of())).hasMessageContaining("not declared");
        }
    }
}
