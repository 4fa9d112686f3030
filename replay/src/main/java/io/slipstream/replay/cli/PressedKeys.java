package io.slipstream.replay.cli;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Keys that were pressed and not yet looked at, for a command that does everything in one thread. */
final class PressedKeys implements AutoCloseable {
    private final Queue<String> pressed = new ConcurrentLinkedQueue<>();
    private final Keyboard keyboard;

    /** Takes the keyboard if there is one. */
    PressedKeys() {
        keyboard = Keyboard.open(pressed::add);
    }

    /** Whether anybody can press keys. */
    boolean isOpen() {
        return keyboard != null;
    }

    /** The next key, by its name; null if there is none. */
    String poll() {
        return pressed.poll();
    }

    @Override
    public void close() throws IOException {
        if (keyboard != null) {
            keyboard.close();
        }
    }
}
