package io.slipstream.tests.bench;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.logbuffer.FragmentHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Two Aeron IPC streams. The first end embeds the media driver and runs it on its own thread, between round trips: on a
 * machine of two cores a driver thread would take turns with one of the two that spin.
 */
final class AeronLink implements Link {
    private static final String CHANNEL = "aeron:ipc";
    private static final int PING = 1;
    private static final int PONG = 2;

    private final MediaDriver driver;
    private final AgentInvoker driverInvoker;
    private final Aeron aeron;
    private final ExclusivePublication publication;
    private final Subscription subscription;
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[BODY_LENGTH]);
    private final FragmentHandler handler = (buffer, offset, length, header) -> received = buffer.getLong(offset);
    private long received;

    AeronLink(Path directory, boolean echo) throws IOException {
        final String shared = shared(directory);
        driver = echo
                ? null
                : MediaDriver.launch(new MediaDriver.Context()
                        .aeronDirectoryName(shared)
                        .threadingMode(ThreadingMode.INVOKER)
                        .ipcTermBufferLength(16 << 20)
                        .dirDeleteOnStart(true)
                        .dirDeleteOnShutdown(true)
                        .warnIfDirectoryExists(false));
        driverInvoker = echo ? null : driver.sharedAgentInvoker();
        final Aeron.Context context = new Aeron.Context().aeronDirectoryName(shared);
        if (!echo) {
            context.useConductorAgentInvoker(true).driverAgentInvoker(driverInvoker);
        }
        aeron = Aeron.connect(context);
        publication = aeron.addExclusivePublication(CHANNEL, echo ? PONG : PING);
        subscription = aeron.addSubscription(CHANNEL, echo ? PING : PONG);
    }

    /** Both ends must come to the same name; shared memory is where Aeron is at home. */
    private static String shared(Path directory) {
        final Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory)
                ? memory.resolve("aeron-" + directory.getParent().getFileName() + "-" + directory.getFileName())
                        .toString()
                : directory.resolve("aeron").toString();
    }

    @Override
    public void send(long number) {
        message.putLong(0, number);
        while (publication.offer(message, 0, BODY_LENGTH) < 0) {
            housekeep();
            Thread.onSpinWait();
        }
    }

    @Override
    public long receive() {
        return subscription.poll(handler, 1) == 0 ? NOTHING : received;
    }

    @Override
    public void housekeep() {
        if (driverInvoker != null) {
            driverInvoker.invoke();
            aeron.conductorAgentInvoker().invoke();
        }
    }

    @Override
    public void close() {
        aeron.close();
        if (driver != null) {
            driver.close();
        }
    }
}
