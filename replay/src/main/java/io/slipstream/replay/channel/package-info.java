/**
 * What a session says as numbers over time: channels by name and in units that people use, and their samples, every frame's or
 * at a fixed rate.
 *
 * <p>The channels of a game are a text resource beside this package, {@code NAME.channels} for the block format {@code NAME}. This
 * package knows nothing of files to export to, and prints nothing.
 */
package io.slipstream.replay.channel;
