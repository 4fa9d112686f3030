package io.slipstream.replay.verify;

import io.slipstream.queue.Message;
import io.slipstream.queue.store.StoreReader;
import io.slipstream.replay.session.MessageCheck;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.codec.FrameDecoder;
import io.slipstream.telemetry.codec.FrameReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/**
 * Restores the frames of a stretch of a session, which begins with a keyframe, and holds each against its checksum. What is no frame,
 * and where there is no message, others look at. One thread.
 */
final class FrameCheck implements Callable<FrameCheck> {
    private static final int LOOK_MASK = 0xFFF;

    private final Path session;
    private final long from;
    private final long to;
    private final BooleanSupplier stop;
    private final FrameReader frame = new FrameReader(BlockDescriptor.MAX_FRAME_LENGTH);
    private final List<Finding> findings = new ArrayList<>();
    private long problems;
    private long frames;
    private long damaged;
    private boolean broken;

    /** From one place in the files to another, exclusive. */
    FrameCheck(Path session, long from, long to, BooleanSupplier stop) {
        this.session = session;
        this.from = from;
        this.to = to;
        this.stop = stop;
    }

    @Override
    public FrameCheck call() throws IOException {
        try (StoreReader store = StoreReader.open(session)) {
            store.toPlace(from);
            long seen = 0;
            while ((++seen & LOOK_MASK) != 0 || !stop.getAsBoolean()) {
                final int code = store.next();
                if (code == StoreReader.NOTHING
                        || (code == StoreReader.MESSAGE && store.message().position() >= to)) {
                    break;
                }
                if (code == StoreReader.DAMAGED) {
                    store.skipDamage();
                    frame.reset();
                    broken = true;
                } else if (MessageCheck.isSound(store.message())) {
                    onMessage(store, store.message());
                }
            }
        }
        return this;
    }

    private void onMessage(StoreReader store, Message message) {
        final int code = frame.onMessage(message);
        if (code == FrameDecoder.OK) {
            frames++;
            broken = false;
        } else if (code != FrameReader.NOT_A_FRAME) {
            damaged++;
            // Those that build on a damaged one are counted, and not told one by one.
            if (!broken || code != FrameDecoder.NEEDS_KEYFRAME) {
                problems++;
                if (findings.size() < Verification.MOST_FINDINGS) {
                    findings.add(new Finding(
                            Finding.Kind.FRAME,
                            store.messageFile(),
                            store.messageOffset(),
                            "a frame that is " + FrameDecoder.describe(code)));
                }
            }
            broken = true;
        }
    }

    List<Finding> findings() {
        return findings;
    }

    /** All that was found, and not only the first. */
    long problems() {
        return problems;
    }

    long frames() {
        return frames;
    }

    long damaged() {
        return damaged;
    }
}
