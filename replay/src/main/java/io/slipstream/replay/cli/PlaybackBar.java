package io.slipstream.replay.cli;

import io.slipstream.replay.player.LoopRegion;
import io.slipstream.replay.player.PlaybackState;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.LapSpan;
import io.slipstream.telemetry.session.SessionInfo;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A playback on one line of a terminal: time, lap, speed, and a bar with laps, markers and the loop. Immutable. */
final class PlaybackBar {
    private static final int SHORTEST_BAR = 10;
    private static final double NS = 1e9;

    /** Played, to come, a lap, a marker, the position. */
    private static final String BOX = "━─┼◆●";

    private static final String ASCII = "=-|*O";

    private final long durationNs;
    private final long[] lapStarts;
    private final long lastLap;
    private final long[] markers;
    private final String signs;

    PlaybackBar(SessionReader session, boolean box) {
        final long startNs = session.startNs();
        durationNs = Math.max(1, session.endNs() - startNs);
        // The first begins where the bar does.
        lapStarts = session.laps().stream()
                .skip(1)
                .mapToLong(lap -> lap.startNs() - startNs)
                .toArray();
        lastLap = session.laps().stream().mapToLong(LapSpan::lap).max().orElse(0);
        markers = session.markers().stream()
                .mapToLong(SessionInfo.Marker::timestampNs)
                .map(timestamp -> timestamp - startNs)
                .toArray();
        signs = box ? BOX : ASCII;
    }

    /** Whether standard error takes more than ASCII. */
    static boolean hasBoxes() {
        final String encoding = System.getProperty("stderr.encoding", System.getProperty("native.encoding"));
        return encoding != null
                && Charset.isSupported(encoding)
                && Charset.forName(encoding).equals(StandardCharsets.UTF_8);
    }

    /** The line, never wider than the terminal. */
    String line(PlaybackState state, int columns) {
        final String text = String.format(
                Locale.ROOT,
                "%s %s / %s%s  %s ",
                state.paused() ? "||" : "> ",
                clock(state.positionNs()),
                Texts.clock(state.durationNs() / NS),
                lastLap == 0 ? "" : "  lap " + state.lap() + "/" + lastLap,
                rate(state));
        // The last column stays free: some terminals wrap there.
        final int room = columns - 1 - text.length();
        return room >= SHORTEST_BAR
                ? text + bar(state, room)
                : text.substring(0, Math.clamp(columns - 1, 0, text.length()));
    }

    private static String clock(long positionNs) {
        final double seconds = Math.max(0, positionNs) / NS;
        return Texts.clock(seconds) + "." + (long) (seconds * 10) % 10;
    }

    private static String rate(PlaybackState state) {
        if (state.rate() == Double.POSITIVE_INFINITY) {
            return state.measuredRate() > 0
                    ? String.format(Locale.ROOT, "unpaced (x%,.0f)", state.measuredRate())
                    : "unpaced";
        }
        final String asked = "x"
                + (state.rate() == Math.rint(state.rate()) && state.rate() < 1e9
                        ? String.valueOf((long) state.rate())
                        : String.valueOf(state.rate()));
        final boolean behind = state.measuredRate() > 0 && state.measuredRate() < 0.9 * state.rate();
        return behind ? String.format(Locale.ROOT, "%s (x%.2g)", asked, state.measuredRate()) : asked;
    }

    private String bar(PlaybackState state, int width) {
        final char[] bar = new char[width];
        final int position = cell(state.positionNs(), width);
        for (int i = 0; i < width; i++) {
            bar[i] = signs.charAt(i < position ? 0 : 1);
        }
        for (long lap : lapStarts) {
            bar[cell(lap, width)] = signs.charAt(2);
        }
        for (long marker : markers) {
            bar[cell(marker, width)] = signs.charAt(3);
        }
        final LoopRegion region = state.region();
        if (region != null) {
            bar[cell(region.fromNs(), width)] = '[';
            bar[cell(region.toNs(), width)] = ']';
        }
        bar[position] = signs.charAt(4);
        return String.valueOf(bar);
    }

    private int cell(long positionNs, int width) {
        return Math.clamp(Math.round((double) positionNs / durationNs * (width - 1)), 0, width - 1);
    }
}
