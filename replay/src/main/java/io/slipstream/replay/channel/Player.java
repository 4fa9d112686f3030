package io.slipstream.replay.channel;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.telemetry.state.PlayerAnchor;
import org.agrona.DirectBuffer;

/** The player among the participants of the blocks of one session. Single-threaded; allocates nothing a block. */
final class Player {
    private final PlayerAnchor anchor;
    private final long version;

    Player(BlockFormat format, long version) {
        this.anchor = new PlayerAnchor(format);
        this.version = version;
    }

    /** Index of the player's participant; {@link PlayerAnchor#NONE} where there is none. */
    int find(DirectBuffer block) {
        return anchor.update(block, version);
    }

    boolean isViewed(DirectBuffer block) {
        final int player = find(block);
        return player != PlayerAnchor.NONE && anchor.viewed(block, version) == player;
    }
}
