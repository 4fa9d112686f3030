package io.slipstream.telemetry.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.telemetry.schema.Consistency;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramePublisherTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 6, 50, 100, 101, 1000})
    void shouldPublishStandingsAndParticipantsAtAnyRate(final long periodMs) {
        final int length = GameBlock.FORMAT.length(14);
        final UnsafeBuffer block = GameBlock.aFrame(length, 14);
        try (MessageQueue queue = MessageQueue.open(
                        new MessageQueue.Context().directory(folder).schema(Bridge.schema()));
                Publisher publisher = queue.publisher();
                LiveTail tail = new LiveTail(queue, () -> {})) {
            final FramePublisher frames = new FramePublisher(GameBlock.FORMAT, publisher);
            frames.onAttached(1, "block", true, Consistency.SEQLOCK);
            for (int i = 0; i < 200; i++) {
                frames.onFrame(block, length, 14, 2 * i + 2, 0, 0, 0, (i + 1) * periodMs * 1_000_000);
            }
            tail.toEnd();
            assertThat(tail.frames).hasSize(200);
            assertThat(tail.carStates).hasSize(200);
            assertThat(tail.participants)
                    .as("participants at a frame every %d ms", periodMs)
                    .containsExactly("0 Ada", "1 Bob");
            assertThat(tail.standings)
                    .as("cars in the standings at a frame every %d ms", periodMs)
                    .isNotEmpty()
                    .allMatch(cars -> cars == 2);
        }
    }
}
