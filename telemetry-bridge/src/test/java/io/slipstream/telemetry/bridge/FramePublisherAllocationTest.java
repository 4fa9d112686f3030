package io.slipstream.telemetry.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.telemetry.schema.Consistency;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FramePublisherAllocationTest {
    private static final int FRAMES = 4_000;
    private static final long PERIOD_NS = 6_000_000;

    @TempDir
    Path folder;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final int length = GameBlock.FORMAT.length(14);
    private final UnsafeBuffer block = GameBlock.aFrame(length, 14);
    private final int speed = GameBlock.FORMAT.field("mSpeed").offset();
    private long frame;

    /** With keyframes, standings and, every ten seconds, who drives what. */
    @Test
    void shouldAllocateNothingForAFrameWithoutEvents() {
        try (MessageQueue queue = MessageQueue.open(new MessageQueue.Context()
                        .directory(folder)
                        .blockSize(64 << 20)
                        .schema(Bridge.schema()));
                Publisher publisher = queue.publisher()) {
            final FramePublisher frames = new FramePublisher(GameBlock.FORMAT, publisher);
            frames.onAttached(1, "block", true, Consistency.SEQLOCK);
            // Some of what happens once a second must be compiled, too.
            for (int i = 0; i < 6; i++) {
                publish(frames);
            }
            final long before = threads.getCurrentThreadAllocatedBytes();
            publish(frames);
            final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(frames.frames()).isEqualTo(7 * FRAMES);
            assertThat(allocated)
                    .as("bytes allocated in %d frames; the measurement itself takes a few", FRAMES)
                    .isLessThan(1024);
        }
    }

    private void publish(final FramePublisher frames) {
        for (int i = 0; i < FRAMES; i++) {
            frame++;
            block.putInt(GameBlock.SEQUENCE, (int) frame * 2);
            block.putFloat(speed, (float) (frame % 90));
            frames.onFrame(block, length, 14, frame * 2, 0, 0, 0, frame * PERIOD_NS);
        }
    }
}
