package io.slipstream.replay.player;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.memory.BlockName;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.Subscriber;
import io.slipstream.replay.Sessions;
import io.slipstream.replay.edit.HandMade;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.schema.GapDecoder;
import io.slipstream.telemetry.schema.MarkerDecoder;
import io.slipstream.telemetry.schema.MarkerEncoder;
import io.slipstream.telemetry.schema.PlaybackClockDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replayed queue gets. Frame i was captured at i times 10 ms; markers at 300 and 305 ms, and behind the last frame. */
class QueueSinkTest {
    private static final long MS = 1_000_000;
    private static final int FRAMES = 100;

    @TempDir
    static Path folder;

    private static SessionReader session;

    @TempDir
    Path place;

    private final VirtualTimer timer = new VirtualTimer();
    private final List<Got> got = new ArrayList<>();

    private record Got(String type, long timestamp, int source, String text) {}

    @BeforeAll
    static void record() throws IOException {
        try (Sessions sessions = new Sessions(folder).frames(31, Sessions.START_NS, 10 * MS);
                Publisher publisher = sessions.live().publisher()) {
            mark(publisher, "apex", 300);
            mark(publisher, "late brake – grün", 305);
            sessions.frames(FRAMES - 31, Sessions.START_NS + 310 * MS, 10 * MS);
            mark(publisher, "after", 995);
            session = SessionReader.open(sessions.finish());
        }
        assertThat(session.markers()).hasSize(3);
    }

    private static void mark(final Publisher publisher, final String label, final long ms) {
        final MarkerEncoder marker = new MarkerEncoder();
        final byte[] text = label.getBytes(StandardCharsets.UTF_8);
        publisher.wrap(marker).putLabel(text, 0, text.length);
        publisher.publish(marker, Sessions.START_NS + ms * MS);
    }

    @AfterAll
    static void close() {
        session.close();
    }

    private Path queue() {
        return place.resolve("queue");
    }

    private Player player(final FrameSink sink) {
        return new Player(session, sink, Player.Options.DEFAULT.timed(TimingPolicy.DROP, timer));
    }

    private QueueSink sink(final QueueSink.Options options) {
        return new QueueSink(queue(), Sessions.FORMAT, "simulated", true, options);
    }

    private static QueueSink.Options clocked(final MessageSelection selection) {
        return new QueueSink.Options(true, selection, null, 7);
    }

    private List<Got> read() {
        try (MessageQueue messages = MessageQueue.open(
                        new MessageQueue.Context().directory(queue()).readOnly(true));
                Subscriber subscriber = messages.subscriber()) {
            final MarkerDecoder marker = new MarkerDecoder();
            final PlaybackClockDecoder clock = new PlaybackClockDecoder();
            final GapDecoder gap = new GapDecoder();
            while (subscriber.poll(
                            message -> {
                                final String text = switch (message.templateId()) {
                                    case MarkerDecoder.TEMPLATE_ID ->
                                        marker.wrap(
                                                        message.buffer(),
                                                        message.offset(),
                                                        message.blockLength(),
                                                        message.version())
                                                .label();
                                    case PlaybackClockDecoder.TEMPLATE_ID -> {
                                        clock.wrap(
                                                message.buffer(),
                                                message.offset(),
                                                message.blockLength(),
                                                message.version());
                                        yield clock.position() / MS + " of " + clock.duration() / MS + " at "
                                                + clock.rate() + " frame " + clock.frame();
                                    }
                                    case GapDecoder.TEMPLATE_ID ->
                                        ""
                                                + gap.wrap(
                                                                message.buffer(),
                                                                message.offset(),
                                                                message.blockLength(),
                                                                message.version())
                                                        .missed();
                                    default -> "";
                                };
                                got.add(new Got(
                                        Bridge.schema().templateName(message.templateId()),
                                        message.timestamp(),
                                        message.sourceId(),
                                        text));
                            },
                            256)
                    > 0) {
                // On.
            }
        }
        assertThat(got).extracting(Got::timestamp).isSorted();
        return got;
    }

    private List<String> texts(final String type) {
        return got.stream()
                .filter(message -> message.type().equals(type))
                .map(Got::text)
                .toList();
    }

    private long count(final String type) {
        return texts(type).size();
    }

    @Test
    void shouldReplayMarkersAtTheirTimesAndTellTheClock() throws IOException {
        try (QueueSink sink = sink(clocked(null))) {
            player(sink).run(() -> false);
        }
        read();
        assertThat(texts("Marker")).containsExactly("apex", "late brake – grün", "after");
        assertThat(got.stream()
                        .filter(message -> message.type().equals("Marker"))
                        .map(Got::timestamp))
                .containsExactly(
                        Sessions.START_NS + 300 * MS, Sessions.START_NS + 305 * MS, Sessions.START_NS + 995 * MS);
        assertThat(count("CarState")).isEqualTo(FRAMES);
        assertThat(texts("PlaybackClock")).hasSizeBetween(10, 11).contains("500 of 990 at 1.0 frame 50");
        assertThat(got).allSatisfy(message -> assertThat(message.source()).isEqualTo(7));
    }

    @Test
    void shouldReadLikeALostSourceWhereItJumps() throws IOException {
        try (QueueSink sink = sink(clocked(null))) {
            final Player player = player(sink);
            timer.at(505 * MS, () -> player.seek(new SeekTarget.Marker(0)))
                    .at(705 * MS, () -> player.pause())
                    .at(1_000 * MS, () -> player.stop());
            player.run(() -> false);
        }
        read();
        assertThat(texts("Marker")).containsExactly("apex", "late brake – grün", "apex", "late brake – grün");
        assertThat(count("SessionStarted")).isEqualTo(2);
        assertThat(count("SessionEnded")).isEqualTo(2);
        assertThat(count("SourceChanged")).isEqualTo(4);
        assertThat(count("Gap")).isZero();
        assertThat(texts("PlaybackClock"))
                .contains("300 of 990 at 1.0 frame 30")
                .endsWith("500 of 990 at 0.0 frame 49");
    }

    @Test
    void shouldShowDroppedFramesAsAGap() throws IOException {
        final PlayedFrames slow = new PlayedFrames(timer);
        slow.onFrame = frame -> {
            if (frame.ordinal() == 20) {
                timer.stall(55 * MS);
            }
        };
        try (FanOut both = new FanOut(List.of(slow, sink(clocked(null))))) {
            player(both).run(() -> false);
        }
        read();
        assertThat(slow.dropped).isEqualTo(4);
        assertThat(texts("Gap")).containsExactly("4");
    }

    @Test
    void shouldNotMissWhatWasMissedBeforeTheFirstFrame() throws IOException {
        final Path made;
        try (HandMade session = new HandMade(place.resolve("made"), "", Map.of())) {
            for (int i = 0; i < 20; i++) {
                session.frame(Sessions.START_NS + i * 10L * MS, i == 8 ? 5 : i == 10 ? 3 : 0, 0, 0);
            }
            made = session.finish();
        }
        try (SessionReader reader = SessionReader.open(made);
                QueueSink sink = sink(clocked(null))) {
            new Player(
                            reader,
                            sink,
                            new Player.Options(1, 80 * MS, Long.MAX_VALUE, false).timed(TimingPolicy.KEEP, timer))
                    .run(() -> false);
        }
        read();
        assertThat(texts("Gap")).as("the second, and not the first").containsExactly("3");
    }

    @Test
    void shouldRefuseASession() {
        assertThatThrownBy(() -> new QueueSink(session.path(), Sessions.FORMAT, "simulated", true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is a session: playing into it would change it");
    }

    @Test
    void shouldSelectByType() throws IOException {
        final MessageSelection selection =
                MessageSelection.of(Bridge.schema(), List.of("carstate", "Marker", "Standings"), List.of("Standings"));
        try (QueueSink sink = sink(clocked(selection))) {
            player(sink).run(() -> false);
        }
        read();
        assertThat(got).extracting(Got::type).containsOnly("CarState", "Marker");
        assertThat(count("CarState")).isEqualTo(FRAMES);
    }

    @Test
    void shouldRefuseASelectionThatCannotBe() {
        assertThatThrownBy(() -> MessageSelection.of(Bridge.schema(), List.of("Carstat"), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no message type 'Carstat'; there are: ")
                .hasMessageContaining("CarState")
                .hasMessageContaining("PlaybackClock");
        assertThatThrownBy(() -> MessageSelection.of(Bridge.schema(), List.of(), List.of("Keyframe")))
                .hasMessageContaining("Delta without Keyframe");
        assertThatThrownBy(() -> MessageSelection.of(Bridge.schema(), List.of("Gap"), List.of("Gap")))
                .hasMessageContaining("excluded as well");
    }

    @Test
    void shouldStampWithTheTimeOfPlaying() throws IOException {
        try (QueueSink sink = sink(new QueueSink.Options(false, null, timer::nanoTime, 1))) {
            player(sink).run(() -> false);
        }
        assertThat(read()).allSatisfy(message -> assertThat(message.timestamp()).isBetween(0L, 995 * MS));
    }

    @Test
    void shouldPlayIntoABlockAndAQueueAtOnce() throws IOException {
        final BlockName name = new BlockName.MappedFile(place.resolve("block"));
        try (FanOut both = new FanOut(List.of(
                BlockSink.open(name, Sessions.FORMAT, Sessions.LENGTH, true), sink(QueueSink.Options.DEFAULT)))) {
            player(both).run(() -> false);
        }
        read();
        assertThat(count("CarState")).isEqualTo(FRAMES);
        try (MappedBlock block = MappedBlock.openReadOnly(name)) {
            final int sequence = Sessions.FORMAT.field("mSequenceNumber").offset();
            assertThat(block.buffer().getInt(sequence))
                    .as("sequence of the last frame")
                    .isPositive();
        }
    }
}
