/**
 * Reads the files of a queue without its engine: opened in a moment, at any place, and as far as they go where they are damaged.
 * For recordings: to seek in them, to check them, to save what can be saved, and to cut off room that they do not need. Knows
 * nothing of the engine, and changes no message.
 */
package io.slipstream.queue.store;
