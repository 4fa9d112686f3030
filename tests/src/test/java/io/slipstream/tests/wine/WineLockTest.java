package io.slipstream.tests.wine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code LockFileEx} of Windows programs and {@link FileLock}, which is lockf, exclude each other region by region. */
@ExtendWith(Wine.class)
@Timeout(120)
final class WineLockTest {
    @TempDir
    Path directory;

    @Test
    void shouldExcludeEachOtherRegionByRegion() throws Exception {
        final Path file = Files.write(directory.resolve("locked"), new byte[1000]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                WineProgram program = Wine.start("locker.exe", file.toString())) {
            assertThat(program.line()).isEqualTo("ready");
            assertThat(program.ask("lock 100 50")).isEqualTo("locked");
            assertThat(channel.tryLock(120, 10, false)).isNull();
            assertThat(channel.tryLock(149, 1, false)).isNull();
            try (FileLock before = channel.tryLock(0, 100, false);
                    FileLock after = channel.tryLock(150, 50, false)) {
                assertThat(before).isNotNull();
                assertThat(after).isNotNull();
                assertThat(program.ask("lock 0 10")).isEqualTo("busy");
                assertThat(program.ask("lock 190 100")).isEqualTo("busy");
                assertThat(program.ask("lock 200 100")).isEqualTo("locked");
                after.release();
                assertThat(program.ask("lock 150 50")).isEqualTo("locked");
            }
            assertThat(program.ask("unlock 100 50")).isEqualTo("unlocked");
            try (FileLock lock = channel.tryLock(100, 50, false)) {
                assertThat(lock).isNotNull();
                assertThat(program.ask("lock 100 50")).isEqualTo("busy");
            }
            assertThat(program.ask("lock 100 50")).isEqualTo("locked");
            program.kill();
            // A program that is killed leaves no lock.
            Patience.await(() -> channel.tryLock(100, 50, false), Objects::nonNull)
                    .release();
        }
    }
}
