package io.slipstream.telemetry.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording in several sessions, and one that ends by itself. */
class RecordingPartsTest {
    private static final long MB = 1_000_000;

    @TempDir
    Path folder;

    private LiveQueue live;
    private Subscriber subscriber;
    private Path sessions;
    private long clock;

    @BeforeEach
    void open() {
        live = new LiveQueue(folder.resolve("live"));
        subscriber = live.queue.subscriber();
        sessions = folder.resolve("sessions");
    }

    @AfterEach
    void close() {
        subscriber.close();
        live.close();
    }

    private static void copyAll(final Recorder recorder) throws IOException {
        while (recorder.doWork() > 0) {
            // On.
        }
    }

    private List<String> framesAndEvents() {
        final List<String> wanted =
                LiveQueue.messages(live.queue, message -> message.templateId() <= 9 || message.templateId() >= 20);
        // What was published before the first keyframe, that the source is there, is of no session.
        return wanted.subList(1, wanted.size());
    }

    private static List<String> messages(final SessionDirectory session) {
        try (MessageQueue queue = session.openQueue()) {
            return LiveQueue.messages(queue, message -> true);
        }
    }

    private void shouldLoseNothing(final Recorder recorder) throws IOException {
        final List<String> joined = new ArrayList<>();
        int number = 0;
        for (SessionDirectory session : recorder.sessions()) {
            number++;
            final List<String> part = messages(session);
            assertThat(part.getFirst())
                    .as("the first message of part %d", number)
                    .startsWith("template " + KeyframeDecoder.TEMPLATE_ID + " ");
            joined.addAll(part);
            final SessionInfo info = session.read();
            assertThat(info.finished()).as("part %d is finished", number).isTrue();
            assertThat(info.metadata())
                    .containsEntry(RecordingPlan.PART, Integer.toString(number))
                    .containsEntry(RecordingPlan.PART_OF, "20260102-030405-spa-francorchamps");
            assertThat(info.track()).isEqualTo("Spa-Francorchamps");
            assertThat(info.missed()).isZero();
            assertThat(info.lost()).isZero();
        }
        assertThat(joined)
                .as("messages of all parts, one after another: every frame and event, byte for byte")
                .containsExactlyElementsOf(framesAndEvents());
    }

    @Test
    void shouldSplitByTime() throws IOException {
        live.attach().frames(1000).lose();
        try (Recorder recorder =
                new Recorder(subscriber, new RecordingPlan(sessions).splitTime(Duration.ofSeconds(3)))) {
            copyAll(recorder);
            recorder.finish();
            assertThat(recorder.partCount()).isEqualTo(4);
            shouldLoseNothing(recorder);
            assertThat(recorder.frames()).isEqualTo(1000);
            assertThat(recorder.durationNs()).isEqualTo(999 * LiveQueue.FRAME_NS);
            for (SessionDirectory session : recorder.sessions().subList(0, 3)) {
                assertThat(session.read().frames())
                        .as("frames of three seconds")
                        .isEqualTo(300);
            }
        }
    }

    @Test
    void shouldCountWhatIsMissingBetweenTwoParts() throws IOException {
        live.attach().frames(150);
        try (Recorder recorder =
                new Recorder(subscriber, new RecordingPlan(sessions).splitTime(Duration.ofSeconds(2)))) {
            copyAll(recorder);
            live.frames(100);
            // As if the files with these frames had been deleted.
            subscriber.toEnd();
            live.frames(50).frame(7, 0, 0).frames(20);
            copyAll(recorder);
            recorder.finish();
            assertThat(recorder.partCount()).isEqualTo(2);
            for (SessionDirectory session : recorder.sessions()) {
                assertThat(session.read().lost()).isZero();
                assertThat(session.read().missed()).isZero();
            }
            assertThat(recorder.lost()).as("from the 151st to the 300th").isEqualTo(150);
            assertThat(recorder.missedBetweenParts()).isEqualTo(7);
        }
    }

    @Test
    void shouldNotMoveFramesForAMarkerWhoseClockIsAhead() throws IOException {
        live.attach().frames(50);
        try (MessageQueue other = MessageQueue.open(new MessageQueue.Context()
                        .directory(folder.resolve("live"))
                        .blockSize(4 << 20)
                        .sourceId(2)
                        .schema(Bridge.schema()));
                Markers markers = new Markers(other, () -> live.now + 5_000_000_000L)) {
            markers.mark("early");
        }
        live.frames(50);
        try (Recorder recorder = new Recorder(subscriber, new RecordingPlan(sessions))) {
            copyAll(recorder);
            recorder.finish();
            assertThat(recorder.durationNs()).isEqualTo(99 * LiveQueue.FRAME_NS);
            final SessionInfo info = recorder.session().read();
            assertThat(info.durationSeconds()).isEqualTo(0.99);
            assertThat(info.markers())
                    .containsExactly(new SessionInfo.Marker("early", LiveQueue.START_NS + 50 * LiveQueue.FRAME_NS));
            assertThat(framesOf(recorder.session().openQueue()))
                    .as("the frames and their times")
                    .hasSize(100)
                    .isEqualTo(LiveQueue.messages(live.queue, message -> message.templateId() <= 2));
        }
    }

    private static List<String> framesOf(final MessageQueue queue) {
        try (queue) {
            return LiveQueue.messages(queue, message -> message.templateId() <= 2);
        }
    }

    @Test
    void shouldSplitBySize() throws IOException {
        live.attach().largeFrames(700).lose();
        try (Recorder recorder = new Recorder(subscriber, new RecordingPlan(sessions).splitBytes(MB))) {
            copyAll(recorder);
            recorder.finish();
            shouldLoseNothing(recorder);
            assertThat(recorder.partCount()).isGreaterThan(2);
            for (SessionDirectory session : recorder.sessions()) {
                assertThat(session.read().frames() * 4000)
                        .as("about the bytes of %s", session)
                        .isLessThan(MB);
            }
        }
    }

    @Test
    void shouldStopWhenTheQuotaIsUsedUp() throws IOException {
        live.attach().largeFrames(800).lose();
        try (Recorder recorder = new Recorder(subscriber, new RecordingPlan(sessions).quota(2 * MB, false))) {
            copyAll(recorder);
            assertThat(recorder.ended()).isEqualTo(RecordingEnd.QUOTA);
            recorder.finish();
            final SessionInfo info = recorder.session().read();
            assertThat(info.finished()).isTrue();
            assertThat(info.frames()).isBetween(100L, 600L);
            assertThat(info.bytes()).as("bytes on disk").isBetween(MB, 3 * MB);
            final List<String> recorded = messages(recorder.session());
            assertThat(recorded)
                    .as("whole up to where it stops")
                    .isEqualTo(framesAndEvents().subList(0, recorded.size()));
        }
    }

    @Test
    void shouldDeleteItsOwnOldestPartsToStayWithinTheQuota() throws IOException {
        final SessionDirectory other = SessionDirectory.create(sessions, LiveQueue.START_NS - 1_000_000_000L, "other");
        other.write(new SessionSummary().info(true, 0));
        live.attach();
        try (Recorder recorder = new Recorder(subscriber, new RecordingPlan(sessions).quota(6 * MB, true))) {
            for (int i = 0; i < 30; i++) {
                live.largeFrames(100);
                copyAll(recorder);
            }
            recorder.finish();
            assertThat(recorder.ended()).as("goes on").isNull();
            assertThat(recorder.frames()).isEqualTo(3000);
            assertThat(recorder.partsDeleted()).isPositive();
            assertThat(recorder.sessions()).hasSize(recorder.partCount() - recorder.partsDeleted());
            long bytes = 0;
            final List<String> left = new ArrayList<>();
            for (SessionDirectory session : recorder.sessions()) {
                bytes += session.bytes();
                left.addAll(messages(session));
            }
            assertThat(bytes).as("bytes on disk of all parts").isLessThan(7 * MB);
            final List<String> all = framesAndEvents();
            assertThat(left).as("the newest are left").isEqualTo(all.subList(all.size() - left.size(), all.size()));
            assertThat(left).hasSizeGreaterThan(100);
        }
        assertThat(other.path().resolve(SessionDirectory.SUMMARY)).exists();
        try (var found = Files.list(sessions)) {
            assertThat(found.map(path -> SessionDirectory.isSession(path) || path.equals(other.path())))
                    .as("whether what is left in the directory are sessions")
                    .containsOnly(true);
        }
    }

    @Test
    void shouldStopBeforeTheDiskIsFull() throws IOException {
        final long[] free = {10 * MB};
        final RecordingPlan plan = new RecordingPlan(sessions)
                .keepFree(5 * MB)
                .diskSpace(directory -> new DiskSpace.Room(free[0], 100 * MB))
                .clock(() -> clock);
        live.attach().frames(200);
        try (Recorder recorder = new Recorder(subscriber, plan)) {
            copyAll(recorder);
            free[0] = 5 * MB - 1;
            live.frames(200);
            clock += 999_999_999L;
            copyAll(recorder);
            assertThat(recorder.ended()).as("looks once a second").isNull();
            live.frames(200);
            clock += 1;
            copyAll(recorder);
            assertThat(recorder.ended()).isEqualTo(RecordingEnd.DISK_FULL);
            recorder.finish();
            assertThat(recorder.session().read().finished()).isTrue();
            assertThat(recorder.frames()).isEqualTo(400);
        }
    }

    @Test
    void shouldBeginNothingOnAFullDisk() throws IOException {
        final RecordingPlan plan = new RecordingPlan(sessions).diskSpace(directory -> {
            assertThat(directory).isDirectory();
            return new DiskSpace.Room(999 * MB, 100_000 * MB);
        });
        live.attach().frames(200);
        try (Recorder recorder = new Recorder(subscriber, plan)) {
            copyAll(recorder);
            assertThat(recorder.ended()).isEqualTo(RecordingEnd.DISK_FULL);
            assertThat(recorder.session()).isNull();
        }
        assertThat(sessions).doesNotExist();
    }

    @Test
    void shouldKeepLessFreeOnASmallDisk() {
        assertThat(new DiskSpace.Room(0, 400_000 * MB).keptFree()).isEqualTo(1000 * MB);
        assertThat(new DiskSpace.Room(0, 10_000 * MB).keptFree()).isEqualTo(500 * MB);
    }

    @Test
    void shouldLeaveAWholeSessionOnADiskThatFillsUp() throws Exception {
        final Path mount = Files.createDirectory(folder.resolve("small"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", mount.toString()) == 0,
                "needs the right to mount a small tmpfs");
        try {
            fillUp(mount, "kept free", 4 * MB);
            // As where something else fills the disk too fast for the guard.
            Files.write(mount.resolve("ballast"), new byte[(int) (mount.toFile().getUsableSpace() - 2 * MB)]);
            fillUp(mount, "full", 0);
        } finally {
            run("umount", "-l", mount.toString());
        }
    }

    private void fillUp(final Path mount, final String name, final long keptFree) throws Exception {
        final RecordingPlan plan = new RecordingPlan(mount.resolve(name)).keepFree(keptFree);
        try (LiveQueue race = new LiveQueue(folder.resolve(name));
                Subscriber all = race.queue.subscriber();
                Recorder recorder = new Recorder(all, plan)) {
            race.attach();
            for (int i = 0; i < 40 && recorder.ended() == null; i++) {
                race.largeFrames(100);
                copyAll(recorder);
            }
            assertThat(recorder.ended()).isEqualTo(RecordingEnd.DISK_FULL);
            assertThat(mount.toFile().getUsableSpace())
                    .as("room left of what was to be kept free, but for the second between two looks")
                    .isGreaterThanOrEqualTo(keptFree / 2);
            // Room again for the summary.
            Files.deleteIfExists(mount.resolve("ballast"));
            recorder.finish();
            final SessionInfo info = recorder.session().read();
            assertThat(info.finished()).isTrue();
            assertThat(info.frames()).isEqualTo(recorder.frames()).isGreaterThan(50);
            assertThat(messages(recorder.session())).hasSizeGreaterThan((int) info.frames());
        }
    }

    private static int run(final String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
