package io.slipstream.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.memory.WakeDescriptor;
import io.slipstream.memory.WakeFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WakeFileTest {
    private static final int FILES = 300;

    @TempDir
    Path directory;

    /** A process that opens one wake file after the other. */
    static final class OpenerProcess {
        public static void main(String[] arguments) throws IOException {
            final Path folder = Path.of(arguments[0]);
            System.out.println("ready");
            final int go = System.in.read();
            for (int i = 0; i < FILES && go >= 0; i++) {
                WakeFile.open(folder.resolve("wake-" + i)).signal();
            }
            System.out.println("opened");
        }
    }

    @Test
    void shouldHaveTheLayoutThatIsPromised() throws Exception {
        try (MessageQueue queue = Quotes.open(directory)) {
            final byte[] expected = Arrays.copyOf("SLIPWAKE".getBytes(StandardCharsets.US_ASCII), 4096);
            expected[8] = 1;
            assertThat(Files.readAllBytes(directory.resolve("slipstream.wake"))).isEqualTo(expected);
            assertThat(queue.directory()).isEqualTo(directory);
        }
    }

    @Test
    void shouldLetProcessesCreateItAtOnce() throws Exception {
        final List<ChildJvm> children = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                children.add(ChildJvm.start(OpenerProcess.class, directory.toString()));
            }
            for (ChildJvm child : children) {
                child.await("ready");
            }
            for (ChildJvm child : children) {
                child.say("go");
            }
            for (ChildJvm child : children) {
                child.await("opened");
                assertThat(child.end()).isZero();
            }
        } finally {
            children.forEach(ChildJvm::close);
        }
        for (int i = 0; i < FILES; i++) {
            final byte[] bytes = Files.readAllBytes(directory.resolve("wake-" + i));
            assertThat(bytes).hasSize(WakeDescriptor.LENGTH).startsWith("SLIPWAKE".getBytes(StandardCharsets.US_ASCII));
            assertThat(bytes[WakeDescriptor.VERSION_OFFSET]).isEqualTo((byte) WakeDescriptor.VERSION);
        }
    }

    @Test
    void shouldTakeAFileThatIsShortOrLong() throws Exception {
        final Path file = directory.resolve(WakeDescriptor.FILE_NAME);
        for (int length : new int[] {0, 70, 4096, 10_000}) {
            Files.write(file, new byte[length]);
            WakeFile.open(file).signal();
            assertThat(Files.size(file)).isEqualTo(Math.max(length, WakeDescriptor.LENGTH));
            assertThat(Files.readAllBytes(file)).startsWith("SLIPWAKE".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void shouldRefuseAnotherProgramsFile() throws Exception {
        final Path file = Files.writeString(directory.resolve(WakeDescriptor.FILE_NAME), "a letter to my aunt");
        assertThatThrownBy(() -> Quotes.open(directory))
                .isInstanceOf(QueueFormatException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("move it out of the directory");
        assertThat(directory.resolve("metadata.cq4t")).doesNotExist();
    }

    @Test
    void shouldRefuseALaterVersion() throws Exception {
        final ByteBuffer content = ByteBuffer.allocate(WakeDescriptor.LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        content.putLong(WakeDescriptor.MAGIC).putInt(2);
        final Path file = Files.write(directory.resolve(WakeDescriptor.FILE_NAME), content.array());
        assertThatThrownBy(() -> Quotes.open(directory))
                .isInstanceOf(QueueFormatException.class)
                .hasMessageContaining(file + " has version 2");
        assertThat(Files.readAllBytes(file)).isEqualTo(content.array());
    }
}
