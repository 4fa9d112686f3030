package io.slipstream.memory.format;

import java.util.List;

/** How a reader of a block knows that a copy of it is whole. */
public sealed interface Consistency {

    /**
     * The fields that the rule itself counts up, which nobody else writes.
     *
     * @return unmodifiable list.
     */
    default List<Field> fields() {
        return switch (this) {
            case Seqlock(Field sequence) -> List.of(sequence);
            case Pair(Field begin, Field end) -> List.of(begin, end);
            case Counter(Field counter) -> List.of(counter);
            case None() -> List.of();
        };
    }

    /**
     * A number that is odd while the program writes and grows by two with every frame.
     *
     * @param sequence the number; 32 bits, unsigned, wraps.
     */
    record Seqlock(Field sequence) implements Consistency {}

    /**
     * Two numbers, one counted up before a frame is written and one after it: equal when the block is whole.
     *
     * @param begin counted up first.
     * @param end counted up last.
     */
    record Pair(Field begin, Field end) implements Consistency {}

    /**
     * A number that changes with every frame and says nothing of whether it is whole.
     *
     * @param counter the number.
     */
    record Counter(Field counter) implements Consistency {}

    /** Nothing in the block tells. */
    record None() implements Consistency {}
}
