/**
 * Plays a session back in time, into a block, a queue or both, under the control of any thread.
 *
 * <p>{@link io.slipstream.replay.player.Player} runs the playback on one thread and takes commands through {@link
 * io.slipstream.replay.player.PlayerControl} from any. Where frames go is a {@link io.slipstream.replay.player.FrameSink}; what
 * time it is, a {@link io.slipstream.replay.player.PlaybackTimer}, so that tests play hours in no time.
 *
 * <p>It must know nothing of keyboards, terminals or HTTP.
 */
package io.slipstream.replay.player;
