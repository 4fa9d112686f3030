/**
 * Sessions: directories that hold the frames and events of one recording, in a queue of their own, with a summary that people
 * and scripts can read. Written as it happens; a recorder that dies leaves a session that opens.
 */
package io.slipstream.telemetry.session;
