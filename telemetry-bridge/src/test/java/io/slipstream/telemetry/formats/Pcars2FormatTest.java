package io.slipstream.telemetry.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.BlockObject;
import io.slipstream.memory.format.Consistency;
import io.slipstream.memory.format.Field;
import io.slipstream.memory.format.FormatException;
import io.slipstream.memory.format.PlayerRule;
import io.slipstream.memory.format.ValueNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The format against tables that were compiled from the game's header, independently of our layout rules. */
class Pcars2FormatTest {
    private static final Path DATA =
            Path.of(System.getProperty("slipstream.root", ".")).resolve("../shared/data");

    private final BlockFormat format = GameFormats.load("pcars2");

    @Test
    void shouldPlaceEveryFieldWhereTheCompiledHeaderHasIt() throws IOException {
        final Set<String> seen = new HashSet<>();
        for (final Map<String, String> row : table("pcars2_fields.csv")) {
            final boolean participant = row.get("struct").equals("ParticipantInfo");
            final String path = (participant ? "mParticipantInfo[0]." : "") + row.get("field");
            final Field field = format.field(path);
            final int origin = participant ? format.field("mParticipantInfo").offset() : 0;
            assertThat(field.offset() - origin).as("offset of %s", path).isEqualTo(number(row, "offset"));
            assertThat(field.length()).as("length of %s", path).isEqualTo(number(row, "size"));
            assertThat(field.type().keyword()).as("type of %s", path).isEqualTo(row.get("type"));
            assertThat(field.dims()).as("dimensions of %s", path).isEqualTo(dims(row.get("dims")));
            // The table begins at version 9; version 8 has what ends within its 19,380 bytes.
            final boolean launch = participant || field.offset() + field.length() <= 19_380;
            final int since = number(row, "since") == 9 && launch ? 8 : number(row, "since");
            assertThat(field.since()).as("first version of %s", path).isEqualTo(since);
            assertThat(field.enumName().isEmpty())
                    .as("%s has an enum", path)
                    .isEqualTo(row.get("enum").isEmpty());
            seen.add(path);
        }
        final List<String> declared = new ArrayList<>();
        for (final Field field : format.fields()) {
            declared.add(field.path());
            field.members().forEach(member -> declared.add(member.path()));
        }
        assertThat(declared)
                .as("fields of the format that the table lacks, or the reverse")
                .containsExactlyInAnyOrderElementsOf(seen);
    }

    @Test
    void shouldNameEveryValueAsTheHeaderDoes() throws IOException {
        final Map<String, List<Map<String, String>>> enums = new LinkedHashMap<>();
        for (final Map<String, String> row : table("pcars2_enums.csv")) {
            enums.computeIfAbsent(row.get("enum"), name -> new ArrayList<>()).add(row);
        }
        for (final Map<String, String> row : enums.remove("")) {
            assertThat(format.constants()).containsEntry(row.get("name"), Long.valueOf(row.get("value")));
        }
        final List<Map<Long, String>> expected = new ArrayList<>();
        for (final List<Map<String, String>> rows : enums.values()) {
            final Map<Long, String> values = new LinkedHashMap<>();
            for (final Map<String, String> row : rows) {
                // ..._MAX and YFS_MAXIMUM count the values and are never in a block.
                if (row.get("name").matches(".*_MAX(IMUM)?")) {
                    assertThat(values)
                            .as("values below %s", row.get("name"))
                            .containsKey(Long.parseLong(row.get("value")) - 1);
                } else {
                    values.put(Long.valueOf(row.get("value")), row.get("name"));
                }
            }
            expected.add(values);
        }
        assertThat(format.valueNames().values().stream().map(ValueNames::values).toList())
                .as("values of every enum and bit set")
                .containsExactlyElementsOf(expected);
    }

    @Test
    void shouldKnowTheLengthOfEveryVersion() {
        assertThat(format.lengths())
                .containsExactly(
                        Map.entry(8L, 19_380),
                        Map.entry(9L, 20_576),
                        Map.entry(10L, 20_660),
                        Map.entry(11L, 20_668),
                        Map.entry(12L, 20_688),
                        Map.entry(13L, 20_692),
                        Map.entry(14L, 20_700));
        assertThat(format.newestVersion()).isEqualTo(14);
        assertThat(format.length(15))
                .as("a newer block is read as its newest known prefix")
                .isEqualTo(20_700);
        assertThat(format.knows(15)).isFalse();
        assertThat(format.knows(9)).isTrue();
        assertThatThrownBy(() -> format.length(7))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("version 7")
                .hasMessageContaining("[8, 9, 10, 11, 12, 13, 14]");
        assertThat(format.objects()).containsExactly(new BlockObject("pcars2", "$pcars2$", 0, 20_700));
    }

    @Test
    void shouldStateTheRulesOfTheBlock() {
        assertThat(format.name()).isEqualTo("pcars2");
        assertThat(format.title()).isEqualTo("Project CARS 2 and Automobilista 2");
        assertThat(format.objectName()).isEqualTo("$pcars2$");
        assertThat(format.versionField().offset()).isZero();
        assertThat(format.consistency())
                .isInstanceOfSatisfying(
                        Consistency.Seqlock.class,
                        seqlock -> assertThat(seqlock.sequence().offset()).isEqualTo(7_320));
        final PlayerRule player = format.player().orElseThrow();
        assertThat(player.participants().stride()).isEqualTo(100);
        assertThat(player.participants().count()).isEqualTo(64);
        assertThat(player.viewed().path()).isEqualTo("mViewedParticipantIndex");
        assertThat(player.name().offset()).isEqualTo(29);
    }

    @Test
    void shouldStateTheUnitsThatTheHeaderHasWrong() {
        assertUnit("mTyreRPS", "rad/s", "rad/s", 1.0, 0.0);
        assertUnit("mAirPressure", "kPa", "Pa", 1_000.0, 0.0);
        assertUnit("mTurboBoostPressure", "Pa", "Pa", 1.0, 0.0);
        assertUnit("mLocalAcceleration", "m/s2", "m/s2", 1.0, 0.0);
        assertUnit("mFuelCapacity", "L", "m3", 0.001, 0.0);
        assertUnit("mFuelLevel", "", "", 1.0, 0.0);
        assertUnit("mEventTimeRemaining", "ms", "s", 0.001, 0.0);
        assertUnit("mSessionDuration", "min", "s", 60.0, 0.0);
        assertUnit("mRideHeight", "cm", "m", 0.01, 0.0);
        assertUnit("mTyreTemp", "degC", "K", 1.0, 273.15);
        assertUnit("mTyreTempCenter", "degC", "K", 1.0, 273.15);
        assertUnit("mTyreTreadTemp", "K", "K", 1.0, 0.0);
        assertUnit("mClutchTemp", "K", "K", 1.0, 0.0);
        assertUnit("mRpm", "rpm", "rad/s", Math.PI / 30, 0.0);
        assertThat(format.field("mLastLapTimes").sentinels()).containsExactly(-1.0, -123.0);
        assertThat(format.field("mFastestLapTimes").sentinels()).containsExactly(-1.0, -123.0);
        assertThat(format.field("mCurrentTime").sentinels()).containsExactly(-1.0);
        assertThat(format.field("mLastLapTime").sentinels()).containsExactly(-1.0);
        assertThat(format.field("mEnforcedPitStopLap").sentinels()).containsExactly(-1.0, 0.0);
        assertThat(format.field("mSessionDuration").sentinels()).containsExactly(-1.0, 0.0);
        assertThat(format.field("mViewedParticipantIndex").sentinels()).containsExactly(-1.0);
        assertThat(format.field("mRpm").sentinels())
                .as("a stopped engine is a value")
                .isEmpty();
    }

    private void assertUnit(
            final String path, final String unit, final String si, final double scale, final double shift) {
        final Field field = format.field(path);
        assertThat(List.of(field.unit(), field.siUnit(), field.scale(), field.shift()))
                .as("stored unit, SI unit, scale and shift of %s", path)
                .isEqualTo(List.of(unit, si, scale, shift));
    }

    private static int number(final Map<String, String> row, final String column) {
        return Integer.parseInt(row.get(column));
    }

    private static List<Integer> dims(final String text) {
        final List<Integer> dims = new ArrayList<>();
        for (final String dim : text.isEmpty() ? new String[0] : text.split("x", -1)) {
            dims.add(Integer.valueOf(dim));
        }
        return dims;
    }

    private static List<Map<String, String>> table(final String name) throws IOException {
        final Path file = DATA.resolve(name);
        assumeTrue(Files.exists(file), "skipped: the table " + file + " is not on this machine");
        final List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
        final List<String> columns = cells(lines.getFirst());
        final List<Map<String, String>> rows = new ArrayList<>();
        for (final String line : lines.subList(1, lines.size())) {
            final List<String> cells = cells(line);
            final Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                row.put(columns.get(i), cells.get(i));
            }
            rows.add(row);
        }
        return rows;
    }

    private static List<String> cells(final String line) {
        final List<String> cells = new ArrayList<>();
        final StringBuilder cell = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            final char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                cells.add(cell.toString());
                cell.setLength(0);
            } else {
                cell.append(c);
            }
        }
        cells.add(cell.toString());
        return cells;
    }
}
