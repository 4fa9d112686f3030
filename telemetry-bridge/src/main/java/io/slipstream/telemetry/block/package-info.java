/**
 * The shared block itself: mapping it, and the seqlock by which one writer and many readers pass whole frames through it. Knows
 * offsets that it is given and nothing else of what a block holds.
 */
package io.slipstream.telemetry.block;
