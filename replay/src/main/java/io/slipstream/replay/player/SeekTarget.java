package io.slipstream.replay.player;

/** Where to go in a session. What is outside of the part being played is moved to its nearer end. */
public sealed interface SeekTarget {

    /**
     * A time.
     *
     * @param positionNs ns after the session's start.
     */
    record Time(long positionNs) implements SeekTarget {}

    /**
     * Some time from where the playback is.
     *
     * @param deltaNs ns, negative for back.
     */
    record Relative(long deltaNs) implements SeekTarget {}

    /**
     * The start of a lap.
     *
     * @param lap number, as the session counts; the first one of that number.
     */
    record Lap(long lap) implements SeekTarget {}

    /**
     * The start of a lap some laps from the one being driven; back by one in mid-lap is the start of that lap.
     *
     * @param count of laps, negative for back.
     */
    record LapsAway(int count) implements SeekTarget {}

    /**
     * A marker.
     *
     * @param index of it, from 0 in the order of time.
     */
    record Marker(int index) implements SeekTarget {}

    /**
     * A marker.
     *
     * @param label of it; the first that is called so.
     */
    record MarkerNamed(String label) implements SeekTarget {}

    /**
     * A marker some markers from here.
     *
     * @param count of markers, negative for back.
     */
    record MarkersAway(int count) implements SeekTarget {}

    /**
     * A frame.
     *
     * @param ordinal of it in the session, from 0.
     */
    record Frame(long ordinal) implements SeekTarget {}

    /** The first frame of the part being played. */
    record Start() implements SeekTarget {}

    /** The last frame of the part being played. */
    record End() implements SeekTarget {}
}
