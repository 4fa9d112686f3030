package io.slipstream.telemetry.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.schema.DeltaEncoder;
import io.slipstream.telemetry.schema.KeyframeEncoder;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class CodecAllocationTest {
    private static final int FRAMES = 10_000;

    /** What the measurement itself may cost; one allocation a frame would be 160,000 bytes at least. */
    private static final long NOISE = 4_096;

    private final MovingField field = new MovingField();
    private final FrameMessages messages = new FrameMessages(
            "pcars2", "/dev/shm/$pcars2$", false, Consistency.SEQLOCK, MovingField.LENGTH, new KeyframeRule());
    private final FrameReader reader = new FrameReader(MovingField.LENGTH);
    private long time;

    @Test
    void shouldAllocateNothingAFrame() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assumeTrue(
                threads.isThreadAllocatedMemoryEnabled(), "skipped: this JVM does not count what a thread allocates");
        final long id = Thread.currentThread().threadId();
        run();
        long least = Long.MAX_VALUE;
        // The compiler may still be at work during one of them, and what it changes may allocate.
        for (int i = 0; i < 3; i++) {
            final long before = threads.getThreadAllocatedBytes(id);
            run();
            least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
        }
        assertThat(least)
                .as("bytes allocated to encode and decode %s frames", FRAMES)
                .isLessThan(NOISE);
    }

    private void run() {
        int faults = 0;
        for (int i = 0; i < FRAMES; i++) {
            field.next();
            time += 6_000_000;
            final int length = messages.encode(field.block(), MovingField.LENGTH, 13, 2L * i, 0, 0, 0, time);
            final boolean keyframe = messages.isKeyframe();
            if (reader.onMessage(
                            keyframe ? 1 : 2,
                            messages.buffer(),
                            8,
                            length - 8,
                            keyframe ? KeyframeEncoder.BLOCK_LENGTH : DeltaEncoder.BLOCK_LENGTH,
                            1)
                    != FrameDecoder.OK) {
                faults++;
            }
        }
        assertThat(faults).as("frames that were not restored").isZero();
        assertThat(reader.block().compareTo(field.block())).as("the last frame").isZero();
    }
}
