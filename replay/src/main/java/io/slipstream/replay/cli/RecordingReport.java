package io.slipstream.replay.cli;

import io.slipstream.telemetry.session.Recorder;
import io.slipstream.telemetry.session.RecordingEnd;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;

/** What {@code record} says at its end: where the session is, how good it is, what is missing, and whom it names. */
final class RecordingReport {
    private final Recording recording;
    private final PrintWriter out;
    private final PrintWriter err;

    RecordingReport(Recording recording, CommandLine command) {
        this.recording = recording;
        this.out = command.getOut();
        this.err = command.getErr();
    }

    /** Finishes what was recorded before something failed; the failure itself is the command's to tell. */
    void afterFailure(Throwable failure) {
        try {
            recording.finish();
        } catch (IOException | RuntimeException e) {
            // What the sampling thread ended with is told again.
            if (!e.equals(failure)) {
                failure.addSuppressed(e);
            }
        } finally {
            for (SessionDirectory session : recording.recorder().sessions()) {
                err.println("what was recorded before it failed is in " + session.path());
            }
            err.flush();
        }
    }

    /** Reports; returns the exit code. */
    int print() throws IOException {
        final Recorder recorder = recording.recorder();
        final boolean full =
                recorder.ended() == RecordingEnd.DISK_FULL || recording.bridge().isDiskFull();
        if (recorder.session() == null) {
            throw new CommandFailure(
                    full
                            ? "nothing was recorded: the disk has less room than is to be kept free (--keep-free)"
                            : "no frame came, nothing was recorded: is the game running, with shared memory set to Project"
                                    + " CARS 2? 'slipstream doctor' looks for it");
        }
        final List<SessionDirectory> sessions = recorder.sessions();
        int drivers = 0;
        for (SessionDirectory session : sessions) {
            final SessionInfo info = session.read();
            err.println(RecordCommand.line(info));
            info.laps().stream()
                    .filter(RecordingReport::isPoor)
                    .forEach(lap -> err.println("  " + InfoCommand.quality(lap)));
            drivers = Math.max(drivers, info.drivers() == null ? 0 : info.drivers());
            out.println(session.path());
        }
        if (drivers > 0) {
            err.println("it names " + drivers + (drivers == 1 ? " other driver" : " other drivers")
                    + ": 'slipstream anonymise' takes the names out before you share it");
        }
        final boolean complete = sayWhatIsMissing(recorder, full);
        err.flush();
        out.flush();
        return complete ? 0 : Slipstream.WITH_LOSS;
    }

    private boolean sayWhatIsMissing(Recorder recorder, boolean full) {
        if (recorder.partsDeleted() > 0) {
            err.println(recorder.partsDeleted() + " of " + recorder.partCount()
                    + " parts were deleted again to stay within the quota (--quota-oldest)");
        }
        if (full) {
            err.println(
                    "stopped: the disk has less room than is to be kept free (--keep-free); the session is whole up to"
                            + " there");
        } else if (recorder.ended() == RecordingEnd.QUOTA) {
            err.println("stopped: the quota is used up (--quota); the session is whole up to there");
        }
        if (recorder.lost() > 0) {
            err.println(
                    Texts.count(recorder.lost()) + " frames were deleted from the live queue before they were copied");
        }
        if (recorder.missedBetweenParts() > 0) {
            err.println(Texts.count(recorder.missedBetweenParts())
                    + " frames were missed between two parts, which no part's own count has");
        }
        return !full && recorder.ended() == null && recorder.lost() == 0;
    }

    private static boolean isPoor(SessionInfo.Lap lap) {
        return lap.frames() != null && (lap.missed() > 0 || lap.torn() > 0);
    }
}
