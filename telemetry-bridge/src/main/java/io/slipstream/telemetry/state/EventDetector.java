package io.slipstream.telemetry.state;

import io.slipstream.memory.format.BlockFormat;
import org.agrona.DirectBuffer;

/**
 * Finds what happens in a sequence of frames: sessions, laps, sectors, flags, pits, gaps. Feed it every accepted frame in order.
 *
 * <p>A session starts with the first frame that is played, and ends when the game goes back to its menus or restarts, when
 * session kind or track change, when the player's laps begin again, and when the source is lost. A pause does not end it, and the
 * in-game replay, which moves the block too, neither starts a session nor counts laps: its frames are passed over.
 *
 * <p><b>Threads:</b> one. Allocates nothing after construction but for the text of a started session.
 */
public final class EventDetector {
    /** The lap clock can show no more after a restart; a rewind into the first lap shows what it rewound to. */
    private static final float RESTARTED_S = 5;

    private static final int NO_FLAG = 0;
    private static final int NOT_IN_PITS = 0;

    private final EventSink sink;
    private final PlayerAnchor anchor;
    private final SessionSlots session;
    private final LapView view;
    private final LapTimer laps = new LapTimer();
    private final Slot flag;
    private final Slot flags;
    private final Slot pitMode;
    private final Slot pitModes;

    private boolean inSession;
    private int player = PlayerAnchor.NONE;
    private long frameSeen;
    private long timestampSeen;
    private boolean seen;
    private long lapsCompletedSeen;
    private long flagSeen;
    private long pitModeSeen;

    /**
     * Looks every field up.
     *
     * @param format of the blocks to come.
     * @param sink that events go to.
     * @throws IllegalArgumentException if the format lacks a field, naming it.
     */
    public EventDetector(final BlockFormat format, final EventSink sink) {
        this.sink = sink;
        anchor = new PlayerAnchor(format);
        session = new SessionSlots(format);
        view = new LapView(format);
        flag = new Slot(format, "mHighestFlagColour");
        flags = new Slot(format, "mHighestFlagColours");
        pitMode = new Slot(format, "mPitMode");
        pitModes = new Slot(format, "mPitModes");
    }

    /**
     * Takes the next frame in.
     *
     * @param frameNumber of the frame.
     * @param timestampNs capture time in ns since the Unix epoch.
     * @param missed frames that the game wrote between the frame before and this one.
     * @param block at 0 of the buffer, as long as its version says.
     * @param version that the block states.
     */
    public void onFrame(
            final long frameNumber,
            final long timestampNs,
            final int missed,
            final DirectBuffer block,
            final long version) {
        if (missed > 0) {
            sink.onGap(timestampNs, frameNumber, missed, seen ? timestampNs - timestampSeen : 0);
        }
        seen = true;
        frameSeen = frameNumber;
        timestampSeen = timestampNs;

        final int state = session.gameState(block, version);
        final boolean running = GameState.isRunning(state) && session.isSession(block, version);
        if (inSession) {
            final boolean over = GameState.endsSession(state) || !session.isSession(block, version);
            if (over || (running && session.isOther(block, version))) {
                end(timestampNs, frameNumber);
            }
        }
        if (!inSession && running && state == GameState.PLAYING) {
            start(timestampNs, frameNumber, block, version);
        }
        player = inSession ? anchor.update(block, version) : anchor.viewed(block, version);
        if (!inSession) {
            return;
        }
        if (running && player != PlayerAnchor.NONE) {
            drive(frameNumber, timestampNs, missed, block, version);
        } else {
            laps.onStandstill(timestampNs, sink);
        }
    }

    /**
     * The source is gone: the session ends, and the next frame, whenever it comes, belongs to another.
     *
     * @param timestampNs ns since the Unix epoch.
     */
    public void onSourceLost(final long timestampNs) {
        end(timestampNs, frameSeen);
        player = PlayerAnchor.NONE;
        seen = false;
    }

    /**
     * The player in the last frame: anchored by name in a session, else whom the block views.
     *
     * @return index of the player's participant, or {@link PlayerAnchor#NONE}.
     */
    public int player() {
        return player;
    }

    /**
     * Whether a session is under way.
     *
     * @return true between a session's start and end.
     */
    public boolean inSession() {
        return inSession;
    }

    private void drive(
            final long frameNumber,
            final long timestamp,
            final int missed,
            final DirectBuffer block,
            final long version) {
        view.read(frameNumber, timestamp, missed, block, version, player);
        if (session.isRaceReset(view.raceState) || isRestart()) {
            end(timestamp, frameNumber);
            start(timestamp, frameNumber, block, version);
            player = anchor.update(block, version);
            if (player == PlayerAnchor.NONE) {
                return;
            }
            view.read(frameNumber, timestamp, missed, block, version, player);
        }
        lapsCompletedSeen = view.lapsCompleted;
        laps.onFrame(view, sink);

        final long flagNow = (view.own || !flags.isIn(version))
                ? flag.integer(block, version)
                : flags.integer(block, version, player);
        if (flagNow != flagSeen) {
            flagSeen = flagNow;
            sink.onFlagChanged(timestamp, frameNumber, (int) flagNow);
        }
        final long pitModeNow = view.own ? pitMode.integer(block, version) : pitModes.integer(block, version, player);
        if (pitModeNow != pitModeSeen) {
            pitModeSeen = pitModeNow;
            sink.onPitChanged(timestamp, frameNumber, (int) pitModeNow);
        }
    }

    private boolean isRestart() {
        return view.progress == 0 && laps.progress() > 0 && !(view.time > RESTARTED_S);
    }

    private void start(final long timestamp, final long frameNumber, final DirectBuffer block, final long version) {
        inSession = true;
        anchor.reset();
        session.remember(block, version);
        laps.reset();
        lapsCompletedSeen = 0;
        flagSeen = NO_FLAG;
        pitModeSeen = NOT_IN_PITS;
        sink.onSessionStarted(timestamp, frameNumber, session.details(block, version));
    }

    private void end(final long timestamp, final long frameNumber) {
        if (inSession) {
            inSession = false;
            laps.flush(timestamp, sink);
            laps.reset();
            anchor.reset();
            sink.onSessionEnded(timestamp, frameNumber, lapsCompletedSeen);
        }
    }
}
