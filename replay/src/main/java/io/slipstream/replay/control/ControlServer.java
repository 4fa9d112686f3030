package io.slipstream.replay.control;

import io.javalin.Javalin;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinBindException;
import io.slipstream.replay.player.PlayerControl;
import io.slipstream.replay.session.SessionReader;
import java.io.IOException;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A server of the API alone, on the loopback address. Safe for any thread. */
public final class ControlServer implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int LONGEST_BODY = 16 << 10;
    private static final int THREADS = 8;

    private final ControlGuard guard = new ControlGuard();
    private final ControlRoutes routes;
    private final Javalin server;

    private ControlServer(PlayerControl player, SessionReader session, int port) throws IOException {
        routes = new ControlRoutes(player, session);
        server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.http.maxRequestSize = LONGEST_BODY;
            config.http.prefer405over404 = true;
            config.jetty.threadPool = threads();
            config.jetty.modifyServer(jetty -> jetty.setStopTimeout(0));
            guard.addTo(config.routes);
            routes.addTo(config.routes);
            config.routes.error(
                    HttpStatus.NOT_FOUND.getCode(),
                    context -> context.contentType("application/json")
                            .result(ControlJson.error(
                                    "no such path", "GET /playback, /playback/events, /session; POST /playback/...")));
        });
        try {
            server.start(LOOPBACK, port);
        } catch (JavalinBindException e) {
            throw new IOException(
                    "cannot listen on port " + port + ": " + innermost(e) + "; give another, or 0 for any free one", e);
        }
    }

    /** The server wraps what the system says. */
    private static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private static QueuedThreadPool threads() {
        final QueuedThreadPool threads = new QueuedThreadPool(THREADS, 1);
        threads.setName("control");
        threads.setDaemon(true);
        return threads;
    }

    /**
     * Starts a server.
     *
     * @param player to control.
     * @param session that it plays.
     * @param port to listen on; 0 for any that is free.
     * @return the server.
     * @throws IOException if it cannot listen there, as where the port is taken, saying why.
     */
    public static ControlServer start(PlayerControl player, SessionReader session, int port) throws IOException {
        return new ControlServer(player, session, port);
    }

    /**
     * Where the API is, with the token that every request needs.
     *
     * @return an address such as {@code http://127.0.0.1:43210/playback?token=...}.
     */
    public String url() {
        return "http://" + LOOPBACK + ":" + server.port() + "/playback?token=" + guard.token();
    }

    /** Ends it, and the streams of events with it. */
    @Override
    public void close() {
        routes.close();
        server.stop();
    }
}
