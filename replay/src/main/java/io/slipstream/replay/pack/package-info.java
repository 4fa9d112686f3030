/**
 * A session as one compressed file, for keeping and sending: see {@link io.slipstream.replay.pack.PackDescriptor} for what is in it.
 * Every message comes back byte for byte. A file that is cut short or damaged gives back every part of it that is whole, and it is
 * said what is missing.
 *
 * <p>Knows nothing of terminals. Holds a few parts of a session at a time, however long it is; whatever a file says of itself is
 * bounded before memory is taken for it, and no name in it ever becomes a path.
 */
package io.slipstream.replay.pack;
