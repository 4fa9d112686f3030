package io.slipstream.replay.export;

import io.slipstream.replay.channel.Channel;
import io.slipstream.replay.channel.SampleSelection;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.LapSpan;
import io.slipstream.telemetry.session.SessionInfo;
import java.util.List;

/**
 * What an export is of.
 *
 * @param session the open session, for an exporter that writes more than samples: events, markers.
 * @param selection channels, laps, time and rate that were chosen.
 */
public record ExportHeader(SessionReader session, SampleSelection selection) {
    /**
     * The session's summary.
     *
     * @return as written by the recorder, or as found.
     */
    public SessionInfo info() {
        return session.info();
    }

    /**
     * What to call the session.
     *
     * @return its own name where it has one, else its directory's.
     */
    public String name() {
        return info().name().isEmpty()
                ? session.path().toAbsolutePath().normalize().getFileName().toString()
                : info().name();
    }

    /**
     * The channels of every sample.
     *
     * @return in the order of their values.
     */
    public List<Channel> channels() {
        return selection.channels();
    }

    /**
     * The laps that were chosen.
     *
     * @return in the order of the choice; all laps where none was chosen.
     */
    public List<LapSpan> laps() {
        return selection.laps().isEmpty() ? session.laps() : selection.laps();
    }

    /**
     * The chosen rate.
     *
     * @return Hz; {@link SampleSelection#EVERY_FRAME}.
     */
    public double rate() {
        return selection.rate();
    }

    /**
     * The rate at which the session was recorded.
     *
     * @return Hz.
     */
    public double sourceRate() {
        return info().rateHz();
    }
}
