/**
 * The control of a playback over HTTP, for programs and pages on this machine: JSON in, JSON out.
 *
 * <pre>
 * GET  /playback          the state: phase, position, duration, speed, lap, frame, loop, counts, lateness
 * GET  /playback/events   the state ten times a second, as server-sent events "state"; "end" is the last,
 *                         "refused" the only one of a stream too many
 * GET  /session           the session: track, car, laps, markers
 * POST /playback/pause    no body
 * POST /playback/resume   no body
 * POST /playback/step     {"frames": -1}           default 1, at most 1000
 * POST /playback/seek     one of {"time": 93.5} {"by": -5} {"lap": 3} {"laps": -1} {"marker": 0} {"marker": "label"}
 *                                {"markers": 1} {"frame": 1200} {"to": "start"} {"to": "end"}
 * POST /playback/speed    {"speed": 0.5} or {"unpaced": true}; from 0.000001 on
 * POST /playback/loop     {"from": 10, "to": 25.5} or {"whole": true} or {"off": true}
 * POST /playback/stop     no body
 * </pre>
 *
 * <p>All times are seconds, those of a session from its start. A POST answers with the state once it is obeyed. What is wrong
 * is answered with {@code {"error": ..., "remedy": ...}}: 400 for a bad body, 401 without the token, 403 for another site or
 * host, 404 and 405 for another path or method, 409 where the playback is over or cannot do it, 413 for more than 16 kB, 415
 * for a body that is not JSON, 503 for more streams of events than there may be.
 *
 * <p>The server listens on the loopback address alone. Every request must carry the token of the printed URL, which nobody can
 * guess: as {@code ?token=...}, or as {@code Authorization: Bearer ...}. A page of another site can neither use the API (by its
 * Origin) nor pose as this host (by the Host header).
 *
 * <p>It must know nothing of the command line; a server with pages of its own takes {@link
 * io.slipstream.replay.control.ControlRoutes} and {@link io.slipstream.replay.control.ControlGuard} in.
 */
package io.slipstream.replay.control;
