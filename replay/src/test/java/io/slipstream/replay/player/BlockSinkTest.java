package io.slipstream.replay.player;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.format.SeqlockWriter;
import io.slipstream.replay.Sessions;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.block.BlockTrailer;
import io.slipstream.telemetry.block.MappedBlock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockSinkTest {
    private static final int SEQUENCE = Sessions.FORMAT.field("mSequenceNumber").offset();
    private static final int MAPPED = BlockDescriptor.mappingLength(Sessions.LENGTH);

    @TempDir
    Path folder;

    private Path path() {
        return folder.resolve("block");
    }

    private BlockName name() {
        return new BlockName.MappedFile(path());
    }

    private BlockSink open(final boolean synthetic) throws IOException {
        return BlockSink.open(name(), Sessions.FORMAT, Sessions.LENGTH, synthetic);
    }

    private void shouldRefuse() {
        assertThatThrownBy(() -> open(true))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(path() + " is alive")
                .hasMessageContaining("--block");
    }

    @Test
    void shouldWriteEachFrameWithItsOwnSequence() throws IOException {
        try (Sessions sessions = new Sessions(folder).frames(40, Sessions.START_NS, 10_000_000);
                SessionReader session = SessionReader.open(sessions.finish());
                FrameCursor cursor = session.frames();
                BlockSink sink = open(true);
                MappedBlock block = MappedBlock.openReadOnly(name())) {
            for (int i = 0; cursor.next(); i++) {
                sink.onFrame(cursor, cursor.timestamp());
                final byte[] written = new byte[Sessions.LENGTH];
                block.buffer().getBytes(0, written);
                assertThat(written)
                        .as("the block after frame %d", i)
                        .isEqualTo(sessions.frames.get(i).block());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSignTheBlockAsAReplay(final boolean synthetic) throws IOException {
        try (BlockSink sink = open(synthetic);
                MappedBlock block = MappedBlock.openReadOnly(name())) {
            assertThat(sink).isNotNull();
            assertThat(BlockTrailer.replay(block.buffer())).as("replay").isTrue();
            assertThat(BlockTrailer.synthetic(block.buffer())).as("synthetic").isEqualTo(synthetic);
            assertThat(BlockTrailer.writerPid(block.buffer()))
                    .isEqualTo(ProcessHandle.current().pid());
        }
        try (MappedBlock block = MappedBlock.openReadOnly(name())) {
            assertThat(BlockTrailer.writerAlive(block.buffer()))
                    .as("after it was closed")
                    .isFalse();
            assertThat(BlockTrailer.replay(block.buffer())).isTrue();
        }
    }

    @Test
    void shouldRefuseABlockThatThisProcessWrites() throws IOException {
        try (BlockSink sink = open(true)) {
            assertThat(sink).isNotNull();
            shouldRefuse();
        }
        try (BlockSink again = open(false);
                MappedBlock block = MappedBlock.openReadOnly(name())) {
            assertThat(again).isNotNull();
            assertThat(BlockTrailer.synthetic(block.buffer()))
                    .as("the trailer of the second playback")
                    .isFalse();
        }
    }

    @Test
    void shouldRefuseABlockThatAnotherProcessWritesAndTakeItOverWhenThatHasDied() throws Exception {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(System.getProperty("jvm.flags").split(" ")));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Signer.class.getName(), path() + ""));
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(output.readLine()).as("what the writing process says").isEqualTo("signed");
            shouldRefuse();
            process.destroyForcibly().waitFor();
            try (BlockSink sink = open(true)) {
                assertThat(sink).as("a playback into a dead process's block").isNotNull();
            }
        } finally {
            process.destroyForcibly();
        }
    }

    /** Signs a block and waits to be killed. */
    static final class Signer {
        private Signer() {}

        public static void main(final String[] arguments) throws IOException {
            try (MappedBlock block = MappedBlock.create(new BlockName.MappedFile(Path.of(arguments[0])), MAPPED)) {
                BlockTrailer.write(block.buffer(), true, false);
                System.out.println("signed");
                while (System.in.read() >= 0) {
                    // Until killed.
                }
            }
        }
    }

    @Test
    void shouldRefuseAGamesBlockThatMoves() throws Exception {
        final AtomicBoolean stop = new AtomicBoolean();
        try (MappedBlock game = MappedBlock.create(name(), MAPPED)) {
            final SeqlockWriter writer = new SeqlockWriter(game.buffer(), SEQUENCE);
            final Thread thread = new Thread(() -> {
                while (!stop.get()) {
                    writer.begin();
                    writer.end();
                }
            });
            thread.start();
            try {
                shouldRefuse();
            } finally {
                stop.set(true);
                thread.join();
            }
            assertThat(BlockTrailer.isPresent(game.buffer()))
                    .as("our trailer in a game's block")
                    .isFalse();
        }
    }

    @Test
    void shouldTakeOverABlockThatStandsStill() throws IOException {
        try (MappedBlock game = MappedBlock.create(name(), MAPPED)) {
            game.buffer().putInt(SEQUENCE, 4711);
            try (BlockSink sink = open(true)) {
                assertThat(sink).isNotNull();
                assertThat(BlockTrailer.replay(game.buffer()))
                        .as("the same file, so that its readers see the playback")
                        .isTrue();
            }
        }
    }

    @Test
    void shouldReplaceADeadBlockOfAnotherLength() throws IOException {
        Files.write(path(), new byte[MAPPED + 4096]);
        try (BlockSink sink = open(true)) {
            assertThat(sink).isNotNull();
            assertThat(Files.size(path())).isEqualTo(MAPPED);
        }
        Files.write(path(), new byte[100]);
        try (BlockSink sink = open(true)) {
            assertThat(sink).isNotNull();
            assertThat(Files.size(path())).isEqualTo(MAPPED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qt:slipstream sink ", "systemv:"})
    void shouldPlayIntoBlocksThatAreNoFiles(final String prefix) throws IOException {
        final BlockName name =
                BlockName.parse(prefix + ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE));
        try (Sessions sessions = new Sessions(folder).frames(10, Sessions.START_NS, 10_000_000);
                SessionReader session = SessionReader.open(sessions.finish());
                FrameCursor cursor = session.frames();
                MappedBlock viewer = MappedBlock.create(name, MAPPED)) {
            try (BlockSink sink = BlockSink.open(name, Sessions.FORMAT, Sessions.LENGTH, true)) {
                for (int i = 0; cursor.next(); i++) {
                    sink.onFrame(cursor, cursor.timestamp());
                    final byte[] written = new byte[Sessions.LENGTH];
                    viewer.buffer().getBytes(0, written);
                    assertThat(written)
                            .as("the block after frame %d", i)
                            .isEqualTo(sessions.frames.get(i).block());
                }
                assertThatThrownBy(() -> BlockSink.open(name, Sessions.FORMAT, Sessions.LENGTH, true)
                                .close())
                        .hasMessageContaining(name + " is alive");
            }
            try (BlockSink again = BlockSink.open(name, Sessions.FORMAT, Sessions.LENGTH, false)) {
                assertThat(again).isNotNull();
                assertThat(BlockTrailer.synthetic(viewer.buffer()))
                        .as("the same block, so that its viewers see the next playback")
                        .isFalse();
            }
        } finally {
            SharedBlock.remove(name);
        }
    }

    @Test
    void shouldReplaceADeadBlockOfAnotherLengthThatStays() throws IOException {
        final BlockName name = new BlockName.SystemV(ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE));
        SharedBlock.create(name, 100).close();
        try (BlockSink sink =
                BlockSink.open(name, Sessions.FORMAT, Sessions.LENGTH, true).removedAtEnd()) {
            assertThat(sink).isNotNull();
            assertThat(SharedBlock.info(name).size()).isEqualTo(MAPPED);
        }
        assertThat(SharedBlock.remove(name)).as("there after the end").isFalse();
    }

    @Test
    void shouldLeaveABlockThatGoesWithItsProgramsToThem() throws IOException {
        final BlockName name = BlockName.parse(
                "qt:slipstream sink " + ThreadLocalRandom.current().nextInt());
        try (SharedBlock program = SharedBlock.create(name, 100)) {
            assertThatThrownBy(() -> BlockSink.open(name, Sessions.FORMAT, Sessions.LENGTH, true)
                            .close())
                    .hasMessageContaining("100 bytes")
                    .hasMessageContaining(MAPPED + " wanted");
            assertThat(program.stillThere()).isTrue();
        }
    }

    @Test
    void shouldRemoveItsBlockAtTheEndAndNotAnothers() throws IOException {
        try (BlockSink sink = open(true).removedAtEnd()) {
            assertThat(sink).isNotNull();
        }
        assertThat(path()).doesNotExist();
        try (BlockSink sink = open(true).removedAtEnd()) {
            assertThat(sink).isNotNull();
            Files.move(
                    Files.write(folder.resolve("other"), new byte[MAPPED]),
                    path(),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        assertThat(path()).as("what took its place").exists();
    }

    @Test
    void shouldRefuseAFolder() throws IOException {
        Files.createDirectory(path());
        assertThatThrownBy(() -> open(true)).isInstanceOf(IOException.class).hasMessageContaining(path().toString());
        assertThat(path()).isDirectory();
    }
}
