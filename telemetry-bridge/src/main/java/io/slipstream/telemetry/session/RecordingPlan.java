package io.slipstream.telemetry.session;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/** How a {@link Recorder} records: where to, under which name, in parts of which size, and when to stop. */
public final class RecordingPlan {
    /** Metadata of a part of a recording: which one it is, from 1. */
    public static final String PART = "part";

    /** Metadata of a part of a recording: the directory name of the first. */
    public static final String PART_OF = "part_of";

    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_VALUE = 1000;
    private static final int MOST_METADATA = 100;
    private static final int PARTS_IN_QUOTA = 4;

    private final Path into;
    private String name = "";
    private final Map<String, String> metadata = new HashMap<>();
    private long splitBytes;
    private long splitNs;
    private long quota;
    private boolean dropsOldest;
    private long keptFree = -1;
    private long untilNs = Long.MAX_VALUE;
    private long untilPosition = Long.MAX_VALUE;
    private DiskSpace diskSpace = DiskSpace.SYSTEM;
    private NanoClock clock = SystemNanoClock.INSTANCE;

    /**
     * Plans a recording in one part, as long as it takes, that leaves the default room on the disk.
     *
     * @param into the directory of sessions; made if missing.
     */
    public RecordingPlan(Path into) {
        this.into = into;
    }

    /**
     * Gives the session a name of its own, which is in its directory's name too, in place of the track's.
     *
     * @param itsName of at most 200 characters; empty for none.
     * @return this.
     * @throws IllegalArgumentException if it is too long, or has control characters.
     */
    public RecordingPlan name(String itsName) {
        if (itsName.length() > LONGEST_NAME || CONTROL.matcher(itsName).find()) {
            throw new IllegalArgumentException(
                    "the name '" + CONTROL.matcher(itsName).replaceAll("?") + "' is not one line of at most "
                            + LONGEST_NAME + " characters");
        }
        this.name = itsName;
        return this;
    }

    /**
     * Says something more of the session.
     *
     * @param key up to 64 letters, digits, '.', '_' and '-'; neither {@link #PART} nor {@link #PART_OF}.
     * @param value one line of at most 1,000 characters.
     * @return this.
     * @throws IllegalArgumentException if the key or the value cannot be, naming it.
     */
    public RecordingPlan metadata(String key, String value) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("'" + CONTROL.matcher(key).replaceAll("?")
                    + "' is no key: use 1 to 64 letters, digits, '.', '_' and '-', a letter or digit first");
        }
        if (key.equals(PART) || key.equals(PART_OF)) {
            throw new IllegalArgumentException(
                    "the key '" + key + "' is what parts of a recording say of themselves: choose another");
        }
        if (value.length() > LONGEST_VALUE || CONTROL.matcher(value).find()) {
            throw new IllegalArgumentException(
                    "the value of '" + key + "' is not one line of at most " + LONGEST_VALUE + " characters");
        }
        if (metadata.size() >= MOST_METADATA && !metadata.containsKey(key)) {
            throw new IllegalArgumentException("more than " + MOST_METADATA + " keys: '" + key + "' is one too many");
        }
        metadata.put(key, value);
        return this;
    }

    /**
     * Begins a new part before one has more than so many bytes of messages. Its files take some more, for their index. A part
     * begins with a keyframe, so that it is at least as long as from one keyframe to the next.
     *
     * @param bytes of a part; 0 for no bound.
     * @return this.
     */
    public RecordingPlan splitBytes(long bytes) {
        this.splitBytes = notNegative("part's size", bytes);
        return this;
    }

    /**
     * Begins a new part with the first keyframe that is so much later than the part's first.
     *
     * @param length of a part; zero for no bound.
     * @return this.
     */
    public RecordingPlan splitTime(Duration length) {
        this.splitNs = notNegative("part's length", length.toNanos());
        return this;
    }

    /**
     * Bounds what the parts of this recording take on disk together. It is looked after every second, or sooner where much is
     * written, and a queue file takes its room some MB ahead: so much more it may be for a while.
     *
     * @param bytes on disk; 0 for no bound.
     * @param oldest true to delete the oldest parts of this recording and to go on, which makes parts of a quarter of the quota
     *     at most, unless their size is bounded otherwise; false to stop.
     * @return this.
     */
    public RecordingPlan quota(long bytes, boolean oldest) {
        this.quota = notNegative("quota", bytes);
        this.dropsOldest = oldest;
        return this;
    }

    /**
     * Stops while there is still room on the disk.
     *
     * @param bytes to keep free; by default as {@link DiskSpace.Room#keptFree()} says.
     * @return this.
     */
    public RecordingPlan keepFree(long bytes) {
        this.keptFree = notNegative("room to keep free", bytes);
        return this;
    }

    /**
     * Takes no messages from after a time.
     *
     * @param timestampNs of the last message, ns since the Unix epoch.
     * @return this.
     */
    public RecordingPlan until(long timestampNs) {
        this.untilNs = timestampNs;
        return this;
    }

    /**
     * Takes no messages from behind a place in the live queue.
     *
     * @param position of the last message.
     * @return this.
     */
    public RecordingPlan untilPosition(long position) {
        this.untilPosition = position;
        return this;
    }

    /**
     * Sets who tells how much room there is.
     *
     * @param space the system by default.
     * @return this.
     */
    public RecordingPlan diskSpace(DiskSpace space) {
        this.diskSpace = space;
        return this;
    }

    /**
     * Sets the clock that says when to look at the disk again.
     *
     * @param nanoClock the system's by default.
     * @return this.
     */
    public RecordingPlan clock(NanoClock nanoClock) {
        this.clock = nanoClock;
        return this;
    }

    private static long notNegative(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("the " + what + " is negative: " + value);
        }
        return value;
    }

    /**
     * Where sessions go.
     *
     * @return the directory of sessions.
     */
    public Path into() {
        return into;
    }

    String name() {
        return name;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    boolean splits() {
        return splitBytes() > 0 || splitNs > 0;
    }

    long splitBytes() {
        return splitBytes == 0 && dropsOldest ? quota / PARTS_IN_QUOTA : splitBytes;
    }

    long splitNs() {
        return splitNs;
    }

    long quota() {
        return quota;
    }

    boolean dropsOldest() {
        return dropsOldest;
    }

    /** Bytes; negative where nobody has said. */
    long keptFree() {
        return keptFree;
    }

    long untilNs() {
        return untilNs;
    }

    long untilPosition() {
        return untilPosition;
    }

    DiskSpace diskSpace() {
        return diskSpace;
    }

    NanoClock clock() {
        return clock;
    }
}
