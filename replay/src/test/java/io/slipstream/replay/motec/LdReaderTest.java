package io.slipstream.replay.motec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LdReaderTest {
    private static final int META = 11_336;
    private static final int SAMPLES = 200;

    @TempDir
    Path folder;

    private Path file;
    private ByteBuffer bytes;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("a.ld");
        final LdDetails details = new LdDetails(
                LocalDateTime.of(2026, 1, 2, 3, 4, 5), "D", "Car", "GT3", "Venue", "Event", "Session", "S", "L");
        try (LdWriter writer = LdWriter.create(
                file,
                details,
                List.of(
                        new LdChannel("Ground Speed", "GrndSpd", "km/h", LdType.FLOAT_32, 50, SAMPLES),
                        new LdChannel("Gear", "Gear", "", LdType.INT_16, 50, SAMPLES),
                        new LdChannel("Wide", "Wd", "", LdType.FLOAT_64, 10, SAMPLES),
                        new LdChannel("Narrow", "Nrrw", "", LdType.FLOAT_16, 10, SAMPLES)))) {
            for (int i = 0; i < SAMPLES; i++) {
                writer.append(0, i * 0.5);
                writer.append(1, i % 6);
                writer.append(2, i / 3.0);
                writer.append(3, i * 0.25);
            }
            writer.finish();
        }
        bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void store() throws IOException {
        Files.write(file, bytes.array());
    }

    private void shouldRefuse(final String message) throws IOException {
        store();
        assertThatThrownBy(() -> LdReader.open(file).close())
                .isInstanceOf(LdException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    void shouldReadEveryTypeWholeAndByPieces() throws IOException {
        try (LdReader reader = LdReader.open(file)) {
            assertThat(reader.channels())
                    .extracting(LdChannel::type)
                    .containsExactly(LdType.FLOAT_32, LdType.INT_16, LdType.FLOAT_64, LdType.FLOAT_16);
            for (final int buffered : new int[] {8, 100, 100_000}) {
                final LdColumn speed = reader.column(0, buffered);
                final LdColumn gear = reader.column(1, buffered);
                final LdColumn wide = reader.column(2, buffered);
                final LdColumn narrow = reader.column(3, buffered);
                for (int i = 0; i < SAMPLES; i++) {
                    assertThat(speed.value(i)).isEqualTo(i * 0.5);
                    assertThat(gear.value(i)).isEqualTo(i % 6);
                    assertThat(wide.value(i)).isEqualTo(i / 3.0);
                    assertThat(narrow.value(i)).isEqualTo(i * 0.25);
                }
                assertThat(speed.value(3)).isEqualTo(1.5);
                assertThat(gear.whole()).isTrue();
                assertThat(speed.whole()).isFalse();
            }
        }
    }

    @Test
    void shouldApplyShiftMultiplierScaleAndDecimals() throws IOException {
        final int gear = META + 124;
        bytes.putShort(gear + 24, (short) 2);
        bytes.putShort(gear + 26, (short) 3);
        bytes.putShort(gear + 28, (short) 4);
        bytes.putShort(gear + 30, (short) 1);
        store();
        try (LdReader reader = LdReader.open(file)) {
            assertThat(reader.column(1, 64).value(5)).isEqualTo((5 / 4.0 * 0.1 + 2) * 3);
            assertThat(reader.column(1, 64).whole()).isFalse();
        }
    }

    @Test
    void shouldRefuseWhatIsNoLog() throws IOException {
        bytes = ByteBuffer.wrap("time,speed\n0,1\n".repeat(500).getBytes(StandardCharsets.US_ASCII));
        shouldRefuse("no MoTeC log");
        bytes = ByteBuffer.wrap(new byte[100]);
        shouldRefuse("no MoTeC log");
    }

    @Test
    void shouldRefuseAListOfChannelsThatBitesItsTail() throws IOException {
        bytes.putInt(META + 3 * 124 + 4, META + 124);
        shouldRefuse("comes back");
    }

    @Test
    void shouldRefusePointersOutOfTheFile() throws IOException {
        bytes.putInt(META + 4, 0xFFFF_FF00);
        shouldRefuse("behind the file's end");
    }

    @Test
    void shouldRefuseMoreSamplesThanThereAre() throws IOException {
        bytes.putInt(META + 12, 0x7FFF_FFFF);
        shouldRefuse("'Ground Speed'");
        bytes.putInt(META + 12, -1);
        shouldRefuse("cut off");
    }

    @Test
    void shouldRefuseATypeThatNobodyKnows() throws IOException {
        bytes.putShort(META + 18, (short) 99);
        shouldRefuse("kind 99");
    }

    @Test
    void shouldRefuseARateOf0() throws IOException {
        bytes.putShort(META + 22, (short) 0);
        shouldRefuse("0 Hz");
    }

    @Test
    void shouldRefuseAScaleOf0() throws IOException {
        bytes.putShort(META + 28, (short) 0);
        shouldRefuse("scale of 0");
    }

    @Test
    void shouldReadALogWithoutEventOrDate() throws IOException {
        bytes.putInt(36, 0);
        for (int i = 94; i < 142; i++) {
            bytes.put(i, (byte) 'x');
        }
        store();
        try (LdReader reader = LdReader.open(file)) {
            assertThat(reader.details().started()).isNull();
            assertThat(reader.details().event()).isEmpty();
            assertThat(reader.details().vehicle()).isEqualTo("Car");
        }
    }

    @Test
    void shouldSurviveAnyDamage() throws IOException {
        final byte[] whole = bytes.array().clone();
        final Random random = new Random(20_261_126);
        int opened = 0;
        for (int round = 0; round < 400; round++) {
            final byte[] damaged =
                    random.nextInt(10) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            for (int i = random.nextInt(4); i >= 0 && damaged.length > 0; i--) {
                // Mostly where the pointers are.
                final int at = random.nextInt(3) == 0 ? random.nextInt(damaged.length) : META + random.nextInt(4 * 124);
                damaged[Math.min(at, damaged.length - 1)] = (byte) random.nextInt(256);
            }
            Files.write(file, damaged);
            try (LdReader reader = LdReader.open(file)) {
                opened++;
                for (int c = 0; c < reader.channels().size(); c++) {
                    final LdColumn column = reader.column(c, 256);
                    final long samples = reader.channels().get(c).samples();
                    for (long i = 0; i < Math.min(samples, 300); i++) {
                        column.value(i);
                    }
                }
            } catch (LdException e) {
                assertThat(e.getMessage()).contains(file.toString());
            }
        }
        assertThat(opened).isBetween(50, 399);
    }
}
