package io.slipstream.replay.player;

import java.util.concurrent.CountDownLatch;

/** What a playback was told. */
sealed interface Command {
    record Pause() implements Command {}

    record Resume() implements Command {}

    record Toggle() implements Command {}

    record Step(int frames) implements Command {}

    record Seek(SeekTarget target) implements Command {}

    record Speed(double rate) implements Command {}

    record Loop(LoopRegion region) implements Command {}

    record LoopWhole() implements Command {}

    record LoopOff() implements Command {}

    record Stop() implements Command {}

    /** Tells that all before it has been obeyed. */
    record Settle(CountDownLatch done) implements Command {}
}
