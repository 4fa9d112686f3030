package io.slipstream.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ProcMappingTest {
    private static final String LINE =
            "010a0000-010a2000 rw-s 00001000 fe:102 2189796                  /tmp/a b (deleted)";

    @Test
    void shouldReadALine() {
        final ProcMapping mapping = ProcMapping.parse(LINE).getFirst();
        assertThat(mapping.start()).isEqualTo(0x10a0000);
        assertThat(mapping.end()).isEqualTo(0x10a2000);
        assertThat(mapping.shared()).isTrue();
        assertThat(mapping.offset()).isEqualTo(0x1000);
        assertThat(mapping.device()).isEqualTo(0x10_fe02L);
        assertThat(mapping.inode()).isEqualTo(2189796);
        assertThat(mapping.path()).isEqualTo("/tmp/a b (deleted)");
        assertThat(mapping.holds(0x10a1fff)).isTrue();
        assertThat(mapping.holds(0x10a2000)).isFalse();
        assertThat(mapping.range()).isEqualTo("10a0000-10a2000");
    }

    @Test
    void shouldReadAddressesOfTheUpperHalfAndMemoryWithoutAFile() {
        final List<ProcMapping> mappings = ProcMapping.parse("""
                ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]
                7ffe0000-7ffe1000 r--p 00000000 00:00 0
                """);
        assertThat(mappings).hasSize(2);
        assertThat(mappings.getFirst().holds(0xffffffffff600010L)).isTrue();
        assertThat(mappings).noneMatch(ProcMapping::isFile);
    }

    @Test
    void shouldEndLinesAtLineFeedsOnly() {
        final List<ProcMapping> mappings =
                ProcMapping.parse(LINE.replace("a b", "a\r7000-8000 rw-s 0 0:0 1 /b") + "\n" + LINE);
        assertThat(mappings).hasSize(2);
        assertThat(mappings.getFirst().path()).isEqualTo("/tmp/a\r7000-8000 rw-s 0 0:0 1 /b (deleted)");
    }

    @Test
    void shouldLeaveOutWhatIsNoLine() {
        final Random random = new Random(2);
        for (int round = 0; round < 20_000; round++) {
            final StringBuilder line = new StringBuilder(LINE);
            for (int i = random.nextInt(4); i >= 0; i--) {
                line.setCharAt(random.nextInt(line.length()), (char) random.nextInt(128));
            }
            for (ProcMapping mapping : ProcMapping.parse(line.toString())) {
                assertThat(Long.compareUnsigned(mapping.start(), mapping.end())).isNegative();
            }
        }
    }

    @Test
    void shouldSeeThisProcess() {
        final long self = ProcessHandle.current().pid();
        assertThat(ProcTable.own()).contains(self);
        assertThat(ProcTable.mappings(self)).isNotEmpty();
        assertThat(ProcTable.arguments(self)).isNotEmpty();
        assertThat(ProcTable.environment(self)).isNotEmpty();
        assertThat(ProcTable.descriptors(self)).isNotEmpty();
        assertThat(ProcTable.arguments(Integer.MAX_VALUE)).isEmpty();
        assertThat(ProcTable.mappings(Integer.MAX_VALUE)).isEmpty();
    }
}
