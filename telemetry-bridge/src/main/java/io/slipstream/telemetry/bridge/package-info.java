/** Samples a block into a queue: every frame that the game shows, whole or counted as missed. */
package io.slipstream.telemetry.bridge;
