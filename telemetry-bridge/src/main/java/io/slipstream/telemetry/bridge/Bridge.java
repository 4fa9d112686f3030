package io.slipstream.telemetry.bridge;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.MessageSchema;
import io.slipstream.queue.Publisher;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.source.BlockSource;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import net.openhft.affinity.Affinity;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples a block into a queue: frames, typed state and events. The block may come, go and come back.
 *
 * <p><b>Threads:</b> {@link #run} belongs to one thread; {@link #statistics} may be asked from any.
 */
public final class Bridge {
    private static final Logger LOG = LoggerFactory.getLogger(Bridge.class);
    private static final long SEARCH_INTERVAL_NS = 200_000_000;
    private static final long CHECK_INTERVAL_NS = 250_000_000;
    private static final long IDLE_AFTER_NS = 1_000_000_000;

    private final Context context;
    private final EpochNanoClock clock;
    private volatile BridgeStatistics statistics = new BridgeStatistics(false, 0, 0, 0, 0, 0);

    /** How to sample. */
    public static final class Context {
        private BlockFormat format;
        private BlockSource source;
        private MessageQueue queue;
        private EpochNanoClock clock = new OffsetEpochNanoClock();
        private boolean behindCopy;
        private boolean spin;
        private boolean warmUp;
        private int cpu = -1;

        /** Creates a context; format, source and queue have no defaults. */
        public Context() {}

        /**
         * Sets the format of the block.
         *
         * @param blockFormat whose consistency is a seqlock.
         * @return this.
         */
        public Context format(BlockFormat blockFormat) {
            this.format = blockFormat;
            return this;
        }

        /**
         * Sets where the block is.
         *
         * @param blockSource to look at.
         * @return this.
         */
        public Context source(BlockSource blockSource) {
            this.source = blockSource;
            return this;
        }

        /**
         * Sets where the messages go.
         *
         * @param messageQueue opened with {@link Bridge#schema()}.
         * @return this.
         */
        public Context queue(MessageQueue messageQueue) {
            this.queue = messageQueue;
            return this;
        }

        /**
         * Sets the clock that stamps frames.
         *
         * @param epochNanoClock ns since the Unix epoch.
         * @return this.
         */
        public Context clock(EpochNanoClock epochNanoClock) {
            this.clock = epochNanoClock;
            return this;
        }

        /**
         * Says that the block is a copy which another program makes of the game's own.
         *
         * @param copy true to accept only what two snapshots agree on.
         * @return this.
         */
        public Context behindCopy(boolean copy) {
            this.behindCopy = copy;
            return this;
        }

        /**
         * Looks at the block without a pause.
         *
         * @param busy true for the best time stamps, at the price of a core.
         * @return this.
         */
        public Context spin(boolean busy) {
            this.spin = busy;
            return this;
        }

        /**
         * Warms the JVM up before the block is looked for, so that its first frames are not missed.
         *
         * @param up true to spend a part of a second on it.
         * @return this.
         */
        public Context warmUp(boolean up) {
            this.warmUp = up;
            return this;
        }

        /**
         * Pins the sampling thread.
         *
         * @param processor number, from 0; -1 for none.
         * @return this.
         */
        public Context cpu(int processor) {
            this.cpu = processor;
            return this;
        }
    }

    /**
     * Creates a bridge; nothing is looked for before {@link #run}.
     *
     * @param context says how.
     */
    public Bridge(Context context) {
        this.context = context;
        this.clock = context.clock;
    }

    /**
     * The schema of everything that a bridge publishes.
     *
     * @return telemetry, for {@link MessageQueue.Context#schema}.
     */
    public static MessageSchema schema() {
        return MessageSchema.fromResource(BlockFormat.class, "/io/slipstream/telemetry/telemetry-schema.xml");
    }

    /**
     * Samples until told to stop.
     *
     * @param stop asked at every look; must be cheap.
     * @throws IOException if the block cannot be read: no permission, or not a block.
     */
    public void run(BooleanSupplier stop) throws IOException {
        if (context.cpu >= 0) {
            Affinity.setAffinity(context.cpu);
        }
        if (context.warmUp) {
            WarmUp.run(context.format, stop);
        }
        try (Publisher publisher = context.queue.publisher()) {
            final FramePublisher frames = new FramePublisher(context.format, publisher);
            while (!stop.getAsBoolean()) {
                final MappedBlock block = context.source.open();
                if (block == null) {
                    LockSupport.parkNanos(SEARCH_INTERVAL_NS);
                } else {
                    try (FrameSampler sampler = new FrameSampler(block, context.format, context.behindCopy)) {
                        sample(sampler, frames, stop);
                    }
                }
            }
        }
    }

    private void sample(FrameSampler sampler, FramePublisher frames, BooleanSupplier stop) {
        frames.onAttached(
                clock.nanoTime(),
                sampler.origin(),
                sampler.synthetic(),
                context.behindCopy ? Consistency.COPIED_TWICE : Consistency.SEQLOCK);
        publish(true, frames);
        final SamplingPacer pacer = new SamplingPacer(context.spin);
        long lastFrame = System.nanoTime();
        long nextCheck = lastFrame + CHECK_INTERVAL_NS;
        boolean idle = false;
        try {
            while (!stop.getAsBoolean()) {
                final int result = sampler.sample(System.nanoTime());
                final long now = System.nanoTime();
                if (result == FrameSampler.FRAME) {
                    final long captured = clock.nanoTime();
                    if (idle) {
                        frames.onActive(captured);
                        idle = false;
                    }
                    frames.onFrame(
                            sampler.frame(),
                            sampler.length(),
                            sampler.version(),
                            sampler.sequence(),
                            sampler.missed(),
                            sampler.takeRetries(),
                            sampler.torn(),
                            captured);
                    lastFrame = now;
                    pacer.onFrame(now);
                    frames.prepare();
                } else if (!idle && now - lastFrame > IDLE_AFTER_NS) {
                    idle = true;
                    frames.onIdle(clock.nanoTime());
                }
                if (now - nextCheck >= 0) {
                    if (!sampler.stillThere()) {
                        break;
                    }
                    publish(true, frames);
                    nextCheck = now + CHECK_INTERVAL_NS;
                }
                pacer.pause();
            }
        } catch (InternalError e) {
            // The block's file was cut while it was mapped.
            LOG.warn("{} was cut off while it was read: {}", sampler.origin(), e.getMessage());
        }
        frames.onLost(clock.nanoTime());
        publish(false, frames);
    }

    private void publish(boolean attached, FramePublisher frames) {
        statistics = new BridgeStatistics(
                attached, frames.frames(), frames.missed(), frames.retries(), frames.torn(), frames.lastTimestamp());
    }

    /**
     * What has been done so far.
     *
     * @return a snapshot.
     */
    public BridgeStatistics statistics() {
        return statistics;
    }
}
