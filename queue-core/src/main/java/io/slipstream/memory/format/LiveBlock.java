package io.slipstream.memory.format;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A block that others write and read at the same time, under its format's consistency rule. The one place that touches the shared
 * memory. Waits for other writers a fifth of a second at most. Stateless; a writer excludes others only under a seqlock.
 */
final class LiveBlock {
    private static final int ROUNDS = 200;
    private static final long PAUSE_NS = 1_000_000;
    private static final int RETRIES_A_ROUND = 100;

    private final BlockFormat format;
    private final UnsafeBuffer live;
    private final String name;

    LiveBlock(final BlockFormat format, final UnsafeBuffer live, final String name) {
        this.format = format;
        this.live = live;
        this.name = name;
    }

    /** The version that a block states; of one that cannot state any, the newest there is. */
    long version(final UnsafeBuffer block) {
        return format.statesVersion() ? format.version(block, 0) : format.newestVersion();
    }

    private long statedVersion() {
        final long version = version(live);
        letFaultsCatchUp();
        return version;
    }

    /** Bytes of a block of this version, which the memory has. */
    int length(final long version) {
        final int length = format.length(version);
        if (live.capacity() < length) {
            throw new FormatException(
                    name,
                    0,
                    "the memory has " + live.capacity() + " bytes, and version " + version + " of the block "
                            + format.name() + " needs " + length + "; is this the right block, and the right format?");
        }
        return length;
    }

    Snapshot snapshot() throws BlockUnavailableException {
        try {
            for (int round = 0; round < ROUNDS; round++) {
                final long version = statedVersion();
                if (version == 0 && format.statesVersion() && !format.knows(0)) {
                    throw notYet("its version, '" + format.versionField().path() + "', is 0");
                }
                final UnsafeBuffer copy = new UnsafeBuffer(new byte[length(version)]);
                final boolean copied = copied(copy, version);
                letFaultsCatchUp();
                if (copied && version(copy) == version) {
                    return new Snapshot(copy, version);
                }
                LockSupport.parkNanos(PAUSE_NS);
            }
        } catch (final InternalError e) {
            throw cutOff(e);
        }
        throw busy("read");
    }

    private boolean copied(final UnsafeBuffer copy, final long version) throws BlockUnavailableException {
        final int length = copy.capacity();
        return switch (rule(version)) {
            case Consistency.Seqlock(Field sequence) -> {
                final int result =
                        new SeqlockReader(RETRIES_A_ROUND).sample(live, sequence.offset(), Sequence.NONE, copy, length);
                if (result == SeqlockReader.NOT_READY) {
                    throw notYet("its sequence number, '" + sequence.path() + "', is 0");
                }
                yield result == SeqlockReader.OK;
            }
            // The last thing that a writer counts up is looked at first, and the first last.
            case Consistency.Pair(Field begin, Field end) -> copiedBetween(end, begin, copy);
            case Consistency.Counter(Field counter) -> copiedBetween(counter, counter, copy);
            case Consistency.None() -> {
                copy.putBytes(0, live, 0, length);
                yield true;
            }
        };
    }

    /** A block older than the fields of the rule has none. */
    private Consistency rule(final long version) {
        final boolean there = format.consistency().fields().stream().allMatch(field -> field.since() <= version);
        return there ? format.consistency() : new Consistency.None();
    }

    private boolean copiedBetween(final Field first, final Field last, final UnsafeBuffer copy) {
        final long before = counter(first);
        VarHandle.acquireFence();
        copy.putBytes(0, live, 0, copy.capacity());
        VarHandle.acquireFence();
        return same(before, counter(last), first, last);
    }

    private long counter(final Field field) {
        return field.integer(live, 0);
    }

    /** Of counters of two types the bits that both have. */
    private static boolean same(final long one, final long other, final Field first, final Field second) {
        final int bits = 8 * Math.min(first.type().size(), second.type().size());
        return (one - other) << (Long.SIZE - bits) == 0;
    }

    /** Writes everything that was encoded, as one frame. */
    void write(final ValueEncoder encoded) throws BlockUnavailableException {
        final List<Patch> patches = encoded.patches();
        try {
            final long version = versionAfter(patches);
            length(version);
            encoded.requireVersion(version);
            switch (rule(version)) {
                case Consistency.Seqlock(Field sequence) -> {
                    final int odd = lock(sequence.offset());
                    VarHandle.fullFence();
                    try {
                        apply(patches);
                    } finally {
                        VarHandle.releaseFence();
                        live.putIntVolatile(sequence.offset(), odd == -1 ? 2 : odd + 1);
                    }
                }
                case Consistency.Pair(Field begin, Field end) -> {
                    final long next = counter(end) + 1;
                    count(begin, next);
                    VarHandle.fullFence();
                    apply(patches);
                    VarHandle.releaseFence();
                    count(end, next);
                }
                case Consistency.Counter(Field counter) -> {
                    apply(patches);
                    VarHandle.releaseFence();
                    count(counter, counter(counter) + 1);
                }
                case Consistency.None() -> apply(patches);
            }
            letFaultsCatchUp();
        } catch (final InternalError e) {
            throw cutOff(e);
        }
    }

    private long versionAfter(final List<Patch> patches) {
        if (!format.statesVersion()) {
            return format.newestVersion();
        }
        final Field field = format.versionField();
        long version = statedVersion();
        for (final Patch patch : patches) {
            if (patch.offset() == field.offset() && patch.bytes().capacity() == field.length()) {
                version = StoredValue.integer(patch.bytes(), 0, field.type(), field.path());
            }
        }
        if (version == 0 && !format.knows(0)) {
            throw new FormatException(
                    name,
                    0,
                    "nobody has written to the block yet, for its version is 0; set '" + field.path()
                            + "' as well, to one of " + format.lengths().keySet());
        }
        return version;
    }

    /** Makes the sequence number odd, and returns it. One that stands still at an odd number was left so by a writer that died. */
    private int lock(final int offset) throws BlockUnavailableException {
        final int found = live.getIntVolatile(offset);
        int now = found;
        for (int round = 0; round < ROUNDS; round++) {
            if ((now & 1) == 0 && live.compareAndSetInt(offset, now, now | 1)) {
                return now | 1;
            }
            LockSupport.parkNanos(PAUSE_NS);
            now = live.getIntVolatile(offset);
        }
        if (now == found && (now & 1) != 0) {
            return now;
        }
        throw busy("written");
    }

    /**
     * Compiled code learns of a fault at its next safepoint, which may be after what caused it. A call out of Java is one: what happened
     * before it is thrown here, where it is caught.
     */
    @SuppressWarnings("ThreadPriorityCheck")
    private static void letFaultsCatchUp() {
        Thread.yield();
    }

    private void apply(final List<Patch> patches) {
        patches.forEach(patch -> patch.apply(live));
    }

    private void count(final Field field, final long value) {
        StoredValue.putInteger(live, field.offset(), field.type(), value);
    }

    private BlockUnavailableException notYet(final String sign) {
        letFaultsCatchUp();
        return new BlockUnavailableException(
                name + ": nobody has written to the block yet, for " + sign + "; start the program that does", true);
    }

    private BlockUnavailableException busy(final String done) {
        return new BlockUnavailableException(
                name + ": another program was writing at each of " + ROUNDS + " tries, so that the block could not be "
                        + done + "; try again, or end that program if it hangs",
                true);
    }

    private BlockUnavailableException cutOff(final InternalError e) {
        return new BlockUnavailableException(
                name + ": the memory was cut off while it was in use, as when another program makes its file shorter;"
                        + " attach to the block again",
                e);
    }
}
