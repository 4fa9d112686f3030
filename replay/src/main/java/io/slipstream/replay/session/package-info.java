/** Reads sessions: their summaries, and their frames one by one from any time on. */
package io.slipstream.replay.session;
