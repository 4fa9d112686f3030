package io.slipstream.replay.player;

import io.slipstream.replay.player.PlaybackState.Phase;
import io.slipstream.replay.session.FrameCursor;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/** The playback itself: obeys commands, waits for frames to be due, hands them out. Belongs to one thread. */
final class PlaybackLoop {
    /** How long at most until the stop condition is looked at again. */
    private static final long LONGEST_WAIT_NS = 50_000_000;
    /** Between the last frame of a round and the first of the next. */
    static final long LOOP_GAP_NS = 6_000_000;
    /** A stall up to this is caught up with; see {@link TimingPolicy#KEEP}. */
    static final long CATCH_UP_NS = 1_000_000_000L;
    /** However late all frames are, one in this time is played. */
    static final long LONGEST_DROPPING_NS = 100_000_000L;

    private static final long RATE_WINDOW_NS = 500_000_000L;

    private final Player.Options options;
    private final Progress progress;
    private final PlaybackTimer timer;
    private final Landmarks landmarks;
    private final Queue<Command> commands;
    private final Track track;
    private final Delivery delivery;
    private final LatenessHistogram lateness;

    private boolean stopped;
    private boolean heldAtEnd;
    private boolean anchored;
    private boolean roundHasFrame;
    private long previous;
    private long droppingSinceNs;
    private boolean dropping;
    private long windowWallNs;
    private long windowPlayedNs;
    private long playedNs;

    PlaybackLoop(Player player, FrameCursor cursor, Queue<Command> commands) {
        this.options = player.options();
        this.progress = player.progress();
        this.timer = options.timer();
        this.landmarks = player.landmarks();
        this.commands = commands;
        this.lateness = player.lateness();
        this.track = new Track(cursor, player.session(), options);
        this.delivery = new Delivery(player, cursor);
    }

    void run(BooleanSupplier stop) {
        track.toStart();
        delivery.continueFrom(track.from());
        stand(Phase.PLAYING, track.from());
        if (options.paused() && track.fetch()) {
            show();
        }
        while (true) {
            for (Command command = commands.poll(); command != null; command = commands.poll()) {
                obey(command);
            }
            if (stopped || stop.getAsBoolean()) {
                return;
            }
            if (progress.phase == Phase.PAUSED) {
                final long now = timer.nanoTime();
                delivery.tick(now);
                timer.await(now + LONGEST_WAIT_NS);
            } else if (track.fetch()) {
                playNext();
            } else if (!atEnd()) {
                return;
            }
        }
    }

    /** Plays the frame that the track stands on if it is due, else waits for a while. */
    private void playNext() {
        final long now = timer.nanoTime();
        final long timestamp = track.timestamp();
        if (!anchored) {
            anchor(now, timestamp);
        }
        if (!progress.isPaced()) {
            deliver(now);
            return;
        }
        if (progress.next != timestamp) {
            progress.begin().next = timestamp;
            progress.end();
        }
        final long late = now - progress.dueNs(timestamp);
        if (late < 0) {
            delivery.tick(now);
            timer.await(Math.min(now - late, now + LONGEST_WAIT_NS));
        } else if (options.policy() == TimingPolicy.DROP && isDropped(now, late)) {
            drop();
        } else {
            lateness.record(late);
            if (options.policy() == TimingPolicy.KEEP && late > CATCH_UP_NS) {
                progress.begin();
                progress.anchorWallNs += late;
                progress.shiftedNs += late;
                progress.end();
            }
            deliver(now);
        }
    }

    private boolean isDropped(long now, long late) {
        final boolean drop = !delivery.isJump() && late > (track.timestamp() - previous) / progress.rate;
        if (drop && !dropping) {
            droppingSinceNs = now;
        }
        dropping = drop && now - droppingSinceNs <= LONGEST_DROPPING_NS;
        return dropping;
    }

    private void drop() {
        previous = track.take();
        delivery.dropped();
        progress.begin();
        progress.dropped++;
        progress.damaged = track.damaged();
        progress.end();
    }

    private void deliver(long now) {
        final long timestamp = track.timestamp();
        playedNs += delivery.isJump() ? 0 : timestamp - previous;
        progress.begin();
        progress.standing = timestamp;
        progress.reached = timestamp;
        progress.next = Math.max(progress.next, timestamp);
        progress.frame = track.ordinal();
        progress.played++;
        progress.damaged = track.damaged();
        if (now - windowWallNs >= RATE_WINDOW_NS) {
            progress.measuredRate = (playedNs - windowPlayedNs) / (double) (now - windowWallNs);
            windowWallNs = now;
            windowPlayedNs = playedNs;
        }
        progress.end();
        delivery.deliver(timestamp, now);
        previous = track.take();
        roundHasFrame = true;
        dropping = false;
    }

    /** Plays the frame that the track stands on, and stays there. */
    private void show() {
        deliver(timer.nanoTime());
        stand(Phase.PAUSED, previous);
        delivery.clock(timer.nanoTime());
    }

    private void stand(Phase phase, long position) {
        progress.begin();
        progress.phase = phase;
        progress.standing = position;
        progress.reached = position;
        progress.next = position;
        progress.measuredRate = 0;
        progress.end();
    }

    private void anchor(long wallNs, long session) {
        anchored = true;
        progress.begin();
        progress.anchorWallNs = wallNs;
        progress.anchorSession = session;
        progress.end();
        windowWallNs = wallNs;
        windowPlayedNs = playedNs;
    }

    /** Begins the next round, or stays at the end; false if the playback is over. */
    private boolean atEnd() {
        delivery.markers(track.end());
        if (progress.loop && !roundHasFrame && track.region() != null) {
            region(null, false);
            return true;
        }
        if (progress.loop && roundHasFrame) {
            final long now = timer.nanoTime();
            roundHasFrame = false;
            if (track.toTime(track.from())) {
                progress.begin().loops++;
                progress.end();
                delivery.jumpTo(track.from());
                arrive(nextRoundNs(now));
            }
            return true;
        }
        if (!options.hold()) {
            return false;
        }
        stand(Phase.PAUSED, progress.standing);
        heldAtEnd = true;
        delivery.clock(timer.nanoTime());
        return true;
    }

    /** Rounds follow one another by the schedule, so that those of an hour add up to an hour. */
    private long nextRoundNs(long now) {
        return progress.isPaced()
                ? Math.clamp(progress.dueNs(previous), now - CATCH_UP_NS, now) + Math.round(LOOP_GAP_NS / progress.rate)
                : now;
    }

    private void region(LoopRegion region, boolean loop) {
        progress.begin();
        progress.region = region;
        progress.loop = loop;
        progress.end();
        track.region(region);
        roundHasFrame = true;
    }

    /** The track stands elsewhere: the frame there is due at a time of the timer. */
    private void arrive(long dueNs) {
        heldAtEnd = false;
        final long timestamp = track.timestamp();
        stand(progress.phase, timestamp);
        anchor(dueNs, timestamp);
    }

    private void jump(long timestamp) {
        final long target = Math.clamp(timestamp, track.from(), track.to());
        if (track.toTime(target) || track.toLast()) {
            delivery.jumpTo(Math.min(target, track.timestamp()));
            arrived();
        }
    }

    private void arrived() {
        arrive(timer.nanoTime());
        if (progress.phase == Phase.PAUSED) {
            show();
        }
    }

    private void obey(Command command) {
        final long now = timer.nanoTime();
        switch (command) {
            case Command.Pause _ -> pause(now);
            case Command.Resume _ -> resume(now);
            case Command.Toggle _ -> {
                if (progress.phase == Phase.PAUSED) {
                    resume(now);
                } else {
                    pause(now);
                }
            }
            case Command.Step step -> step(step.frames(), now);
            case Command.Seek seek -> seek(seek.target(), now);
            case Command.Speed speed -> speed(speed.rate(), now);
            case Command.Loop loop -> loop(loop.region(), now);
            case Command.LoopWhole _ -> region(null, true);
            case Command.LoopOff _ -> region(null, false);
            case Command.Stop _ -> stopped = true;
            case Command.Settle settle -> settle.done().countDown();
        }
    }

    private void pause(long now) {
        if (progress.phase == Phase.PLAYING) {
            stand(Phase.PAUSED, progress.position(now));
            delivery.clock(now);
        }
    }

    private void resume(long now) {
        if (progress.phase != Phase.PAUSED) {
            return;
        }
        if (heldAtEnd) {
            jump(track.from());
        }
        stand(Phase.PLAYING, progress.standing);
        anchor(now, progress.standing);
        delivery.clock(now);
    }

    private void speed(double rate, long now) {
        final long position = progress.position(now);
        progress.begin();
        progress.rate = rate;
        progress.standing = position;
        progress.end();
        if (anchored) {
            anchor(now, position);
        }
        delivery.clock(now);
    }

    private void step(int frames, long now) {
        pause(now);
        for (int i = 0; i < frames && track.fetch(); i++) {
            heldAtEnd = false;
            show();
        }
        if (frames < 0 && progress.frame >= 0 && track.backFrom(progress.frame, -(long) frames)) {
            delivery.jumpTo(track.timestamp());
            arrived();
        }
    }

    private void seek(SeekTarget target, long now) {
        switch (target) {
            case SeekTarget.Start _ -> jump(track.from());
            case SeekTarget.End _ -> {
                if (track.toLast()) {
                    delivery.jumpTo(track.timestamp());
                    arrived();
                }
            }
            case SeekTarget.Frame frame -> {
                if (track.toFrame(frame.ordinal())) {
                    delivery.jumpTo(track.timestamp());
                    arrived();
                } else {
                    jump(track.passed());
                }
            }
            default -> jump(landmarks.timestampOf(target, progress.position(now)));
        }
    }

    private void loop(LoopRegion region, long now) {
        final long position = progress.position(now);
        region(region, true);
        if (position >= track.from() && position <= track.to()) {
            return;
        }
        if (!track.hasFrame()) {
            region(null, false);
            jump(position);
        } else {
            jump(track.from());
        }
    }
}
