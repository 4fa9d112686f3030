package io.slipstream.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PeImageTest {
    private static PeImage.Bytes bytes(byte[] file) {
        return (offset, length) -> {
            final int from = (int) Math.min(file.length, offset);
            return ByteBuffer.wrap(file, from, Math.min(length, file.length - from))
                    .slice();
        };
    }

    @Test
    void shouldFindSectionsAndSymbols() throws Exception {
        final PeImage image = PeImage.of(bytes(PeBytes.library()));
        assertThat(image.sections()).extracting(PeImage.Section::name).containsExactly(".text", ".shared", ".edata");
        assertThat(image.sections()).extracting(PeImage.Section::shared).containsExactly(false, true, false);
        assertThat(image.export("counter")).isEqualTo(PeBytes.SHARED_ADDRESS + PeBytes.COUNTER);
        assertThat(image.export("code")).isEqualTo(0x1004);
        assertThat(image.export("count")).isNegative();
        assertThat(image.export("counter1")).isNegative();
        assertThat(image.sectionAt(PeBytes.SHARED_ADDRESS).name()).isEqualTo(".shared");
        assertThat(image.sectionAt(PeBytes.SHARED_ADDRESS + PeBytes.SHARED_SIZE))
                .isNull();
    }

    @Test
    void shouldSayThatAFileIsNoDll() {
        assertThatThrownBy(() -> PeImage.of(bytes(new byte[0]))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> PeImage.of(bytes(new byte[1000])))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no program or DLL");
    }

    /** Whatever is in the file, it is read or refused: nothing else is thrown, and nothing takes long. */
    @Test
    void shouldReadOrRefuseDamagedFiles() {
        final Random random = new Random(1);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            final byte[] file = PeBytes.library();
            final int damages = 1 + random.nextInt(4);
            for (int i = 0; i < damages; i++) {
                // Half of them in the headers, half among the exports, some with the values that overflow.
                final int at = random.nextBoolean() ? random.nextInt(0x200) : 0x600 + random.nextInt(0x100);
                file[at] = random.nextInt(3) == 0 ? (byte) 0xFF : (byte) random.nextInt(256);
            }
            final byte[] cut = random.nextInt(4) == 0 ? Arrays.copyOf(file, random.nextInt(file.length)) : file;
            try {
                final PeImage image = PeImage.of(bytes(cut));
                final long address = image.export("counter");
                final PeImage.Section section = image.sectionAt(address);
                if (section != null) {
                    assertThat(address).isBetween(section.address(), section.address() + section.size() - 1);
                }
            } catch (IOException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(1000, 19_000);
    }
}
