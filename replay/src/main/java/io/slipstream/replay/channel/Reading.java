package io.slipstream.replay.channel;

import io.slipstream.memory.format.Field;
import org.agrona.DirectBuffer;

/** Reads a number of a block. NaN where it is not set, or the block ends before it. Allocates nothing. */
@FunctionalInterface
interface Reading {
    double of(DirectBuffer block);

    /** A field in its own unit, with NaN for its sentinels. */
    static Reading stored(Field field) {
        final int end = field.offset() + field.length();
        return block -> {
            if (end > block.capacity()) {
                return Double.NaN;
            }
            final double raw = field.raw(block, 0);
            return Double.isNaN(field.si(block, 0)) ? Double.NaN : raw;
        };
    }

    /** A field in its SI unit. */
    static Reading si(Field field) {
        final int end = field.offset() + field.length();
        return block -> end > block.capacity() ? Double.NaN : field.si(block, 0);
    }

    /** A field of the player's among those of all participants. */
    static Reading ofPlayer(Player player, Reading[] participants) {
        return block -> {
            final int index = player.find(block);
            return index < 0 || index >= participants.length ? Double.NaN : participants[index].of(block);
        };
    }

    /** What the block says of whom it views, where that is the player. */
    static Reading own(Player player, Reading reading) {
        return block -> player.isViewed(block) ? reading.of(block) : Double.NaN;
    }

    static Reading product(Reading first, Reading second) {
        return block -> first.of(block) * second.of(block);
    }

    static Reading negative(Reading reading) {
        // A plain minus would make -0 of 0.
        return block -> 0 - reading.of(block);
    }

    static Reading shown(Reading reading, UnitConversion unit) {
        return block -> unit.apply(reading.of(block));
    }
}
