/**
 * Typed messages on a persistent queue that any number of processes share.
 *
 * <p>{@link io.slipstream.queue.MessageQueue} is the entry point. The queue engine is hidden: nothing here may name it but
 * the one place that opens a queue.
 */
package io.slipstream.queue;
