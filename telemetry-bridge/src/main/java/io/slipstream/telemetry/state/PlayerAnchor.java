package io.slipstream.telemetry.state;

import io.slipstream.memory.format.BlockFormat;
import org.agrona.DirectBuffer;

/**
 * Which participant is the player. The block only says who is <em>viewed</em>, and in multiplayer the camera can look at anybody;
 * so the name of whom it views when driving begins is kept, and looked up from then on. Where two have the same name, the viewed
 * one is meant, or else the one that was meant last.
 *
 * <p><b>Threads:</b> one. Allocates nothing after construction.
 */
public final class PlayerAnchor {
    /** There is no player: in menus, or because the anchored name is gone. */
    public static final int NONE = -1;

    private final Slot viewed;
    private final ParticipantSlots slots;
    private final byte[] name;
    private int nameLength;
    private int player = NONE;

    /**
     * Anchors nobody yet.
     *
     * @param format of the blocks to come.
     */
    public PlayerAnchor(final BlockFormat format) {
        viewed = new Slot(format, "mViewedParticipantIndex");
        slots = new ParticipantSlots(format);
        name = new byte[slots.name.capacity()];
    }

    /** Forgets the player: the next block that views somebody anchors anew. Call it when a session starts. */
    public void reset() {
        nameLength = 0;
        player = NONE;
    }

    /**
     * Finds the player in a block, anchoring to whom it views if nobody is anchored.
     *
     * @param block at 0 of the buffer.
     * @param version that the block states.
     * @return index of the player's participant, or {@link #NONE}.
     */
    public int update(final DirectBuffer block, final long version) {
        final int inView = viewed(block, version);
        if (nameLength == 0) {
            if (inView != NONE) {
                nameLength = slots.name.copy(block, inView, name);
            }
            player = inView;
        } else if (isPlayer(block, inView)) {
            player = inView;
        } else if (player >= slots.count(block, version) || !isPlayer(block, player)) {
            player = find(block, version);
        }
        return player;
    }

    /**
     * Who is viewed, be it the player or not.
     *
     * @param block at 0 of the buffer.
     * @param version that the block states.
     * @return index of the viewed participant, or {@link #NONE}.
     */
    public int viewed(final DirectBuffer block, final long version) {
        final long index = viewed.integer(block, version);
        return index >= 0 && index < slots.count(block, version) ? (int) index : NONE;
    }

    /**
     * The player in the block that was given last.
     *
     * @return index of the player's participant, or {@link #NONE}.
     */
    public int player() {
        return player;
    }

    private int find(final DirectBuffer block, final long version) {
        final int participants = slots.count(block, version);
        for (int i = 0; i < participants; i++) {
            if (isPlayer(block, i)) {
                return i;
            }
        }
        return NONE;
    }

    private boolean isPlayer(final DirectBuffer block, final int index) {
        return index != NONE && slots.name.equals(block, index, name, nameLength);
    }
}
