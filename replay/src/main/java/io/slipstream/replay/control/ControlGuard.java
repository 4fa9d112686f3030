package io.slipstream.replay.control;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.router.JavalinDefaultRoutingApi;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Lets requests pass that come from this machine, for this server, and from somebody who was given the token. A loopback address
 * alone is no protection: every page in a browser can send requests to it. Safe for any thread.
 */
public final class ControlGuard {
    private static final int TOKEN_BYTES = 24;
    private static final String HTTP_PORT = ":80";
    private static final String BEARER = "Bearer ";
    private static final List<String> HOSTS = List.of("127.0.0.1", "localhost", "[::1]");

    private final String token;

    /** Makes a guard with a new token. */
    public ControlGuard() {
        final byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        token = HexFormat.of().formatHex(random);
    }

    /**
     * What requests must carry.
     *
     * @return hexadecimal digits, new for each guard.
     */
    public String token() {
        return token;
    }

    /**
     * Guards all routes of a server.
     *
     * @param routes of the server, as its configuration has them.
     */
    public void addTo(JavalinDefaultRoutingApi routes) {
        routes.before(this::check);
    }

    private void check(Context context) {
        final String port = ":" + context.req().getLocalPort();
        final String host = context.header("Host");
        if (host == null || !isHere(host, "", port)) {
            throw new ControlException(
                    HttpStatus.FORBIDDEN, "not for this host", "use the address as it was printed, 127.0.0.1" + port);
        }
        final String origin = context.header("Origin");
        final String site = context.header("Sec-Fetch-Site");
        if ((origin != null && !isHere(origin, "http://", port)) || "cross-site".equals(site)) {
            throw new ControlException(
                    HttpStatus.FORBIDDEN,
                    "a page of another site may not control the playback",
                    "send the request from a program, or from a page of this server");
        }
        if (!isToken(context.queryParam("token")) && !isToken(bearer(context))) {
            throw new ControlException(
                    HttpStatus.UNAUTHORIZED,
                    "the token is missing or wrong",
                    "add ?token=... as in the URL that was printed, or a header 'Authorization: Bearer ...'");
        }
    }

    /** Clients leave the port out where it is HTTP's own. */
    private static boolean isHere(String given, String scheme, String port) {
        return HOSTS.stream()
                .anyMatch(name -> given.equalsIgnoreCase(scheme + name + port)
                        || (port.equals(HTTP_PORT) && given.equalsIgnoreCase(scheme + name)));
    }

    private static String bearer(Context context) {
        final String header = context.header("Authorization");
        return header != null && header.toLowerCase(Locale.ROOT).startsWith("bearer ")
                ? header.substring(BEARER.length()).trim()
                : null;
    }

    /** In a time that does not tell how much of it is right. */
    private boolean isToken(String given) {
        return given != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }
}
