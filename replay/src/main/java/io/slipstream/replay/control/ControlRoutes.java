package io.slipstream.replay.control;

import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.sse.SseClient;
import io.javalin.router.JavalinDefaultRoutingApi;
import io.slipstream.replay.player.LoopRegion;
import io.slipstream.replay.player.PlaybackState;
import io.slipstream.replay.player.PlayerControl;
import io.slipstream.replay.session.SessionReader;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of the API, to be added to any server; see the package's description. They are not guarded by themselves: add a
 * {@link ControlGuard} before. Close them before the session, so that the streams of events end. Safe for any thread.
 */
public final class ControlRoutes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlRoutes.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long EVENT_INTERVAL_MS = 100;
    private static final int STREAMS = 16;
    private static final String JSON = "application/json";
    private static final String TOO_MANY = "there are " + STREAMS + " streams of events, as many as may be";
    private static final String CLOSE_ONE = "close one, or ask GET /playback";

    private final PlayerControl player;
    private final String session;
    private final Semaphore streams = new Semaphore(STREAMS);
    private volatile boolean closed;

    /**
     * Prepares the routes.
     *
     * @param player to control.
     * @param session that it plays.
     */
    public ControlRoutes(PlayerControl player, SessionReader session) {
        this.player = player;
        this.session = ControlJson.session(session);
    }

    /**
     * Adds them to a server.
     *
     * @param routes of the server, as its configuration has them.
     */
    public void addTo(JavalinDefaultRoutingApi routes) {
        routes.get("/playback", context -> answer(context, ControlJson.state(player.state())));
        routes.get("/session", context -> answer(context, session));
        routes.before("/playback/events", this::requireEventStream);
        routes.sse("/playback/events", this::stream);
        routes.post("/playback/pause", context -> obey(context, player::pause));
        routes.post("/playback/resume", context -> obey(context, player::resume));
        routes.post("/playback/stop", context -> obey(context, player::stop));
        routes.post("/playback/step", this::step);
        routes.post("/playback/seek", this::seek);
        routes.post("/playback/speed", this::speed);
        routes.post("/playback/loop", this::loop);
        addErrors(routes);
    }

    private static void addErrors(JavalinDefaultRoutingApi routes) {
        routes.exception(
                ControlException.class,
                (e, context) -> answer(context.status(e.status()), ControlJson.error(e.getMessage(), e.remedy())));
        routes.exception(
                IllegalArgumentException.class,
                (e, context) -> answer(
                        context.status(HttpStatus.BAD_REQUEST),
                        ControlJson.error(e.getMessage(), "GET /session says what there is")));
        routes.exception(
                HttpResponseException.class,
                (e, context) -> answer(
                        context.status(e.getStatus()),
                        ControlJson.error(e.getMessage(), "the API takes small JSON objects at the paths it names")));
        routes.exception(Exception.class, (e, context) -> {
            LOG.error("request failed", e);
            answer(
                    context.status(HttpStatus.INTERNAL_SERVER_ERROR),
                    ControlJson.error("the request failed", "standard error says why"));
        });
    }

    private static void answer(Context context, String json) {
        context.contentType(JSON).header("Cache-Control", "no-store").result(json);
    }

    private void obey(Context context, Runnable command) {
        // No field is known: a body with one is refused.
        ControlBody.of(context);
        give(context, command);
    }

    /** Gives a command and answers once it was obeyed. */
    private PlaybackState give(Context context, Runnable command) {
        if (player.state().phase() == PlaybackState.Phase.ENDED) {
            throw new ControlException(HttpStatus.CONFLICT, "the playback is over", "start another");
        }
        command.run();
        if (!player.settle(PATIENCE)) {
            throw new ControlException(
                    HttpStatus.CONFLICT,
                    "the playback has not obeyed yet",
                    "its target may be slow, or it has not begun: GET /playback says where it is");
        }
        final PlaybackState state = player.state();
        answer(context, ControlJson.state(state));
        return state;
    }

    private void step(Context context) {
        final int frames = ControlBody.of(context, "frames").frames();
        give(context, () -> player.step(frames));
    }

    private void seek(Context context) {
        final ControlBody body = ControlBody.of(context, ControlBody.SEEK);
        give(context, () -> player.seek(body.seek()));
    }

    private void speed(Context context) {
        final double speed = ControlBody.of(context, "speed", "unpaced").speed();
        give(context, () -> player.speed(speed));
    }

    private void loop(Context context) {
        final ControlBody body = ControlBody.of(context, ControlBody.LOOP);
        body.requireOneLoop();
        if (body.isLoopOff()) {
            give(context, player::loopOff);
        } else if (body.isLoopWhole()) {
            give(context, player::loopWhole);
        } else {
            final LoopRegion region = body.region();
            if (!region.equals(give(context, () -> player.loop(region)).region())) {
                throw new ControlException(
                        HttpStatus.CONFLICT, "there is no frame in that region", "give a longer one");
            }
        }
    }

    private void requireEventStream(Context context) {
        final String accept = context.header("Accept");
        if (accept == null || !accept.contains("text/event-stream")) {
            throw new ControlException(
                    HttpStatus.NOT_ACCEPTABLE,
                    "this path is a stream of events",
                    "use EventSource, or send 'Accept: text/event-stream'");
        }
        // Before the stream has begun: its status cannot be changed afterwards.
        if (streams.availablePermits() == 0) {
            throw new ControlException(HttpStatus.SERVICE_UNAVAILABLE, TOO_MANY, CLOSE_ONE);
        }
    }

    private void stream(SseClient client) {
        if (!streams.tryAcquire()) {
            // Another was quicker, and this stream has begun.
            client.sendEvent("refused", ControlJson.error(TOO_MANY, CLOSE_ONE));
            client.close();
            return;
        }
        client.keepAlive();
        // One for each, so that a client that does not read delays nobody else.
        Thread.ofVirtual().name("playback events").start(() -> send(client));
    }

    private void send(SseClient client) {
        try {
            boolean over = false;
            while (!client.terminated() && !over) {
                final PlaybackState state = player.state();
                over = closed || state.phase() == PlaybackState.Phase.ENDED;
                client.sendEvent(over ? "end" : "state", ControlJson.state(state));
                if (!over) {
                    Thread.sleep(EVENT_INTERVAL_MS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            client.close();
            streams.release();
        }
    }

    /** Ends the streams of events, and waits a little for their last one. */
    @Override
    public void close() {
        closed = true;
        try {
            if (!streams.tryAcquire(STREAMS, PATIENCE.toMillis() / 4, TimeUnit.MILLISECONDS)) {
                LOG.debug("a stream of events is not read to its end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
