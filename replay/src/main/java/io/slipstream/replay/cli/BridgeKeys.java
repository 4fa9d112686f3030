package io.slipstream.replay.cli;

import io.slipstream.memory.format.FormatException;
import io.slipstream.queue.QueueException;
import io.slipstream.telemetry.session.RecordingPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Supplier;

/** What keys do while a block is bridged: mark, save the past, end. */
final class BridgeKeys implements AutoCloseable {
    /** How they are explained. */
    static final String EXPLAINED = "keys: m marks this moment, s saves the last 120 s, q ends";

    private static final Duration SAVED = Duration.ofMinutes(2);

    private final PressedKeys keys = new PressedKeys();
    private final LiveBridge bridge;
    private final Supplier<RecordingPlan> plan;
    private final ProgressLine progress;
    private final PrintWriter err;

    /**
     * Takes the keyboard if there is one, and says so.
     *
     * @param plan of a session of the past.
     * @param progress to be taken away before anything is said.
     */
    BridgeKeys(LiveBridge bridge, Supplier<RecordingPlan> plan, ProgressLine progress, PrintWriter err) {
        this.bridge = bridge;
        this.plan = plan;
        this.progress = progress;
        this.err = err;
        if (keys.isOpen()) {
            err.println(EXPLAINED);
            err.flush();
        }
    }

    /** Does what the keys say that were pressed; true to end. */
    boolean doWork() {
        for (String key = keys.poll(); key != null; key = keys.poll()) {
            if (onKey(key)) {
                return true;
            }
        }
        return false;
    }

    /** Does what one key says; true to end. What a key cannot do is said, and what is bridged or recorded goes on. */
    boolean onKey(String key) {
        try {
            switch (key) {
                case "m" -> {
                    bridge.mark("");
                    say("marked");
                }
                case "s" -> {
                    progress.clear();
                    say(PastSave.save(bridge.queue(), SAVED, plan.get(), () -> false, err)
                            .session()
                            .toString());
                }
                case "q" -> {
                    return true;
                }
                default -> {
                    // No other key means anything.
                }
            }
        } catch (IOException | UncheckedIOException | QueueException | FormatException | CommandFailure e) {
            say("not done: " + Slipstream.explain(e));
        }
        return false;
    }

    private void say(String text) {
        progress.clear();
        err.println(text);
        err.flush();
    }

    @Override
    public void close() throws IOException {
        keys.close();
    }
}
