package io.slipstream.tests.bench;

import io.slipstream.tests.capture.CaptureAnimator;
import java.nio.file.Path;
import org.agrona.DirectBuffer;

/** Frames of the animated real block. */
final class CapturedFrames implements Frames {
    private final CaptureAnimator capture;

    CapturedFrames(Path captures) {
        capture = CaptureAnimator.open(captures);
    }

    @Override
    public boolean next() {
        return capture.next();
    }

    @Override
    public DirectBuffer block() {
        return capture.block();
    }

    @Override
    public long timestampNs() {
        return capture.timestampNs();
    }
}
