/**
 * A game that is not there: cars with a torque curve, gears, wheels and fuel lapping invented circuits, written into a
 * block exactly as the game would write it. Deterministic by seed, marked as synthetic. Knows block formats and the
 * seqlock writer; knows nothing of sampling, recording or queues.
 *
 * <p>The physics has the game's conventions wherever a number leaves it: metres, seconds, radians; y up, z backward and
 * x to the <em>left</em> (recordings of the real game show a positive lateral acceleration in left-hand corners), steering
 * positive to the right.
 */
package io.slipstream.telemetry.simulator;
