/** Plays a session back in time, into a block or a queue. */
package io.slipstream.replay.player;
