/**
 * Sessions: directories that hold the frames and events of one recording, or of one part of it, in a queue of their own, with a
 * summary that people and scripts can read. Written as it happens; a recorder that dies leaves a session that opens. Knows
 * nothing of how sessions are read, changed or shown.
 */
package io.slipstream.telemetry.session;
