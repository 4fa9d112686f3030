package io.slipstream.telemetry.bridge;

import io.slipstream.memory.ScratchDirectory;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.telemetry.schema.Consistency;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Runs made-up frames through everything that a real one will pass, into a queue that is thrown away, while nobody waits: the
 * first frames of a race would otherwise meet code that the JVM has yet to load and compile, and be late by whole frames.
 */
final class WarmUp {
    private static final int FRAMES = 3_000;
    private static final int CHANGED_WORDS = 400;
    private static final int CARS = 24;
    private static final int QUEUE_BLOCK_SIZE = 1 << 20;
    private static final long FRAME_NS = 6_000_000;

    private WarmUp() {}

    static void run(BlockFormat format, BooleanSupplier stop) throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.create("slipstream-warm-up-");
                MessageQueue queue = MessageQueue.open(new MessageQueue.Context()
                        .directory(scratch.path())
                        .blockSize(QUEUE_BLOCK_SIZE)
                        .schema(Bridge.schema()));
                Publisher publisher = queue.publisher()) {
            publish(format, new FramePublisher(format, publisher), stop);
        }
    }

    private static void publish(BlockFormat format, FramePublisher frames, BooleanSupplier stop) {
        final int version = format.newestVersion();
        final int length = format.length(version);
        final UnsafeBuffer block = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        final SplittableRandom random = new SplittableRandom(1);
        put(format, block, "mVersion", version);
        put(format, block, "mGameState", 2);
        put(format, block, "mSessionState", 5);
        put(format, block, "mNumParticipants", CARS);
        for (int car = 0; car < CARS; car++) {
            block.putByte(
                    format.field("mParticipantInfo[" + car + "].mIsActive").offset(), (byte) 1);
        }
        final int moving = format.field("mUnfilteredThrottle").offset();
        long timestamp = 1;
        frames.onAttached(timestamp, "warm-up", true, Consistency.SEQLOCK);
        for (int i = 0; i < FRAMES && !stop.getAsBoolean(); i++) {
            timestamp += FRAME_NS;
            for (int word = 0; word < CHANGED_WORDS; word++) {
                final int offset = random.nextInt(moving / Float.BYTES, length / Float.BYTES) * Float.BYTES;
                block.putFloat(offset, random.nextInt(1000), ByteOrder.LITTLE_ENDIAN);
            }
            frames.onFrame(block, length, version, 2L * i + 2, 0, 0, 0, timestamp);
        }
        frames.onLost(timestamp);
    }

    private static void put(BlockFormat format, UnsafeBuffer block, String field, int value) {
        block.putInt(format.field(field).offset(), value, ByteOrder.LITTLE_ENDIAN);
    }
}
