package io.slipstream.telemetry.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.slipstream.telemetry.schema.CarStateEncoder;
import io.slipstream.telemetry.schema.StandingsEncoder;
import java.lang.management.ManagementFactory;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class AllocationTest {
    private static final int FRAMES = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Blocks block = new Blocks();
    private final NoSink sink = new NoSink();
    private final EventDetector detector = new EventDetector(Blocks.FORMAT, sink);
    private final CarStateMapper mapper = new CarStateMapper(Blocks.FORMAT);
    private final StandingsMapper standings = new StandingsMapper(Blocks.FORMAT);
    private final ParticipantRoster roster = new ParticipantRoster(Blocks.FORMAT);
    private final CarStateEncoder car = new CarStateEncoder();
    private final StandingsEncoder cars = new StandingsEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8192]);
    private final int timeOffset = Blocks.FORMAT.field("mCurrentTime").offset();
    private final int lapOffset =
            Blocks.FORMAT.field("mParticipantInfo[0].mCurrentLap").offset();
    private long frame;

    @Test
    void shouldAllocateNothingPerFrame() {
        drive();
        final long before = threads.getCurrentThreadAllocatedBytes();
        drive();
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(sink.laps).as("laps driven meanwhile").isGreaterThan(20);
        assertThat(allocated)
                .as("bytes allocated in %d frames; the measurement itself takes a few", FRAMES)
                .isLessThan(1024);
    }

    /** A lap every five seconds, at 200 Hz. */
    private void drive() {
        for (int i = 0; i < FRAMES; i++) {
            final long lapFrame = frame % 1000;
            block.buffer.putFloat(timeOffset, lapFrame / 200f);
            block.buffer.putInt(lapOffset, (int) (1 + frame / 1000));
            detector.onFrame(frame, frame * 5_000_000L, 0, block.buffer, 14);
            mapper.map(block.buffer, 14, detector.player(), frame, car.wrap(buffer, 0));
            standings.map(block.buffer, 14, detector.player(), frame, cars.wrap(buffer, 0));
            roster.update(block.buffer, 14, detector.player());
            frame++;
        }
    }

    private static final class NoSink implements EventSink {
        private int laps;

        @Override
        public void onSessionStarted(final long timestamp, final long frameNumber, final SessionDetails session) {}

        @Override
        public void onSessionEnded(final long timestamp, final long frameNumber, final long lapsCompleted) {}

        @Override
        public void onLapCompleted(
                final long timestamp,
                final long frameNumber,
                final long lap,
                final double time,
                final float sector1,
                final float sector2,
                final float sector3,
                final boolean invalidated,
                final boolean whole) {
            laps++;
        }

        @Override
        public void onSectorCompleted(
                final long timestamp, final long frameNumber, final long lap, final int sector, final float time) {}

        @Override
        public void onFlagChanged(final long timestamp, final long frameNumber, final int flag) {}

        @Override
        public void onPitChanged(final long timestamp, final long frameNumber, final int mode) {}

        @Override
        public void onGap(final long timestamp, final long frameNumber, final long missed, final long duration) {}
    }
}
