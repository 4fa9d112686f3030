package io.slipstream.replay.channel;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Field;
import io.slipstream.telemetry.state.PlayerAnchor;
import java.util.List;
import org.agrona.DirectBuffer;

/** The player among the participants of the blocks of one session. Single-threaded; allocates nothing a block. */
final class Player {
    private static final List<String> FIELDS =
            List.of("mViewedParticipantIndex", "mNumParticipants", "mParticipantInfo");

    private final PlayerAnchor anchor;
    private final long version;
    private final int length;

    Player(BlockFormat format, long version) {
        this.anchor = new PlayerAnchor(format);
        this.version = version;
        int end = 0;
        for (String path : FIELDS) {
            final Field field = format.field(path);
            end = Math.max(end, field.offset() + field.length());
        }
        this.length = end;
    }

    /** Index of the player's participant; {@link PlayerAnchor#NONE} where there is none, or the block ends before the participants do. */
    int find(DirectBuffer block) {
        return block.capacity() < length ? PlayerAnchor.NONE : anchor.update(block, version);
    }

    boolean isViewed(DirectBuffer block) {
        final int player = find(block);
        return player != PlayerAnchor.NONE && anchor.viewed(block, version) == player;
    }
}
