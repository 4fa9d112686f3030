/**
 * What a block says, as typed messages: the player's car, the standings, who takes part, and what happened. Knows the names of
 * the block's fields and how they behave; where they are, only the block format knows. Knows nothing of where blocks come from.
 */
package io.slipstream.telemetry.state;
