package io.slipstream.replay.edit;

import io.slipstream.queue.Message;
import io.slipstream.telemetry.codec.FrameReader;
import io.slipstream.telemetry.session.SessionWriter;

/**
 * Writes frames of one or several sessions so that each can be restored from those before it: as they are where that will do, else
 * as a keyframe, or counted anew from one. Single-threaded.
 */
final class FrameCopier {
    private static final int MOST_DELTAS = 0xFFFE;

    private final SessionWriter writer;
    private final FrameRewriter rewriter = new FrameRewriter();
    private boolean begun;
    private long number;
    private int crc;
    private int length;
    private int since;

    FrameCopier(SessionWriter writer) {
        this.writer = writer;
    }

    /** Writes the source's present frame, which is whole. */
    void write(SoundMessages source) {
        final FrameReader frame = source.frame();
        final Message message = source.message();
        if (frame.isKeyframe()) {
            since = 0;
            writer.write(message);
        } else if (begun && since < MOST_DELTAS && source.buildsOn(number, crc, length)) {
            since++;
            writer.write(since == source.sinceKeyframe() ? message : rewriter.renumbered(message, since));
        } else {
            since = 0;
            writer.write(rewriter.keyframe(source, frame.block(), frame.origin()));
        }
        begun = true;
        number = source.frameNumber();
        crc = source.crc();
        length = frame.blockLength();
    }
}
