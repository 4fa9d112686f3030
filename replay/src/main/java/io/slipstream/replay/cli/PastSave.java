package io.slipstream.replay.cli;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.session.LivePast;
import io.slipstream.telemetry.session.Recorder;
import io.slipstream.telemetry.session.RecordingEnd;
import io.slipstream.telemetry.session.RecordingPlan;
import io.slipstream.telemetry.session.SessionDirectory;
import io.slipstream.telemetry.session.SessionInfo;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Copies the newest of a live queue into a session.
 *
 * @param session where it is.
 * @param whole whether it is all that was asked for.
 */
record PastSave(SessionDirectory session, boolean whole) {
    /**
     * Saves, up to the newest message.
     *
     * @param live the queue; another may publish to it meanwhile.
     * @param last how much.
     * @param plan where to and under which name.
     * @param stop true to end early, with what was copied.
     * @param err is told with what the session begins.
     * @return the session, finished.
     */
    static PastSave save(MessageQueue live, Duration last, RecordingPlan plan, BooleanSupplier stop, PrintWriter err)
            throws IOException {
        final long end = live.lastPosition();
        if (end == MessageQueue.NO_POSITION) {
            throw nothing(live);
        }
        try (Subscriber subscriber = live.subscriber()) {
            final long newest = newest(live, subscriber, end);
            final LivePast past = LivePast.find(live, subscriber, newest - last.toNanos());
            try (Recorder recorder = new Recorder(subscriber, plan.untilPosition(end))) {
                boolean stopped = false;
                while (!stopped && recorder.doWork() > 0) {
                    // Up to the newest message as it was.
                    stopped = stop.getAsBoolean();
                }
                recorder.finish();
                if (recorder.session() == null) {
                    throw recorder.ended() == RecordingEnd.DISK_FULL
                            ? new CommandFailure("the disk of " + plan.into() + " has no room: nothing was saved")
                            : new CommandFailure("no frame in the last " + Texts.duration(last) + " of the live queue "
                                    + live.directory() + ", up to its newest message at " + Moments.time(newest)
                                    + ": nothing was saved. Give more with --last");
                }
                return report(recorder, past, newest - last.toNanos(), stopped, err);
            }
        }
    }

    private static PastSave report(Recorder recorder, LivePast past, long fromNs, boolean stopped, PrintWriter err)
            throws IOException {
        final SessionInfo info = recorder.session().read();
        err.println("saved " + Moments.seconds(info.durationSeconds()) + ", from the keyframe at "
                + Moments.time(info.startedNs()) + " on, " + Moments.seconds(Math.abs(fromNs - info.startedNs()) / 1e9)
                + (info.startedNs() > fromNs ? " after" : " before") + " the moment asked for");
        if (!past.reaches()) {
            err.println("the live queue does not reach back further: this is all there was");
        }
        final boolean cut = recorder.ended() == RecordingEnd.DISK_FULL;
        if (cut) {
            err.println("the disk has no more room: the end is missing");
        }
        if (stopped) {
            err.println("stopped on request: the end is missing");
        }
        if (info.lost() > 0) {
            err.println(Texts.count(info.lost()) + " frames were deleted from the live queue before they were copied");
        }
        err.flush();
        return new PastSave(recorder.session(), past.reaches() && !cut && !stopped && info.lost() == 0);
    }

    private static long newest(MessageQueue live, Subscriber subscriber, long last) {
        final long[] timestamp = {Long.MIN_VALUE};
        subscriber.toPosition(last);
        subscriber.poll(message -> timestamp[0] = message.timestamp(), 1);
        if (timestamp[0] == Long.MIN_VALUE) {
            throw nothing(live);
        }
        return timestamp[0];
    }

    private static CommandFailure nothing(MessageQueue live) {
        return new CommandFailure("no frame in the live queue " + live.directory() + ": nothing was saved");
    }
}
