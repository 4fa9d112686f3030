package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.slipstream.memory.BlockName;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.replay.Sessions;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.bridge.FramePublisher;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.session.DiskSpace;
import io.slipstream.telemetry.session.Markers;
import io.slipstream.telemetry.session.RecordingPlan;
import io.slipstream.telemetry.source.NamedSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code save}, {@code mark} and what they leave, on a live queue of this process. */
final class RecordingCommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long FRAME_NS = 10_000_000;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        final int code = Slipstream.run(new PrintWriter(out), new PrintWriter(err), arguments);
        assertThat(err.toString()).doesNotContain("\tat ");
        return code;
    }

    private LiveDirectory live() {
        return new LiveDirectory(folder.resolve("live"));
    }

    /** A hundred frames a second, with a marker after each thousand. */
    private void publish(int frames) throws IOException {
        publish(frames, Sessions.START_NS);
    }

    private void publish(int frames, long startNs) throws IOException {
        final UnsafeBuffer block = new UnsafeBuffer(new byte[Sessions.LENGTH]);
        block.putInt(Sessions.FORMAT.field("mVersion").offset(), 14, ByteOrder.LITTLE_ENDIAN);
        final long[] now = {startNs};
        try (MessageQueue queue = live().open();
                Publisher publisher = queue.publisher();
                Markers markers = new Markers(queue, () -> now[0])) {
            final FramePublisher publishes = new FramePublisher(Sessions.FORMAT, publisher);
            publishes.onAttached(now[0], "published", true, Consistency.SEQLOCK);
            for (int i = 0; i < frames; i++) {
                publishes.onFrame(block, Sessions.LENGTH, 14, 2L * i, 0, 0, 0, now[0]);
                now[0] += FRAME_NS;
                if (i % 1000 == 999) {
                    markers.mark("after " + (i + 1));
                }
            }
        }
    }

    @Test
    void shouldSaveThePast() throws IOException {
        publish(1500);
        final Path sessions = folder.resolve("sessions");
        final int code = run(
                "save",
                "--live",
                live().path().toString(),
                "--last",
                "7s",
                "--into",
                sessions.toString(),
                "--name",
                "Crash & burn",
                "--meta",
                "lap=3",
                "--meta",
                "why=wet = slippery");
        assertThat(code).as("%s", err).isZero();
        final Path session = Path.of(out.toString().strip());
        assertThat(session).hasParent(sessions);
        assertThat(session.getFileName().toString()).endsWith("-crash-burn");
        assertThat(err.toString()).contains("from the keyframe at 03:04:12").contains("before the moment asked for");

        assertThat(run("info", session.toString(), "--json")).isZero();
        final JsonNode info = JSON.readTree(out.toString());
        assertThat(info.get("finished").asBoolean()).isTrue();
        assertThat(info.get("frames").asLong()).isBetween(700L, 801L);
        assertThat(info.get("markers").get(0).get("label").asText()).isEqualTo("after 1000");
        assertThat(info.get("metadata").get("why").asText()).isEqualTo("wet = slippery");

        assertThat(run("info", session.toString())).isZero();
        assertThat(out.toString())
                .contains("Crash & burn")
                .contains("wet = slippery")
                .contains("after 1000");
        assertThat(run("sessions", "--in", sessions.toString())).isZero();
        assertThat(out.toString()).contains("'Crash & burn', 1 marker, synthetic");
    }

    @Test
    void shouldSaveWhatThereIs() throws IOException {
        publish(300);
        final Path sessions = folder.resolve("sessions");
        assertThat(run("save", "--live", live().path().toString(), "--into", sessions.toString()))
                .as("%s", err)
                .isEqualTo(Slipstream.WITH_LOSS);
        assertThat(err.toString())
                .contains("saved 2.99 s")
                .contains("does not reach back further")
                .contains("117.01 s after the moment asked for");
        assertThat(Path.of(out.toString().strip())).isDirectory();
    }

    @Test
    void shouldRefuseWhereThereIsNothingToSaveOrMark() throws IOException {
        final String absent = folder.resolve("absent").toString();
        for (String command : new String[] {"save", "mark"}) {
            assertThat(run(command, "--live", absent)).isEqualTo(1);
            assertThat(err.toString()).contains("no live queue in " + absent).contains("slipstream bridge");
        }
        assertThat(Path.of(absent)).doesNotExist();
        publish(0);
        assertThat(run("save", "--live", live().path().toString())).isEqualTo(1);
        assertThat(err.toString())
                .contains("no frame in the last 120 s of the live queue")
                .contains("nothing was saved");
        assertThat(run("mark", "--live", live().path().toString())).isEqualTo(1);
        assertThat(err.toString()).contains("nobody bridges into " + live().path());
    }

    @Test
    void shouldMarkWhileABridgeRuns() throws IOException {
        final Bridge.Context context = new Bridge.Context()
                .format(GameFormats.load("pcars2"))
                .source(new NamedSource(new BlockName.MappedFile(folder.resolve("no game")), Sessions.LENGTH));
        try (LiveBridge bridge = new LiveBridge(context, live(), LiveBridge.Bounds.DEFAULT)) {
            bridge.start();
            bridge.mark("from here");
            assertThat(run("mark", "lost the rear", "--live", live().path().toString()))
                    .as("%s", err)
                    .isZero();
            assertThat(err.toString()).startsWith("marked ").contains(" UTC");
            assertThat(run("mark", "x".repeat(1025), "--live", live().path().toString()))
                    .isEqualTo(2);
            assertThat(err.toString()).contains("1024");
            assertThat(run("bridge", "--live", live().path().toString(), "--name", "\t"))
                    .isEqualTo(2);
        }
        assertThat(run("tail", live().path().toString(), "--from", "start", "--type", "Marker"))
                .isZero();
        assertThat(out.toString().lines()).hasSize(2);
        assertThat(out.toString()).contains("from here").contains("lost the rear");
    }

    @Test
    void shouldMarkSaveAndEndByKeys() throws IOException {
        publish(300, new OffsetEpochNanoClock().nanoTime() - 300 * FRAME_NS);
        final Path sessions = folder.resolve("sessions");
        final PrintWriter said = new PrintWriter(err);
        try (LiveBridge bridge = new LiveBridge(
                        new Bridge.Context()
                                .format(GameFormats.load("pcars2"))
                                .source(new NamedSource(
                                        new BlockName.MappedFile(folder.resolve("no game")), Sessions.LENGTH)),
                        live(),
                        LiveBridge.Bounds.DEFAULT);
                BridgeKeys keys =
                        new BridgeKeys(bridge, () -> new RecordingPlan(sessions), new ProgressLine(said), said)) {
            assertThat(keys.doWork()).as("without a keyboard").isFalse();
            assertThat(keys.onKey("m")).isFalse();
            assertThat(err.toString()).contains("marked");
            assertThat(keys.onKey("s")).isFalse();
            assertThat(err.toString()).contains(sessions.toString());
            assertThat(keys.onKey("x")).isFalse();
            assertThat(keys.onKey("q")).isTrue();
        }
        assertThat(run("tail", live().path().toString(), "--from", "start", "--type", "Marker"))
                .isZero();
        assertThat(out.toString().lines()).hasSize(1);
        assertThat(run("sessions", "--in", sessions.toString())).isZero();
        assertThat(out.toString().lines()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-10x", "9999999999999999999", "9999-01-01T00:00:00Z", "-", "soon"})
    void shouldRefuseToBeginAtNoTime(String from) throws IOException {
        publish(1);
        assertThat(run("tail", live().path().toString(), "--from=" + from)).isEqualTo(2);
        assertThat(err.toString()).contains("--from " + from + ": give start, end, a time as 2026-11-24T03:20:15Z");
    }

    @Test
    void shouldGoOnWhereAKeyCannotDoWhatItSays() throws IOException {
        publish(300, new OffsetEpochNanoClock().nanoTime() - 300 * FRAME_NS);
        final Path file = Files.createFile(folder.resolve("a file"));
        final PrintWriter said = new PrintWriter(err);
        try (LiveBridge bridge = new LiveBridge(
                        new Bridge.Context()
                                .format(GameFormats.load("pcars2"))
                                .source(new NamedSource(
                                        new BlockName.MappedFile(folder.resolve("no game")), Sessions.LENGTH)),
                        live(),
                        LiveBridge.Bounds.DEFAULT);
                BridgeKeys keys = new BridgeKeys(
                        bridge, () -> new RecordingPlan(file.resolve("sessions")), new ProgressLine(said), said)) {
            assertThat(keys.onKey("s")).isFalse();
            assertThat(err.toString()).contains("not done: ").contains(file.toString());
        }
    }

    @Test
    void shouldSeeThatTheDiskOfTheLiveQueueFills() throws IOException {
        final Bridge.Context context = new Bridge.Context()
                .format(GameFormats.load("pcars2"))
                .source(new NamedSource(new BlockName.MappedFile(folder.resolve("no game")), Sessions.LENGTH));
        final LiveBridge.Bounds bounds = new LiveBridge.Bounds(
                LiveBridge.Bounds.DEFAULT_AGE,
                LiveBridge.Bounds.DEFAULT_BYTES,
                1000,
                directory -> new DiskSpace.Room(999, 1_000_000));
        try (LiveBridge bridge = new LiveBridge(context, live(), bounds)) {
            bridge.start();
            bridge.doWork();
            assertThat(bridge.isDiskFull()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--meta, nothing",
        "--meta, 'a b=c'",
        "--meta, part=2",
        "--split-size, 5x",
        "--split-size, 10kB",
        "--split-time, 0.5s",
        "--quota, 1MB",
        "--quota-oldest, ''",
        "--keep-free, much",
    })
    void shouldRefuseToRecordInAWayThatCannotBe(String option, String value) {
        final String[] arguments =
                value.isEmpty() ? new String[] {"record", option} : new String[] {"record", option, value};
        assertThat(run(arguments)).as("%s", err).isEqualTo(2);
        assertThat(err.toString()).contains("Usage: slipstream record");
    }

    @Test
    void shouldHaveExamples() {
        for (String command : new String[] {"record", "bridge", "save", "mark"}) {
            assertThat(run(command, "--help")).isZero();
            assertThat(out.toString()).contains("Examples:");
        }
        assertThat(Files.exists(folder.resolve("sessions"))).isFalse();
    }
}
