package io.slipstream.queue.chronicle;

import io.slipstream.memory.WakeDescriptor;
import io.slipstream.memory.WakeFile;
import io.slipstream.memory.WakeFormatException;
import io.slipstream.queue.EnvelopeDescriptor;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.MessageSchema;
import io.slipstream.queue.NoSpaceException;
import io.slipstream.queue.Pruned;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.QueueClosedException;
import io.slipstream.queue.QueueException;
import io.slipstream.queue.QueueFormatException;
import io.slipstream.queue.Retention;
import io.slipstream.queue.SchemaStore;
import io.slipstream.queue.Subscriber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.agrona.concurrent.EpochNanoClock;

/** A {@link MessageQueue} on Chronicle's files. */
public final class ChronicleMessageQueue implements MessageQueue {
    /** Room that creating a file takes: its header and first index pages, with a margin. */
    static final long CREATION_BYTES = 1 << 20;

    static final long CLOSE_TIMEOUT_NS = 5_000_000_000L;
    private static final String WRITE_LOCK = "chronicle.write.lock";
    private static final String NEWEST_CYCLE = "listing.highestCycle";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    static {
        // Before the first class of the engine is initialised: no call home, no banner, no thread that watches the
        // disk.
        System.setProperty("chronicle.analytics.disable", "true");
        System.setProperty("chronicle.announcer.disable", "true");
        System.setProperty("chronicle.disk.monitor.disable", "true");
    }

    /** Kept reachable, or the level would be forgotten: it recommends a JVM option that no longer exists. */
    private static final Logger CLEANER =
            Logger.getLogger("net.openhft.chronicle.core.internal.cleaner.ReflectionBasedByteBufferCleanerService");

    static {
        CLEANER.setLevel(Level.SEVERE);
    }

    private final Context context;
    private final SingleChronicleQueue queue;
    private final SchemaStore schemas;
    private final WakeFile wakeFile;
    private final AbandonedFiles abandoned;
    private final AtomicLong wakes = new AtomicLong();
    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private ChronicleMessageQueue(
            Context context, SingleChronicleQueue queue, WakeFile wakeFile, AbandonedFiles abandoned) {
        this.context = context;
        this.queue = queue;
        this.wakeFile = wakeFile;
        this.abandoned = abandoned;
        this.schemas = new SchemaStore(context.directory());
    }

    /**
     * Opens or creates a queue.
     *
     * @param context concluded.
     * @return the queue.
     */
    public static MessageQueue open(Context context) {
        final Path directory = context.directory();
        final RollCycle present = QueueFiles.check(directory, context.readOnly());
        if (!context.readOnly()) {
            checkWritable(directory);
        }
        final long timeoutMs = context.openTimeout().toMillis();
        final WriteLockOwner owner = new WriteLockOwner();
        final RollClock clock = new RollClock(context.clock());
        final SingleChronicleQueueBuilder builder = SingleChronicleQueueBuilder.binary(directory)
                .rollCycle(present != null ? present : rollCycle(context.rollCycle()))
                .blockSize(context.blockSize())
                .timeoutMS(timeoutMs)
                .readOnly(context.readOnly())
                .checkInterrupts(false)
                .timeProvider(clock)
                .pauserSupplier(() -> new WriteLockPauser(
                        owner, timeoutMs * 3 / 2, context.lockTimeout().toMillis()));
        final Path wakePath = directory.resolve(WakeDescriptor.FILE_NAME);
        SingleChronicleQueue queue = null;
        try {
            // One that is there and wrong is refused before the engine writes anything.
            WakeFile wakeFile = !context.readOnly() && Files.exists(wakePath) ? openWakeFile(wakePath) : null;
            if (!context.readOnly() && Files.exists(ReadersDescriptor.path(directory))) {
                DeletionLog.create(directory);
            }
            queue = builder.build();
            AbandonedFiles abandoned = null;
            if (!context.readOnly()) {
                wakeFile = wakeFile == null ? openWakeFile(wakePath) : wakeFile;
                DeletionLog.create(directory);
                abandoned = new AbandonedFiles(
                        queue, directory, owner, TimeUnit.NANOSECONDS.convert(context.lockTimeout()));
                owner.open(queue.metaStore().acquireValueFor(WRITE_LOCK), abandoned::finishNewestLocked);
                abandoned.finishAll();
                // The engine itself miscounts weeks in its listing.
                if (queue.rollCycle() != RollCycles.WEEKLY) {
                    clock.open(
                            queue.metaStore().acquireValueFor(NEWEST_CYCLE),
                            queue.rollCycle().lengthInMillis(),
                            queue.epoch());
                }
            }
            final ChronicleMessageQueue result = new ChronicleMessageQueue(context, queue, wakeFile, abandoned);
            if (!context.readOnly()) {
                for (MessageSchema schema : context.schemas()) {
                    result.schemas.add(schema);
                }
            }
            return result;
        } catch (QueueException e) {
            closeQuietly(queue, e);
            throw e;
        } catch (RuntimeException | Error e) {
            closeQuietly(queue, e);
            throw new QueueException("cannot open the queue in " + directory + ": " + e.getMessage(), e);
        }
    }

    private static WakeFile openWakeFile(Path path) {
        try {
            return WakeFile.open(path);
        } catch (WakeFormatException e) {
            throw new QueueFormatException(e.getMessage(), e);
        } catch (IOException e) {
            throw new QueueException("cannot open " + path + ": " + e.getMessage(), e);
        }
    }

    private static void closeQuietly(SingleChronicleQueue queue, Throwable cause) {
        try {
            if (queue != null) {
                queue.close();
            }
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private static void checkWritable(Path directory) {
        try {
            Path existing = directory.toAbsolutePath();
            while (!Files.exists(existing)) {
                existing = existing.getParent();
            }
            if (!Files.isWritable(existing)) {
                throw new QueueException("cannot write to " + existing
                        + ": open the queue with Context.readOnly(true), or grant write permission");
            }
            checkSpace(existing);
        } catch (IOException e) {
            throw new QueueException("cannot examine " + directory + ": " + e, e);
        }
    }

    private static void checkSpace(Path directory) throws IOException {
        final long usable = Files.getFileStore(directory).getUsableSpace();
        if (usable < CREATION_BYTES) {
            throw new NoSpaceException("no space left for a queue file in " + directory + " (" + usable
                    + " bytes free): make room, then publish again");
        }
    }

    private static RollCycle rollCycle(io.slipstream.queue.RollCycle cycle) {
        for (RollCycle candidate : RollCycles.all()) {
            if (candidate.toString().equals(cycle.name())) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("no roll cycle " + cycle);
    }

    @Override
    public Path directory() {
        return context.directory();
    }

    @Override
    public SchemaStore schemas() {
        return schemas;
    }

    @Override
    public Publisher publisher() {
        checkOpen();
        if (context.readOnly()) {
            throw new QueueException(
                    directory() + " was opened read-only: open it without Context.readOnly to publish");
        }
        return register(new ChroniclePublisher(this));
    }

    @Override
    public Subscriber subscriber() {
        checkOpen();
        return register(new ChronicleSubscriber(this, queue.createTailer(), false, false));
    }

    @Override
    public Subscriber subscriber(String name) {
        checkOpen();
        if (context.readOnly()) {
            throw new QueueException(
                    directory()
                            + " was opened read-only: a durable subscriber keeps its position in the queue, so open it for writing");
        }
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no subscriber name: use 1 to 64 letters, digits, '-', '_' and '.'");
        }
        final boolean resumed = queue.indexForId(name).getVolatileValue() != 0;
        return register(new ChronicleSubscriber(this, queue.createTailer(name), true, resumed));
    }

    private <T extends AutoCloseable> T register(T user) {
        open.add(user);
        return user;
    }

    void release(AutoCloseable user) {
        open.remove(user);
    }

    @Override
    public long firstPosition() {
        checkOpen();
        final long index = queue.firstIndex();
        return index == Long.MAX_VALUE ? NO_POSITION : index;
    }

    @Override
    public long lastPosition() {
        checkOpen();
        final long index = queue.lastIndex();
        return index < 0 ? NO_POSITION : index;
    }

    @Override
    public int maxLength() {
        return (int) Math.min(Integer.MAX_VALUE >> 1, queue.overlapSize() - Long.BYTES) / Long.BYTES * Long.BYTES
                - EnvelopeDescriptor.BODY_OFFSET
                - Integer.BYTES;
    }

    @Override
    public void wake() {
        checkOpen();
        wakes.incrementAndGet();
        wakeSleepers();
    }

    /** Makes everybody who waits look again. A full fence comes first. */
    void wakeSleepers() {
        if (wakeFile != null) {
            wakeFile.signal();
        }
        for (AutoCloseable user : open) {
            if (user instanceof ChronicleSubscriber subscriber) {
                subscriber.nudge();
            }
        }
    }

    /** How often {@link #wake} was called. */
    long wakes() {
        return wakes.get();
    }

    @Override
    public Pruned prune(Retention limits) {
        checkOpen();
        if (context.readOnly()) {
            throw new QueueException(
                    directory() + " was opened read-only: open it without Context.readOnly to delete files");
        }
        return FilePruner.prune(queue, directory(), limits);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                // Publishers first: one that is inside refuses before any subscriber is closed.
                for (AutoCloseable user : open) {
                    if (user instanceof ChroniclePublisher publisher) {
                        publisher.shutDown();
                    }
                }
                for (AutoCloseable user : open) {
                    if (user instanceof ChronicleSubscriber subscriber) {
                        subscriber.shutDown();
                    }
                }
            } catch (RuntimeException e) {
                // Somebody is still inside; the queue stays open and may be closed again.
                closed = false;
                throw e;
            }
            open.clear();
            queue.close();
        }
    }

    /** Where publishers wake subscribers; null in a queue that is open read-only. */
    WakeFile wakeFile() {
        return wakeFile;
    }

    long foreignIntervalNs() {
        return TimeUnit.NANOSECONDS.convert(context.foreignInterval());
    }

    /** Before a publisher appends to a file that it has not appended to. */
    void finishAbandonedFile() {
        abandoned.finishNewest();
    }

    SingleChronicleQueue queue() {
        return queue;
    }

    int sourceId() {
        return context.sourceId();
    }

    EpochNanoClock clock() {
        return context.clock();
    }

    /** Before a new file is created, under no lock: a full disk must not kill the process. */
    void checkSpaceForNewFile() {
        try {
            checkSpace(directory());
        } catch (IOException e) {
            throw new QueueException("cannot examine " + directory() + ": " + e, e);
        }
    }

    void checkOpen() {
        if (closed) {
            throw new QueueClosedException("the queue in " + directory() + " is closed");
        }
    }

    @Override
    public String toString() {
        return "MessageQueue{" + directory() + '}';
    }
}
