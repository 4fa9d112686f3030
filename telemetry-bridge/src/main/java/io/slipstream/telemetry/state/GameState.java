package io.slipstream.telemetry.state;

/** Numbers of {@code mGameState}, and what they mean for a session. */
final class GameState {
    static final int EXITED = 0;
    static final int FRONT_END = 1;
    static final int PLAYING = 2;
    static final int PAUSED = 3;
    static final int IN_MENU_TIME_TICKING = 4;
    static final int RESTARTING = 5;
    static final int REPLAY = 6;
    static final int FRONT_END_REPLAY = 7;

    private GameState() {}

    /** The game's clock runs and the block shows the present, so laps can be driven. */
    static boolean isRunning(final int state) {
        return state == PLAYING || state == IN_MENU_TIME_TICKING;
    }

    /** A session that was being driven is over. A pause or a look at the replay does not end one. */
    static boolean endsSession(final int state) {
        return state == EXITED || state == FRONT_END || state == RESTARTING || state == FRONT_END_REPLAY;
    }
}
