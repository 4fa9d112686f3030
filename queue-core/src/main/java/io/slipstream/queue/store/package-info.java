/**
 * Reads the files of a queue without its engine: opened in a moment, at any place, and as far as they go where they are damaged.
 * For recordings: to seek in them, to check them and to save what can be saved. Knows nothing of the engine, and never writes.
 */
package io.slipstream.queue.store;
