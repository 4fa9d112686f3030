package io.slipstream.memory;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the system tells of a block without attaching to it.
 *
 * @param name of the block.
 * @param nativeName what the system calls it: a path, a System V key and number, a mapping's name.
 * @param size bytes.
 * @param attached how often it is attached now, where the system counts.
 * @param creator pid of the process that made it, where the system tells.
 * @param mode permission bits as in {@code 0600}, where the system has them.
 * @param lock state of the lock that belongs to the block, in words; empty if it has none.
 */
public record BlockInfo(
        BlockName name,
        String nativeName,
        long size,
        OptionalInt attached,
        OptionalLong creator,
        OptionalInt mode,
        String lock) {
    /** Of a block of which the system tells no more than its size. */
    BlockInfo(BlockName name, String nativeName, long size) {
        this(name, nativeName, size, OptionalInt.empty(), OptionalLong.empty(), OptionalInt.empty(), "");
    }
}
