package io.slipstream.telemetry.state;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.telemetry.state.EventSink.SessionDetails;
import org.agrona.DirectBuffer;

/** What a block says of its session, and which session that was last. Single-threaded; allocates only for {@link #details}. */
final class SessionSlots {
    private static final int RACE = 5;
    private static final int NOT_STARTED = 1;

    private final Slot gameState;
    private final Slot sessionState;
    private final Slot trackLength;
    private final Slot lapsInEvent;
    private final TextSlot car;
    private final TextSlot carClass;
    private final TextSlot track;
    private final TextSlot variation;

    private final byte[] trackSeen;
    private final byte[] variationSeen;
    private int trackLengthSeen;
    private int variationLengthSeen;
    private int sessionStateSeen;
    private int raceStateSeen;

    SessionSlots(final BlockFormat format) {
        gameState = new Slot(format, "mGameState");
        sessionState = new Slot(format, "mSessionState");
        trackLength = new Slot(format, "mTrackLength");
        lapsInEvent = new Slot(format, "mLapsInEvent");
        car = TextSlot.single(format, "mCarName");
        carClass = TextSlot.single(format, "mCarClassName");
        track = TextSlot.single(format, "mTrackLocation");
        variation = TextSlot.single(format, "mTrackVariation");
        trackSeen = new byte[track.capacity()];
        variationSeen = new byte[variation.capacity()];
    }

    int gameState(final DirectBuffer block, final long version) {
        return (int) gameState.integer(block, version);
    }

    /** There is something to drive in. */
    boolean isSession(final DirectBuffer block, final long version) {
        return sessionState.integer(block, version) > 0;
    }

    void remember(final DirectBuffer block, final long version) {
        sessionStateSeen = (int) sessionState.integer(block, version);
        trackLengthSeen = track.copy(block, 0, trackSeen);
        variationLengthSeen = variation.copy(block, 0, variationSeen);
        raceStateSeen = 0;
    }

    boolean isOther(final DirectBuffer block, final long version) {
        return sessionState.integer(block, version) != sessionStateSeen
                || !track.equals(block, 0, trackSeen, trackLengthSeen)
                || !variation.equals(block, 0, variationSeen, variationLengthSeen);
    }

    /** A race that had begun has not: it was started anew. */
    boolean isRaceReset(final int raceState) {
        final boolean reset = sessionStateSeen == RACE && raceStateSeen > NOT_STARTED && raceState == NOT_STARTED;
        raceStateSeen = raceState;
        return reset;
    }

    /** Of the session that was remembered. It starts with the player in view, so the car is the player's. */
    SessionDetails details(final DirectBuffer block, final long version) {
        return new SessionDetails(
                trackLength.si(block, version),
                Math.max(0, lapsInEvent.integer(block, version)),
                sessionStateSeen,
                car.text(block, version),
                carClass.text(block, version),
                track.text(block, version),
                variation.text(block, version));
    }
}
