package io.slipstream.replay.edit;

import java.io.IOException;

/** The work was stopped on request; nothing of it was left behind. */
public final class EditStoppedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** With the one message that there is. */
    public EditStoppedException() {
        super("stopped: nothing was made, and nothing is left behind");
    }
}
