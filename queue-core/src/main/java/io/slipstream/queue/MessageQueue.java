package io.slipstream.queue;

import io.slipstream.queue.chronicle.ChronicleMessageQueue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;

/**
 * A persistent queue of typed messages: a directory that any number of processes publish to and subscribe to at the same
 * time, with no broker. What is published is on the page cache at once and survives the death of every process; it is there
 * to read again until it is deleted.
 *
 * <pre>{@code
 * try (MessageQueue queue = MessageQueue.open(new MessageQueue.Context()
 *                 .directory(Path.of("quotes"))
 *                 .schema(MessageSchema.fromFile(Path.of("quotes.xml"))));
 *         Publisher publisher = queue.publisher()) {
 *     QuoteEncoder quote = publisher.wrap(new QuoteEncoder());
 *     quote.price(101.5).quantity(200).symbol("ACME");
 *     publisher.publish(quote);
 * }
 * }</pre>
 *
 * <p><b>Threads:</b> a queue may be shared by threads; a {@link Publisher} or {@link Subscriber} belongs to the thread that
 * made it.
 */
public interface MessageQueue extends AutoCloseable {
    /** No message has this position. */
    long NO_POSITION = -1L;

    /**
     * Opens the queue in a directory with the defaults of {@link Context}, creating both if missing.
     *
     * @param directory of the queue.
     * @return the queue.
     */
    static MessageQueue open(Path directory) {
        return open(new Context().directory(directory));
    }

    /**
     * Opens or creates a queue.
     *
     * @param context says how; concluded here, not to be used again.
     * @return the queue.
     * @throws QueueFormatException if the directory holds something else.
     * @throws MissingJvmFlagException if the JVM lacks a flag that the engine needs.
     * @throws QueueException if the queue cannot be opened; the directory is left as it was.
     */
    static MessageQueue open(Context context) {
        // The one place that names the engine.
        return ChronicleMessageQueue.open(context.conclude());
    }

    /**
     * Where the queue is.
     *
     * @return the directory.
     */
    Path directory();

    /**
     * The schemas of the messages in the queue.
     *
     * @return the store.
     */
    SchemaStore schemas();

    /**
     * Makes a publisher for the calling thread.
     *
     * @return the publisher.
     * @throws QueueException if the queue was opened read-only.
     */
    Publisher publisher();

    /**
     * Makes a subscriber for the calling thread, at the start of the queue.
     *
     * @return the subscriber.
     */
    Subscriber subscriber();

    /**
     * Makes a durable subscriber for the calling thread: it goes on where the last one of this name stopped, in whatever
     * process. One at a time may use a name.
     *
     * @param name of the subscriber, at most 64 letters, digits, '-', '_' and '.'.
     * @return the subscriber.
     */
    Subscriber subscriber(String name);

    /**
     * Position of the oldest message that the queue still has.
     *
     * @return the position, or {@link #NO_POSITION} if the queue is empty.
     */
    long firstPosition();

    /**
     * Position of the newest message. Not for hot paths: this may scan.
     *
     * @return the position, or {@link #NO_POSITION} if the queue is empty.
     */
    long lastPosition();

    /**
     * Longest SBE body that fits a message of this queue.
     *
     * @return bytes.
     */
    int maxLength();

    /**
     * Wakes everybody who waits for this queue, in every process, to look again: {@link Subscriber#pollUntil(MessageHandler,
     * java.util.function.BooleanSupplier)} asks whether to stop. In addition each subscriber that this object made comes back
     * from {@link Subscriber#await}; one that does not wait now comes back from the next at once. For a loop that has to see
     * that it is to end. May be called by any thread.
     *
     * <p>A queue that is open read-only wakes its own subscribers alone.
     */
    void wake();

    /**
     * Deletes the oldest files, but none that a reader needs, unless the hard limit wants it. The file being written always
     * stays.
     *
     * <p>A file is needed by every subscriber that stands in it or in an older one, in whatever process and language, from its
     * first message or seek on until it is closed. The system tells it: one whose process dies needs nothing more, and nobody
     * waits for it. A file is also needed by a durable subscriber, running or not, that has not read it to its end; one whose
     * name is no longer used is to be opened once more and sent to the end. A new name that has read nothing needs nothing.
     *
     * <p>Nobody knows of those who read otherwise: Chronicle's own tailers without a name; a subscriber of a queue that is open
     * read-only and that no program of this version has opened for writing, so that it has no {@code slipstream.readers}; all
     * where the system is not Linux, or the file system is another machine's and has no locks.
     *
     * <p>A subscriber beneath which a file was deleted goes on with the next one, and {@link Subscriber#lost} counts what it
     * missed. While another process deletes, this does nothing.
     *
     * @param limits of the queue.
     * @return what was deleted, what was kept, and for whom.
     * @throws QueueException if the queue was opened read-only, or the system refuses.
     */
    Pruned prune(Retention limits);

    /**
     * Deletes the oldest files as {@link #prune(Retention)} does, with a hard limit of twice the bytes.
     *
     * @param age since a file was last written to.
     * @param bytes on disk.
     * @return what was deleted, what was kept, and for whom.
     * @throws QueueException if the queue was opened read-only, or the system refuses.
     */
    default Pruned prune(Duration age, long bytes) {
        return prune(Retention.of(age, bytes));
    }

    /** Closes the queue, its publishers (open claims are aborted) and its subscribers. May be called again. */
    @Override
    void close();

    /** How to open a queue. Every setting has a default but the directory. */
    final class Context {
        /** Default of {@link #blockSize(int)}: Chronicle's own. */
        public static final int DEFAULT_BLOCK_SIZE = 64 << 20;

        private Path directory;
        private RollCycle rollCycle = RollCycle.FAST_DAILY;
        private int blockSize = DEFAULT_BLOCK_SIZE;
        private Duration lockTimeout = Duration.ofSeconds(5);
        private Duration openTimeout = Duration.ofSeconds(10);
        private Duration foreignInterval = Duration.ofMillis(100);
        private int sourceId = 1;
        private boolean readOnly;
        private EpochNanoClock clock = new OffsetEpochNanoClock();
        private final List<MessageSchema> schemas = new ArrayList<>();
        private boolean concluded;

        /** Creates a context with the defaults. */
        public Context() {}

        private Context conclude() {
            JvmFlags.check();
            if (concluded) {
                throw new IllegalStateException("this Context has opened a queue already: make a new one");
            }
            if (directory == null) {
                throw new IllegalStateException("no directory: call Context.directory(path)");
            }
            concluded = true;
            return this;
        }

        /**
         * Sets the directory.
         *
         * @param path of the queue; made if missing.
         * @return this.
         */
        public Context directory(Path path) {
            this.directory = path;
            return this;
        }

        /**
         * Sets how often a new file starts. A queue that exists keeps its own.
         *
         * @param cycle to create with; {@link RollCycle#FAST_DAILY} by default.
         * @return this.
         */
        public Context rollCycle(RollCycle cycle) {
            this.rollCycle = cycle;
            return this;
        }

        /**
         * Sets how much of a file is mapped at a time. A quarter of it is the longest message, so all users of a queue must
         * agree; files are sparse, so that it costs address space, not disk.
         *
         * @param bytes a power of two, from 256 KiB; {@value #DEFAULT_BLOCK_SIZE} by default.
         * @return this.
         */
        public Context blockSize(int bytes) {
            if (bytes < 256 << 10 || Integer.bitCount(bytes) != 1) {
                throw new IllegalArgumentException(
                        "block size " + bytes + " is not a power of two of at least " + (256 << 10));
            }
            this.blockSize = bytes;
            return this;
        }

        /**
         * Sets how long a publisher waits for a live process to give the write lock back. A dead owner's lock is taken over
         * within milliseconds whatever this says.
         *
         * @param timeout 5 s by default.
         * @return this.
         */
        public Context lockTimeout(Duration timeout) {
            this.lockTimeout = timeout;
            return this;
        }

        /**
         * Sets how long to wait for a file that another process is creating.
         *
         * @param timeout 10 s by default.
         * @return this.
         */
        public Context openTimeout(Duration timeout) {
            this.openTimeout = timeout;
            return this;
        }

        /**
         * Sets how long a waiting subscriber sleeps at most before it looks for messages by itself. Publishers of Slipstream,
         * in Java and in C, wake it at once; this bounds how late it sees those of a foreign program that writes to the
         * queue, as Chronicle's own, which wakes nobody. In a queue that is open read-only it bounds how late any message is
         * seen: nobody knows there of one who waits.
         *
         * @param interval 100 ms by default.
         * @return this.
         */
        public Context foreignInterval(Duration interval) {
            if (interval.isNegative() || interval.isZero()) {
                throw new IllegalArgumentException("the interval " + interval + " is not longer than 0");
            }
            this.foreignInterval = interval;
            return this;
        }

        /**
         * Sets who publishes: every message carries it.
         *
         * @param id 0 to 65535; 1 by default.
         * @return this.
         */
        public Context sourceId(int id) {
            if (id < 0 || id > EnvelopeDescriptor.MAX_U16) {
                throw new IllegalArgumentException("source id " + id + " is not within 0 to 65535");
            }
            this.sourceId = id;
            return this;
        }

        /**
         * Opens without ever writing to the directory: subscribers only, none of them durable. The queue must exist.
         *
         * @param only true to read only.
         * @return this.
         */
        public Context readOnly(boolean only) {
            this.readOnly = only;
            return this;
        }

        /**
         * Sets the clock that stamps messages and starts new files.
         *
         * @param epochNanoClock ns since the Unix epoch; the system's by default.
         * @return this.
         */
        public Context clock(EpochNanoClock epochNanoClock) {
            this.clock = epochNanoClock;
            return this;
        }

        /**
         * Adds a schema whose messages will be published. Its IR is kept with the queue.
         *
         * @param schema of messages to come.
         * @return this.
         */
        public Context schema(MessageSchema schema) {
            this.schemas.add(schema);
            return this;
        }

        /**
         * The directory.
         *
         * @return as set.
         */
        public Path directory() {
            return directory;
        }

        /**
         * The roll cycle to create with.
         *
         * @return as set.
         */
        public RollCycle rollCycle() {
            return rollCycle;
        }

        /**
         * The block size.
         *
         * @return bytes.
         */
        public int blockSize() {
            return blockSize;
        }

        /**
         * How long a publisher waits for the write lock.
         *
         * @return as set.
         */
        public Duration lockTimeout() {
            return lockTimeout;
        }

        /**
         * How long to wait for a file that another process is creating.
         *
         * @return as set.
         */
        public Duration openTimeout() {
            return openTimeout;
        }

        /**
         * How long a waiting subscriber sleeps before it looks by itself.
         *
         * @return as set.
         */
        public Duration foreignInterval() {
            return foreignInterval;
        }

        /**
         * The source id.
         *
         * @return 0 to 65535.
         */
        public int sourceId() {
            return sourceId;
        }

        /**
         * Whether to read only.
         *
         * @return as set.
         */
        public boolean readOnly() {
            return readOnly;
        }

        /**
         * The clock.
         *
         * @return as set.
         */
        public EpochNanoClock clock() {
            return clock;
        }

        /**
         * The schemas to publish with.
         *
         * @return in the order they were added.
         */
        public List<MessageSchema> schemas() {
            return List.copyOf(schemas);
        }
    }
}
