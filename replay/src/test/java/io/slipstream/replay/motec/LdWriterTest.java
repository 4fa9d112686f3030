package io.slipstream.replay.motec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LdWriterTest {
    private static final LdDetails DETAILS = new LdDetails(
            LocalDateTime.of(2026, 3, 9, 7, 5, 4),
            "",
            "Björn's GT3",
            "GT3",
            "Nordschleife",
            "Track day",
            "Practice",
            "synthetic; 100 Hz, from 99.731 Hz",
            "A long comment.");

    @TempDir
    Path folder;

    private static LdChannel channel(final String name, final LdType type, final int rate, final long most) {
        return new LdChannel(name, LdNames.brief(name), "km/h", type, rate, most);
    }

    @Test
    void shouldWriteWhatAReaderByTheTableReads() throws IOException {
        final Path file = folder.resolve("a.ld");
        try (LdWriter writer = LdWriter.create(
                file,
                DETAILS,
                List.of(
                        channel("Ground Speed", LdType.FLOAT_32, 100, 20_000),
                        channel("Gear", LdType.INT_32, 100, 20_000),
                        channel("Oil Temp", LdType.FLOAT_32, 10, 2_000)))) {
            for (int i = 0; i < 10_000; i++) {
                writer.append(0, i * 0.25);
                writer.append(1, i % 7 - 1);
                if (i % 10 == 0) {
                    writer.append(2, 80 + i * 1e-3);
                }
            }
            writer.finish();
        }
        final TableLd read = new TableLd(file);
        assertThat(read.file.getInt(0)).isEqualTo(0x40);
        assertThat(read.metaPointer).isEqualTo(11_336);
        assertThat(read.dataPointer).isEqualTo(11_336 + 3 * 124);
        assertThat(read.eventPointer).isEqualTo(8_180);
        assertThat(read.file.getShort(8_180 + 1_152)).as("venue").isEqualTo((short) 5_078);
        assertThat(read.file.getShort(5_078 + 1_098)).as("vehicle").isEqualTo((short) 1_762);
        assertThat(read.channelCount).isEqualTo(3);
        assertThat(read.text(74, 8)).isEqualTo("ADL");
        assertThat(read.file.getShort(82)).isEqualTo((short) 420);
        assertThat(read.file.getInt(70)).isEqualTo(0x1F44);
        assertThat(read.file.getInt(1_502)).isEqualTo(0xC81A4);
        assertThat(read.previous).containsExactly(0, 11_336, 11_336 + 124);
        assertThat(read.channels.keySet()).containsExactly("Ground Speed", "Gear", "Oil Temp");
        final TableLd.Meta speed = read.channels.get("Ground Speed");
        assertThat(speed.hz()).isEqualTo(100);
        assertThat(speed.unit()).isEqualTo("km/h");
        assertThat(speed.counter()).isEqualTo(0x2EE1);
        assertThat(List.of(speed.typeA(), speed.typeB())).containsExactly(7, 4);
        assertThat(speed.values()).hasSize(10_000);
        for (int i = 0; i < 10_000; i++) {
            assertThat(speed.values()[i]).isEqualTo(i * 0.25f);
            assertThat(read.channels.get("Gear").values()[i]).isEqualTo(i % 7 - 1);
        }
        final TableLd.Meta oil = read.channels.get("Oil Temp");
        assertThat(oil.hz()).isEqualTo(10);
        assertThat(oil.values()).hasSize(1_000);
        assertThat(oil.values()[999]).isEqualTo((float) (80 + 9_990 * 1e-3));
        assertThat(read.channels.get("Gear").typeA()).isEqualTo(5);
    }

    @Test
    void shouldSayWhenWhereWhatAndWithWhat() throws IOException {
        final Path file = folder.resolve("a.ld");
        try (LdWriter writer =
                LdWriter.create(file, DETAILS, List.of(channel("Ground Speed", LdType.FLOAT_32, 100, 1)))) {
            writer.append(0, 1);
            writer.finish();
        }
        final TableLd read = new TableLd(file);
        assertThat(read.text(94, 16)).isEqualTo("09/03/2026");
        assertThat(read.text(126, 16)).isEqualTo("07:05:04");
        assertThat(read.text(158, 64)).as("driver, which i2 needs").isEqualTo("Unknown");
        assertThat(read.text(222, 64)).isEqualTo("Björn's GT3");
        assertThat(read.text(350, 64)).isEqualTo("Nordschleife");
        assertThat(read.text(1_572, 64)).isEqualTo("synthetic; 100 Hz, from 99.731 Hz");
        assertThat(read.text(1_762, 64)).isEqualTo("Björn's GT3");
        assertThat(read.text(1_762 + 196, 32)).isEqualTo("GT3");
        assertThat(read.text(5_078, 64)).isEqualTo("Nordschleife");
        assertThat(read.text(8_180, 64)).isEqualTo("Track day");
        assertThat(read.text(8_180 + 64, 64)).isEqualTo("Practice");
        assertThat(read.text(8_180 + 128, 1_024)).isEqualTo("A long comment.");
        try (LdReader reader = LdReader.open(file)) {
            assertThat(reader.details()).isEqualTo(DETAILS);
        }
    }

    @Test
    void shouldHoldTheLastValueWhereThereIsNoneAndCountIt() throws IOException {
        final Path file = folder.resolve("a.ld");
        try (LdWriter writer = LdWriter.create(file, DETAILS, List.of(channel("Oil Temp", LdType.FLOAT_32, 1, 9)))) {
            for (final double value : new double[] {Double.NaN, 90, Double.NaN, Double.POSITIVE_INFINITY, 91}) {
                writer.append(0, value);
            }
            assertThat(writer.held(0)).isEqualTo(3);
            writer.finish();
        }
        assertThat(new TableLd(file).channels.get("Oil Temp").values()).containsExactly(0, 90, 90, 90, 91);
    }

    @Test
    void shouldTakeTheNearestWholeNumberThatFitsAndCountIt() throws IOException {
        final Path file = folder.resolve("a.ld");
        try (LdWriter writer = LdWriter.create(file, DETAILS, List.of(channel("Flags", LdType.INT_32, 1, 9)))) {
            writer.append(0, 4_294_967_295.0);
            writer.append(0, -3e9);
            writer.append(0, 12);
            assertThat(writer.clipped(0)).isEqualTo(2);
            writer.finish();
        }
        try (LdReader reader = LdReader.open(file)) {
            final LdColumn flags = reader.column(0, 64);
            assertThat(List.of(flags.value(0), flags.value(1), flags.value(2)))
                    .containsExactly(2_147_483_647.0, -2_147_483_647.0, 12.0);
        }
    }

    @Test
    void shouldHaveNoSamplesUntilItIsFinished() throws IOException {
        final Path file = folder.resolve("a.ld");
        try (LdWriter writer =
                LdWriter.create(file, DETAILS, List.of(channel("Ground Speed", LdType.FLOAT_32, 50, 9_000)))) {
            for (int i = 0; i < 9_000; i++) {
                writer.append(0, i);
            }
        }
        assertThat(new TableLd(file).channels.get("Ground Speed").values()).isEmpty();
    }

    @Test
    void shouldRefuseAFileLongerThanItsPointers() {
        final List<LdChannel> channels = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            channels.add(channel("Channel " + i, LdType.FLOAT_32, 1_000, 7_200_000));
        }
        assertThatThrownBy(() -> LdWriter.create(folder.resolve("a.ld"), DETAILS, channels))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("4 GiB")
                .hasMessageContaining("lower rate");
        assertThat(Files.exists(folder.resolve("a.ld"))).isFalse();
    }

    @Test
    void shouldTellChannelsApartWhoseNamesAreCut() {
        assertThat(LdNames.unique(List.of(
                        "mParticipantInfo[3].mWorldPosition[0]",
                        "mParticipantInfo[3].mWorldPosition[1]",
                        "Gear",
                        "gear")))
                .containsExactly(
                        "mParticipantInfo[3].mWorldPosit", "mParticipantInfo[3].mWorldPo #2", "Gear", "gear #2")
                .allMatch(name -> name.length() < 32);
    }
}
