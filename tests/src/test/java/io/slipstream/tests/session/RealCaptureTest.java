package io.slipstream.tests.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.SeqlockReader;
import io.slipstream.memory.format.SeqlockWriter;
import io.slipstream.memory.format.Sequence;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import io.slipstream.replay.player.BlockSink;
import io.slipstream.replay.player.FrameSink;
import io.slipstream.replay.player.Player;
import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.block.BlockTrailer;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.formats.GameFormats;
import io.slipstream.telemetry.session.Recorder;
import io.slipstream.telemetry.session.SessionInfo;
import io.slipstream.telemetry.source.NamedSource;
import io.slipstream.tests.capture.CaptureAnimator;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real block, animated with real laps, goes through the bridge into a session and back into a block. The block's writer and
 * the bridge go in step, under the capture's own time, so that eight minutes pass in seconds.
 */
final class RealCaptureTest {
    private final BlockFormat format = GameFormats.load("pcars2");
    private final int sequenceOffset = format.field("mSequenceNumber").offset();

    @TempDir
    Path directory;

    /** The capture's time: the writer sets it, the bridge reads it. */
    private static final class CaptureClock implements EpochNanoClock {
        private volatile long now;

        @Override
        public long nanoTime() {
            return now;
        }
    }

    @Test
    void shouldFindTheKnownLapsAndGiveEveryFrameBack() throws Exception {
        assumeTrue(RecordedCapture.available(), "no captures at " + RecordedCapture.CAPTURES);
        final Path session = record();

        final CaptureAnimator animator = CaptureAnimator.open(RecordedCapture.CAPTURES);
        try (SessionReader reader = SessionReader.open(session)) {
            final SessionInfo info = reader.info();
            assertThat(info.frames()).as("frames").isEqualTo(animator.rows());
            assertThat(info.missed()).as("missed").isZero();
            assertThat(info.torn()).as("torn").isZero();
            assertThat(info.synthetic()).as("marked as synthetic").isTrue();
            assertThat(info.finished()).isTrue();
            final List<SessionInfo.Lap> laps =
                    info.laps().stream().filter(SessionInfo.Lap::whole).toList();
            System.out.println("laps found: " + laps);
            assertThat(laps).extracting(SessionInfo.Lap::lap).containsExactly(1L, 2L, 3L, 4L);
            for (int i = 0; i < RecordedCapture.KNOWN_LAPS.size(); i++) {
                assertThat(laps.get(i).time())
                        .as("lap %s", i + 1)
                        .isCloseTo(RecordedCapture.KNOWN_LAPS.get(i), within(0.020));
            }
            assertThat(info.bytes())
                    .as("bytes on disk of %s raw", info.rawBytes())
                    .isLessThan(info.rawBytes() / 20);
            replay(reader, animator);
        }
    }

    private Path record() throws Exception {
        final BlockName name = new BlockName.MappedFile(directory.resolve("block"));
        final CaptureClock clock = new CaptureClock();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final CaptureAnimator animator = CaptureAnimator.open(RecordedCapture.CAPTURES);
        try (MappedBlock block =
                        MappedBlock.create(name, BlockDescriptor.mappingLength(format.length(animator.version())));
                MessageQueue live = MessageQueue.open(new MessageQueue.Context()
                        .directory(directory.resolve("live"))
                        .schema(Bridge.schema()));
                Subscriber subscriber = live.subscriber();
                Recorder recorder = new Recorder(subscriber, directory.resolve("sessions"))) {
            BlockTrailer.write(block.buffer(), true, false);
            animator.next();
            clock.now = animator.timestampNs();
            final Bridge bridge = new Bridge(new Bridge.Context()
                    .format(format)
                    .source(new NamedSource(name, block.length()))
                    .queue(live)
                    .clock(clock));
            final AtomicBoolean stop = new AtomicBoolean();
            final Thread sampling = new Thread(() -> {
                try {
                    bridge.run(stop::get);
                } catch (Exception | Error e) {
                    failure.set(e);
                }
            });
            sampling.start();
            final SeqlockWriter writer = new SeqlockWriter(block.buffer(), sequenceOffset);
            long written = 0;
            do {
                clock.now = animator.timestampNs();
                // The dump is longer than the struct; the block's end has our trailer.
                writer.writeRecorded(animator.block(), format.length(animator.version()));
                written++;
                // The next row comes when this one has been sampled and recorded.
                while (recorder.frames() < written && failure.get() == null) {
                    if (recorder.doWork() == 0) {
                        LockSupport.parkNanos(20_000);
                    }
                }
            } while (failure.get() == null && animator.next());
            clock.now = animator.timestampNs() + 5_000_000_000L;
            stop.set(true);
            sampling.join();
            assertThat(failure.get()).isNull();
            while (recorder.doWork() > 0) {
                // The last events.
            }
            recorder.finish();
            return recorder.session().path();
        }
    }

    /** Reads every replayed frame back from the block and compares it with the row it came from. */
    private void replay(SessionReader reader, CaptureAnimator animator) throws Exception {
        final BlockName name = new BlockName.MappedFile(directory.resolve("copy"));
        final UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(64 << 10));
        final SeqlockReader seqlock = new SeqlockReader(0);
        try (BlockSink sink = BlockSink.open(name, format, reader.info().blockBytes(), true);
                MappedBlock copy = MappedBlock.openReadOnly(name);
                FrameSink checked = new FrameSink() {
                    @Override
                    public void onFrame(FrameCursor cursor, long timestampNs) {
                        sink.onFrame(cursor, timestampNs);
                        assertThat(animator.next()).isTrue();
                        final int length = cursor.block().capacity();
                        assertThat(seqlock.sample(copy.buffer(), sequenceOffset, Sequence.NONE, frame, length))
                                .isEqualTo(SeqlockReader.OK);
                        assertThat(timestampNs).isEqualTo(animator.timestampNs());
                        for (int i = 0; i < length; i++) {
                            if (frame.getByte(i) != animator.block().getByte(i)) {
                                throw new AssertionError("byte " + i + " of the frame at " + timestampNs);
                            }
                        }
                    }

                    @Override
                    public void close() {
                        // The sink is closed beside it.
                    }
                }) {
            final Player player =
                    new Player(reader, checked, new Player.Options(Player.Options.UNPACED, 0, Long.MAX_VALUE, false));
            player.run(() -> false);
            assertThat(player.frames()).isEqualTo(animator.rows());
            assertThat(player.damaged()).isZero();
        }
    }
}
