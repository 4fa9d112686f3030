package io.slipstream.telemetry.session;

/** Why a recording came to its end by itself. */
public enum RecordingEnd {
    /** Its parts take as much as they may. */
    QUOTA,
    /** The disk has no more room than is to be kept free. */
    DISK_FULL,
    /** The messages are from after the time, or from behind the place, that was to be recorded; nothing is missing. */
    TIME
}
