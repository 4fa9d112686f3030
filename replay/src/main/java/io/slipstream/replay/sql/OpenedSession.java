package io.slipstream.replay.sql;

import io.slipstream.replay.channel.Channel;
import io.slipstream.telemetry.session.SessionInfo;
import java.nio.file.Path;
import java.util.List;

/**
 * What is known of a session before anything of it is scanned.
 *
 * @param name by which the tables call it: its directory's.
 * @param path of it.
 * @param info its summary.
 * @param channels that were chosen of it; only their names, titles, units and types are used.
 */
record OpenedSession(String name, Path path, SessionInfo info, List<Channel> channels) {}
