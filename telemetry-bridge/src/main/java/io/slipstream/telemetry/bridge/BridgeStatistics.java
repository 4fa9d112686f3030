package io.slipstream.telemetry.bridge;

/**
 * What a bridge has done so far.
 *
 * @param attached whether it has a block now.
 * @param frames accepted and published.
 * @param missed frames that the game wrote and nobody saw.
 * @param retries copies thrown away because the game had begun to write.
 * @param torn frames that were recorded although their two engine speeds disagree, as in a torn copy.
 * @param lastFrameNs when the last frame was captured, ns since the Unix epoch; 0 before the first.
 */
public record BridgeStatistics(boolean attached, long frames, long missed, long retries, long torn, long lastFrameNs) {}
