package io.slipstream.replay.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.memory.format.Field;
import io.slipstream.replay.Sessions;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AnonymiseTest {
    private static final List<String> NAMES = List.of("Zebulon Quick", "Jörg Ätna", "Xanthippe", "Ygor the Late");
    private static final Field PARTICIPANTS = Sessions.FORMAT.field("mParticipantInfo");

    @TempDir
    Path folder;

    private Path session;

    private static Field name(final int participant) {
        return Sessions.FORMAT.field("mParticipantInfo[" + participant + "].mName");
    }

    private static void put(final HandMade made, final int participant, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // What stood behind the NUL stays, as games leave it.
        made.block.putBytes(name(participant).offset(), bytes);
        made.block.putByte(name(participant).offset() + bytes.length, (byte) 0);
    }

    @BeforeEach
    void make() throws IOException {
        final Map<String, String> metadata = Map.of("driver", "Zebulon Quick", "weather", "dry", "file", "/home/zq/x");
        try (HandMade made = new HandMade(folder.resolve("session"), "xanthippe wins", metadata)) {
            made.restart("file:/home/zebulon/block, seen by Jörg Ätna");
            made.block.putInt(Sessions.FORMAT.field("mNumParticipants").offset(), 3);
            made.block.putInt(Sessions.FORMAT.field("mViewedParticipantIndex").offset(), 1);
            for (int i = 0; i < PARTICIPANTS.count(); i++) {
                put(made, i, "Xanthippe and a long remainder");
                put(made, i, i < 3 ? NAMES.get(i) : "");
            }
            for (int i = 0; i < 40; i++) {
                if (i == 21) {
                    // They change places, and one comes late.
                    put(made, 0, NAMES.get(1));
                    put(made, 1, NAMES.get(0));
                    put(made, 3, NAMES.get(3));
                }
                made.block.putInt(9_000, i * i);
                made.frame(1_000 + i * 100, i, i, 0);
            }
            made.marker(4_950, "ZEBULON QUICK overtakes");
            made.lap(4_960, 40, 1);
            session = made.finish();
        }
    }

    private EditReport anonymise(final String name, final boolean keepPlayer, final String... fields)
            throws IOException {
        try (SessionReader reader = SessionReader.open(session)) {
            return new SessionAnonymiser(reader, List.of(fields))
                    .anonymise(new Destination.Named(folder.resolve(name)), keepPlayer, EditMonitor.NONE);
        }
    }

    private static List<byte[]> blocks(final Path session) throws IOException {
        final List<byte[]> blocks = new ArrayList<>();
        try (SessionReader reader = SessionReader.open(session);
                FrameCursor cursor = reader.frames()) {
            while (cursor.next()) {
                final byte[] block = new byte[cursor.block().capacity()];
                cursor.block().getBytes(0, block);
                blocks.add(block);
            }
        }
        return blocks;
    }

    private static boolean isName(final int at) {
        final int within = (at - name(0).offset()) % PARTICIPANTS.stride();
        return at >= name(0).offset()
                && at < PARTICIPANTS.offset() + PARTICIPANTS.length()
                && within < name(0).length();
    }

    private static String text(final byte[] block, final int participant) {
        final int from = name(participant).offset();
        final byte[] field =
                Arrays.copyOfRange(block, from, from + name(participant).length());
        int end = 0;
        while (field[end] != 0) {
            end++;
        }
        for (int i = end; i < field.length; i++) {
            assertThat(field[i]).as("byte %d behind the name", i).isZero();
        }
        return new String(field, 0, end, StandardCharsets.UTF_8);
    }

    /** Every byte of every file, and every block. */
    private static void shouldNotName(final Path made, final List<String> names) throws IOException {
        final List<byte[]> everything = new ArrayList<>(blocks(made));
        try (Stream<Path> files = Files.walk(made)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                everything.add(Files.readAllBytes(file));
            }
        }
        for (final byte[] bytes : everything) {
            final String text = new String(bytes, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
            for (final String name : names) {
                final String wanted = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
                if (text.contains(wanted.toLowerCase(Locale.ROOT))) {
                    throw new AssertionError("'" + name + "' is still in " + made);
                }
            }
        }
    }

    @Test
    void shouldNameNobodyAndChangeNothingElse() throws IOException {
        final EditReport report = anonymise("nameless", false);
        assertThat(report.withLoss()).isFalse();
        shouldNotName(report.session(), NAMES);
        shouldNotName(report.session(), List.of("a long remainder", "/home/zq", "/home/zebulon"));

        final List<byte[]> before = blocks(session);
        final List<byte[]> after = blocks(report.session());
        assertThat(after).hasSameSizeAs(before);
        for (int frame = 0; frame < before.size(); frame++) {
            for (int i = 0; i < before.get(frame).length; i++) {
                if (before.get(frame)[i] != after.get(frame)[i] && !isName(i)) {
                    throw new AssertionError("byte " + i + " of frame " + frame + " is another");
                }
            }
        }
        assertThat(Stream.of(0, 1, 2, 3, 4).map(i -> text(after.get(0), i)))
                .containsExactly("Driver 1", "Driver 2", "Driver 3", "", "");
        assertThat(Stream.of(0, 1, 2, 3, 4).map(i -> text(after.get(39), i)))
                .containsExactly("Driver 2", "Driver 1", "Driver 3", "Driver 4", "");

        // Numbers, times and order, and what is no frame, as they were; but for texts.
        assertThat(numbers(report.session())).isEqualTo(numbers(session));
        assertThat(report.info().keyframes()).isEqualTo(report.info().frames() / 8);
        assertThat(report.info().markers().getFirst().label()).isEqualTo("Driver 1 overtakes");
        assertThat(report.info().name()).isEqualTo("Driver 3 wins");
        assertThat(report.info().origin()).isEqualTo("file:/home/user/block, seen by Driver 2");
        assertThat(report.info().metadata())
                .containsEntry("driver", "Driver 1")
                .containsEntry("weather", "dry")
                .containsEntry("file", "/home/user/x")
                .containsEntry("history", "anonymised");
        assertThat(report.info().laps()).hasSize(1);
    }

    private static List<String> numbers(final Path session) throws IOException {
        return Contents.frames(session).stream()
                .map(line -> line.substring(0, line.indexOf(" pcars2 ")))
                .toList();
    }

    @Test
    void shouldLeaveThePlayersNameWhereItIsToStay() throws IOException {
        final EditReport report = anonymise("player", true);
        shouldNotName(report.session(), List.of(NAMES.get(0), NAMES.get(2), NAMES.get(3)));
        final List<byte[]> after = blocks(report.session());
        assertThat(text(after.get(0), 1)).isEqualTo("Jörg Ätna");
        assertThat(text(after.get(39), 0)).isEqualTo("Jörg Ätna");
        assertThat(report.info().origin()).endsWith("seen by Jörg Ätna");
    }

    @Test
    void shouldEraseOtherFieldsToo() throws IOException {
        final EditReport report = anonymise("cars", false, "mTrackLocation", "mCarNames[]");
        assertThat(report.info().frames()).isEqualTo(40);
        assertThatThrownBy(() -> anonymise("wrong", false, "mSpeed"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("mSpeed is no text");
        assertThatThrownBy(() -> anonymise("wrong", false, "mNobody"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no field mNobody");
        assertThat(folder.resolve("wrong")).doesNotExist();
    }

    @Test
    void shouldNameNobodyInASimulatedRace() throws IOException {
        final Path race;
        final List<String> people = new ArrayList<>();
        try (Sessions sessions = new Sessions(Files.createDirectory(folder.resolve("race")))) {
            race = sessions.frames(150, Sessions.START_NS, 16_666_667).finish();
        }
        final byte[] first = blocks(race).getFirst();
        for (int i = 0; i < 4; i++) {
            people.add(
                    Sessions.FORMAT.field("mParticipantInfo[" + i + "].mName").text(new UnsafeBuffer(first), 0));
        }
        assertThat(people).doesNotContain("").doesNotHaveDuplicates();
        session = race;
        final EditReport report = anonymise("nobody", false);
        shouldNotName(report.session(), people);
        assertThat(report.info().frames()).isEqualTo(150);
        assertThat(report.events()).isEqualTo(Contents.events(race).size());
    }
}
