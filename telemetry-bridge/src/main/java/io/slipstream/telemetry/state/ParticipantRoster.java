package io.slipstream.telemetry.state;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.telemetry.schema.ParticipantEncoder;
import org.agrona.DirectBuffer;

/**
 * Who drives what. Says which participants differ from the block before, so that names go out when they change and not with
 * every frame:
 *
 * <pre>{@code
 * for (long rest = roster.update(block, version, player); rest != 0; rest &= rest - 1) {
 *     roster.encode(Long.numberOfTrailingZeros(rest), publisher.wrap(participant));
 *     publisher.publish(participant, timestamp);
 * }
 * }</pre>
 *
 * <p><b>Threads:</b> one. Allocates nothing after construction.
 */
public final class ParticipantRoster {
    private final ParticipantSlots participants;
    private final TextSlot carNames;
    private final TextSlot classNames;
    private final Entry[] entries;
    private final Utf8 utf8;
    private long known;
    private int player = PlayerAnchor.NONE;

    /**
     * Knows nobody yet.
     *
     * @param format of the blocks to come.
     * @throws IllegalArgumentException if the format lacks a field, naming it, or has more than 64 participants.
     */
    public ParticipantRoster(final BlockFormat format) {
        participants = new ParticipantSlots(format);
        if (participants.most > Long.SIZE) {
            throw new IllegalArgumentException("mParticipantInfo of format " + format.name() + " has "
                    + participants.most + " participants; the roster takes at most " + Long.SIZE);
        }
        carNames = TextSlot.array(format, "mCarNames");
        classNames = TextSlot.array(format, "mCarClassNames");
        entries = new Entry[participants.most];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = new Entry(
                    new byte[participants.name.capacity()],
                    new byte[carNames.capacity()],
                    new byte[classNames.capacity()]);
        }
        utf8 = new Utf8(Math.max(participants.name.capacity(), Math.max(carNames.capacity(), classNames.capacity())));
    }

    /** Forgets everybody: the next block's participants are all news. */
    public void reset() {
        known = 0;
        player = PlayerAnchor.NONE;
    }

    /**
     * Takes a block in.
     *
     * @param block at 0 of the buffer, as long as its version says.
     * @param version that the block states.
     * @param playerIndex the player's participant, from {@link PlayerAnchor}; {@link PlayerAnchor#NONE} for none.
     * @return bit set, by index, of the active participants that are new or changed in name, car, class, or in being the player.
     */
    public long update(final DirectBuffer block, final long version, final int playerIndex) {
        final int count = participants.count(block, version);
        long changed = 0;
        long active = 0;
        for (int i = 0; i < count; i++) {
            final long bit = 1L << i;
            if (participants.isActive(block, version, i)) {
                active |= bit;
                final boolean differs = entries[i].differs(this, block, version, i);
                final boolean swapped = (i == player) != (i == playerIndex);
                if (differs || swapped || (known & bit) == 0) {
                    changed |= bit;
                }
                if (differs) {
                    entries[i].take(this, block, version, i);
                }
            }
        }
        known = active;
        player = playerIndex;
        return changed;
    }

    /**
     * Everybody who was active in the block before, for those who join late.
     *
     * @return bit set by index.
     */
    public long active() {
        return known;
    }

    /**
     * Encodes a participant as the last block had it.
     *
     * @param index of the participant, from {@link #update} or {@link #active}.
     * @param out wrapped encoder.
     */
    public void encode(final int index, final ParticipantEncoder out) {
        final Entry entry = entries[index];
        out.index(index).player((short) (index == player ? 1 : 0));
        out.putName(utf8.bytes(), 0, utf8.convert(entry.name, entry.nameLength));
        out.putCar(utf8.bytes(), 0, utf8.convert(entry.car, entry.carLength));
        out.putCarClass(utf8.bytes(), 0, utf8.convert(entry.carClass, entry.carClassLength));
    }

    /** What was seen of one participant last, as the block's own bytes. */
    private static final class Entry {
        private final byte[] name;
        private final byte[] car;
        private final byte[] carClass;
        private int nameLength;
        private int carLength;
        private int carClassLength;

        Entry(final byte[] name, final byte[] car, final byte[] carClass) {
            this.name = name;
            this.car = car;
            this.carClass = carClass;
        }

        boolean differs(final ParticipantRoster roster, final DirectBuffer block, final long version, final int index) {
            return !same(roster.participants.name, block, version, index, name, nameLength)
                    || !same(roster.carNames, block, version, index, car, carLength)
                    || !same(roster.classNames, block, version, index, carClass, carClassLength);
        }

        private static boolean same(
                final TextSlot slot,
                final DirectBuffer block,
                final long version,
                final int index,
                final byte[] text,
                final int length) {
            return slot.isIn(version) ? slot.equals(block, index, text, length) : length == 0;
        }

        void take(final ParticipantRoster roster, final DirectBuffer block, final long version, final int index) {
            nameLength = copy(roster.participants.name, block, version, index, name);
            carLength = copy(roster.carNames, block, version, index, car);
            carClassLength = copy(roster.classNames, block, version, index, carClass);
        }

        private static int copy(
                final TextSlot slot,
                final DirectBuffer block,
                final long version,
                final int index,
                final byte[] target) {
            return slot.isIn(version) ? slot.copy(block, index, target) : 0;
        }
    }
}
