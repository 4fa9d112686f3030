/**
 * Frames as messages: a keyframe holds a whole block, a delta what changed since the frame before. Knows nothing of what a block's
 * bytes mean, and nothing of queues.
 */
package io.slipstream.telemetry.codec;
