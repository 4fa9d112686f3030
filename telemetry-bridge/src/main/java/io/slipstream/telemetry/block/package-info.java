/**
 * The shared block itself: mapping it, and reading it behind a bridge that copies. Knows offsets that it is given and nothing else of
 * what a block holds.
 */
package io.slipstream.telemetry.block;
