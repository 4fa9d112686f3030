package io.slipstream.memory;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file without a name, found by the memory into which this very process has mapped it. */
final class ForeignMemoryTest {
    private static final long SELF = ProcessHandle.current().pid();
    private static final long OFFSET = 4096;

    @TempDir
    Path directory;

    private FileChannel nameless(long size) throws Exception {
        final Path file = directory.resolve("nameless");
        final FileChannel channel = FileChannel.open(file, CREATE_NEW, READ, WRITE);
        channel.truncate(0).write(ByteBuffer.wrap(new byte[(int) size]));
        Files.delete(file);
        return channel;
    }

    private static ForeignMemory at(MemorySegment segment, long offset, List<Long> keepers) throws Exception {
        return ForeignMemory.at("test", SELF, segment.address() + offset, segment.byteSize() - offset, keepers);
    }

    @Test
    void shouldMapWhatADescriptorKeeps() throws Exception {
        try (Arena theirs = Arena.ofConfined();
                Arena ours = Arena.ofShared()) {
            final ForeignMemory memory;
            try (FileChannel channel = nameless(3 * OFFSET)) {
                final MemorySegment segment = channel.map(MapMode.READ_WRITE, OFFSET, 2 * OFFSET, theirs);
                memory = at(segment, 16, List.of(SELF));
                assertThat(memory.size()).isEqualTo(2 * OFFSET - 16);
                final MemorySegment mapped = memory.map("test", BlockAccess.READ_WRITE, ours);
                segment.setString(16, "theirs");
                assertThat(mapped.getString(0)).isEqualTo("theirs");
                mapped.setString(100, "ours");
                assertThat(segment.getString(116)).isEqualTo("ours");
                assertThat(memory.map("test", BlockAccess.READ_ONLY, ours).isReadOnly())
                        .isTrue();
                assertThat(memory.isKept()).isTrue();
            }
            assertThat(memory.isKept()).isFalse();
            assertThat(catchThrowableOfType(
                                    SharedMemoryException.class, () -> memory.map("test", BlockAccess.READ_WRITE, ours))
                            .error())
                    .isEqualTo(SharedMemoryError.NOT_FOUND);
        }
    }

    @Test
    void shouldMapAsRootWhatNoDescriptorKeeps() throws Exception {
        assumeTrue(Files.isReadable(Path.of("/proc/1/environ")), "not root");
        try (Arena theirs = Arena.ofConfined();
                Arena ours = Arena.ofShared()) {
            final MemorySegment segment;
            try (FileChannel channel = nameless(OFFSET)) {
                segment = channel.map(MapMode.READ_WRITE, 0, OFFSET, theirs);
            }
            final ForeignMemory memory = at(segment, 0, List.of(SELF));
            segment.setString(0, "nobody has it open");
            assertThat(memory.map("test", BlockAccess.READ_WRITE, ours).getString(0))
                    .isEqualTo("nobody has it open");
        }
    }

    @Test
    void shouldLeaveOffWhatTheFileHasNot() throws Exception {
        try (Arena theirs = Arena.ofConfined();
                FileChannel channel = nameless(3 * OFFSET)) {
            final MemorySegment segment = channel.map(MapMode.READ_WRITE, 0, 3 * OFFSET, theirs);
            channel.truncate(OFFSET + 10);
            assertThat(at(segment, 0, List.of(SELF)).size()).isEqualTo(OFFSET + 10);
            final SharedMemoryException cut =
                    catchThrowableOfType(SharedMemoryException.class, () -> at(segment, 2 * OFFSET, List.of(SELF)));
            assertThat(cut.error()).isEqualTo(SharedMemoryError.INVALID_SIZE);
        }
    }

    @Test
    void shouldNotTakeMemoryThatIsNotShared() throws Exception {
        try (Arena theirs = Arena.ofConfined();
                FileChannel channel = nameless(OFFSET)) {
            assertThat(at(channel.map(MapMode.PRIVATE, 0, OFFSET, theirs), 0, List.of(SELF)))
                    .isNull();
            assertThat(at(theirs.allocate(100), 0, List.of(SELF))).isNull();
        }
    }
}
