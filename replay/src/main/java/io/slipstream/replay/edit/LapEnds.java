package io.slipstream.replay.edit;

import io.slipstream.queue.Message;
import io.slipstream.telemetry.schema.KeyframeDecoder;
import io.slipstream.telemetry.schema.LapCompletedDecoder;
import io.slipstream.telemetry.schema.SectorCompletedDecoder;
import java.util.ArrayList;
import java.util.List;

/**
 * Which messages that end a lap belong to the frames that were cut out: those whose lap's last frame is among them, wherever they
 * themselves stand. Takes every frame's number in order; single-threaded.
 */
final class LapEnds {
    /** No message that ends a lap. */
    static final long NONE = -1;

    private static final int LAST_SECTOR = 3;

    /**
     * Frames that were cut out in one piece.
     *
     * @param first number of the first one; -1 where no frame before it is left out.
     * @param next number of the first one after them.
     */
    private record Piece(long first, long next) {}

    private final LapCompletedDecoder lap = new LapCompletedDecoder();
    private final SectorCompletedDecoder sector = new SectorCompletedDecoder();
    private final List<Piece> closed = new ArrayList<>();
    private boolean anyFrame;
    private boolean inside;
    private long first;
    private long last = -1;

    /** Takes a frame in. */
    void onFrame(long number, boolean keyframe, boolean isCutOut) {
        if (keyframe && anyFrame && number <= last) {
            // A bridge that started again counts from 0 again: what its laps name are its own frames.
            closed.clear();
            first = -1;
        }
        if (isCutOut && !inside) {
            first = anyFrame ? number : -1;
        } else if (!isCutOut && inside) {
            closed.add(new Piece(first, number));
        }
        inside = isCutOut;
        anyFrame = true;
        last = number;
    }

    /** Is the last frame before this one among those that were cut out? */
    boolean belongs(long nextLapsFrame) {
        if (inside && nextLapsFrame > first) {
            return true;
        }
        for (Piece piece : closed) {
            if (nextLapsFrame > piece.first && nextLapsFrame <= piece.next) {
                return true;
            }
        }
        return false;
    }

    /** Number of the next lap's first frame, where the message ends a lap; else {@link #NONE}. */
    long nextLapsFrame(Message message) {
        if (message.schemaId() != KeyframeDecoder.SCHEMA_ID) {
            return NONE;
        }
        return switch (message.templateId()) {
            case LapCompletedDecoder.TEMPLATE_ID ->
                lap.wrap(message.buffer(), message.offset(), message.blockLength(), message.version())
                        .frameNumber();
            case SectorCompletedDecoder.TEMPLATE_ID -> {
                sector.wrap(message.buffer(), message.offset(), message.blockLength(), message.version());
                yield sector.sector() == LAST_SECTOR ? sector.frameNumber() : NONE;
            }
            default -> NONE;
        };
    }
}
