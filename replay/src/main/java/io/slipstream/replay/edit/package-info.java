/**
 * Makes sessions from sessions: a range cut out, several joined, the people in one made nameless. Whatever is made is a session
 * like any other, whole or not there at all, and says what it was made of; the sessions it is made of are only read.
 *
 * <h2>What belongs to a frame</h2>
 *
 * A message that is no frame belongs to the frame before it, those before the first frame to the first. A LapCompleted, and the
 * SectorCompleted of a lap's last sector, belong to the last frame of their lap, though they come after the first frame of the next
 * one, often some frames after it, when the game has written its time: so a lap that is cut out has its time, and the next one
 * does not begin with it. They then stand behind the last frame. Joining parts puts them back where they were.
 *
 * <p>Frames keep all their numbers, times and bytes. A cut may begin anywhere: a frame that was a delta becomes a keyframe, and the
 * deltas up to the next keyframe count from it.
 *
 * <p>Knows nothing of terminals, exports or archives. Memory stays the same however long a session is.
 */
package io.slipstream.replay.edit;
