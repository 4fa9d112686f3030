/**
 * The block formats of games that come with Slipstream, one commented text a game, in the language of
 * {@link io.slipstream.memory.format}. Knows their names and nothing of what is done with a block.
 */
package io.slipstream.telemetry.formats;
