package io.slipstream.queue;

import java.util.SortedSet;

/**
 * What {@link MessageQueue#prune} did.
 *
 * @param deleted files deleted.
 * @param bytes that they took on disk.
 * @param kept files that were to go, but that a reader needs.
 * @param beneath files, of those deleted, that a reader needed: the hard limit wanted it. What the readers miss, {@link
 *     Subscriber#lost} tells them.
 * @param processes that read such a file, kept or deleted: their ids, in the pid namespace that each of them is in.
 * @param durable names of durable subscribers that have not read such a file to its end, whether they run or not; as the queue
 *     keeps them, in lower case where Chronicle made them so.
 */
public record Pruned(
        int deleted, long bytes, int kept, int beneath, SortedSet<Long> processes, SortedSet<String> durable) {}
