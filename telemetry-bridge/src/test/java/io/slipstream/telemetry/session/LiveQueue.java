package io.slipstream.telemetry.session;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Field;
import io.slipstream.queue.Message;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.bridge.FramePublisher;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.state.EventMessages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.agrona.concurrent.UnsafeBuffer;

/** A live queue that tests fill frame by frame, at times of their own. */
final class LiveQueue implements AutoCloseable {
    static final BlockFormat FORMAT = GameFormats.load("pcars2");
    static final int LENGTH = FORMAT.length(14);

    /** 2026-01-02T03:04:05Z. */
    static final long START_NS = 1_767_323_045_000_000_000L;

    static final long FRAME_NS = 10_000_000;

    final MessageQueue queue;
    private final Publisher publisher;
    private final UnsafeBuffer block = new UnsafeBuffer(new byte[LENGTH]);
    private FramePublisher frames;
    private final Random random = new Random(1);
    long now = START_NS;
    private int sequence;

    LiveQueue(final Path directory) {
        queue = open(directory);
        publisher = queue.publisher();
        frames = new FramePublisher(FORMAT, publisher);
        putInt("mVersion", 14);
        putInt("mGameState", 2);
        putInt("mSessionState", 5);
        putInt("mNumParticipants", 1);
        text("mTrackLocation", "Spa-Francorchamps");
        text("mTrackVariation", "GP");
        text("mCarName", "Kart");
        text("mCarClassName", "K");
        putFloat("mTrackLength", 7004);
        putFloat("mCurrentTime", -1);
        putFloat("mLastLapTime", -1);
        block.putByte(FORMAT.field("mParticipantInfo[0].mIsActive").offset(), (byte) 1);
        putInt("mParticipantInfo[0].mCurrentLap", 1);
        text("mParticipantInfo[0].mName", "Ada");
    }

    static MessageQueue open(final Path directory) {
        return MessageQueue.open(new MessageQueue.Context()
                .directory(directory)
                .blockSize(4 << 20)
                .schema(Bridge.schema()));
    }

    private void putInt(final String field, final int value) {
        block.putInt(FORMAT.field(field).offset(), value, LITTLE_ENDIAN);
    }

    private void putFloat(final String field, final float value) {
        block.putFloat(FORMAT.field(field).offset(), value, LITTLE_ENDIAN);
    }

    void text(final String field, final String text) {
        block.putBytes(FORMAT.field(field).offset(), (text + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /** The block is found, for the first time or again. */
    LiveQueue attach() {
        frames.onAttached(now, "/dev/shm/game", true, Consistency.SEQLOCK);
        return this;
    }

    LiveQueue lose() {
        frames.onLost(now);
        return this;
    }

    /** Another bridge: a process that knows nothing of the one before. */
    LiveQueue anotherBridge() {
        frames = new FramePublisher(FORMAT, publisher);
        return attach();
    }

    LiveQueue frames(final int count) {
        for (int i = 0; i < count; i++) {
            frame(0, 0, 0);
        }
        return this;
    }

    /** Frames that hardly compress: four kilobytes of each are new. */
    LiveQueue largeFrames(final int count) {
        final Field names = FORMAT.field("mCarNames");
        for (int i = 0; i < count; i++) {
            // Not the player's own car.
            for (int at = names.stride(); at < names.count() * names.stride(); at++) {
                block.putByte(names.offset() + at, (byte) (1 + random.nextInt(100)));
            }
            frame(0, 0, 0);
        }
        return this;
    }

    /** The player crossed the line with a frame, and it is known now. */
    LiveQueue lap(final long frameNumber, final long lap, final double time) {
        new EventMessages(publisher)
                .onLapCompleted(now, frameNumber, lap, time, Float.NaN, Float.NaN, Float.NaN, false, true);
        return this;
    }

    /** Others who take part, besides the player. */
    LiveQueue drivers(final String... names) {
        putInt("mNumParticipants", 1 + names.length);
        for (int i = 0; i < names.length; i++) {
            text("mParticipantInfo[" + (i + 1) + "].mName", names[i]);
        }
        return this;
    }

    LiveQueue frame(final int missed, final int retries, final int torn) {
        sequence += 2 + 2 * missed;
        now += FRAME_NS;
        putInt("mSequenceNumber", sequence);
        putFloat("mSpeed", sequence % 90);
        frames.onFrame(block, LENGTH, 14, sequence, missed, retries, torn, now);
        return this;
    }

    /** Everything in a queue that a test wants of it. */
    static List<String> messages(final MessageQueue queue, final Predicate<Message> wanted) {
        final List<String> found = new ArrayList<>();
        try (Subscriber subscriber = queue.subscriber()) {
            while (subscriber.poll(
                            message -> {
                                if (wanted.test(message)) {
                                    found.add(describe(message));
                                }
                            },
                            256)
                    > 0) {
                // On.
            }
        }
        return found;
    }

    /** All that a copy must keep. */
    static String describe(final Message message) {
        final byte[] body = new byte[message.length()];
        message.buffer().getBytes(message.offset(), body);
        return "template " + message.templateId() + " of schema " + message.schemaId() + " version " + message.version()
                + " at " + message.timestamp() + " from " + message.sourceId() + ": " + body.length + " bytes, hash "
                + Arrays.hashCode(body);
    }

    @Override
    public void close() {
        publisher.close();
        queue.close();
    }
}
