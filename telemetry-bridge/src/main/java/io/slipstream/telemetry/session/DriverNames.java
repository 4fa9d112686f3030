package io.slipstream.telemetry.session;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.PlayerRule;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongHashSet;

/**
 * Counts the people that blocks name, other than the player. Keeps a hash of each name and not the name. Single-threaded;
 * allocates only where a name is new.
 */
final class DriverNames {
    /** Nobody meets more people in one recording; damaged blocks must not fill the memory. */
    private static final int MOST = 4096;

    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final LongHashSet names = new LongHashSet(MOST);
    private boolean playerKnown;
    private long player;

    /** Takes a block in. Where the format has no participants, nobody is named. */
    void onBlock(final BlockFormat format, final DirectBuffer block) {
        final PlayerRule rule = format.player().orElse(null);
        if (rule == null) {
            return;
        }
        final int count = Math.clamp(
                rule.count().integer(block, 0), 0, rule.participants().count());
        for (int i = 0; i < count && names.size() < MOST; i++) {
            final long hash = hash(rule, block, i);
            if (hash != FNV_BASIS) {
                names.add(hash);
            }
        }
        final long viewed = rule.viewed().integer(block, 0);
        if (!playerKnown && viewed >= 0 && viewed < count) {
            playerKnown = true;
            player = hash(rule, block, (int) viewed);
        }
    }

    /** Of the name up to its NUL; the basis where it is empty, or beyond the block. */
    private static long hash(final PlayerRule rule, final DirectBuffer block, final int index) {
        final int from = rule.name().offset() + index * rule.participants().stride();
        final int to = Math.min(from + rule.name().length(), block.capacity());
        long hash = FNV_BASIS;
        for (int i = from; i < to && block.getByte(i) != 0; i++) {
            hash = (hash ^ (block.getByte(i) & 0xFF)) * FNV_PRIME;
        }
        return hash;
    }

    /** People named so far, the player not counted. */
    int others() {
        return names.size() - (playerKnown && names.contains(player) ? 1 : 0);
    }
}
