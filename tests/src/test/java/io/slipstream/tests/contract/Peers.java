package io.slipstream.tests.contract;

import io.slipstream.queue.MessageSchema;
import io.slipstream.queue.SchemaStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * The peers of a test. JVMs take long to start and are used again by later tests; native ones are started for each test and
 * must end well, as sanitizers see to. After a failure all are thrown away, and the failure tells what they were asked.
 */
final class Peers implements AfterEachCallback, TestExecutionExceptionHandler {
    private static final Deque<Peer> IDLE_JVMS = new ArrayDeque<>();
    private static Path schema;

    private final List<Peer> taken = new ArrayList<>();
    private final Path directory;

    /** What the peers were asked and answered. */
    private static final class Story extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Story(String text) {
            super(text, null, false, false);
        }
    }

    Peers() {
        try {
            directory = Files.createTempDirectory("slipstream-contract-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For the queues of this test; deleted behind it, unless it fails. */
    Path directory() {
        return directory;
    }

    private static Path scratch() {
        return Path.of(System.getProperty("slipstream.root"), "tests", "target", "contract");
    }

    /** The contract's schema, in binary IR. */
    static Path schema() {
        synchronized (IDLE_JVMS) {
            if (schema == null) {
                final MessageSchema messages = MessageSchema.fromResource(Peers.class, "contract-schema.xml");
                new SchemaStore(scratch()).add(messages);
                schema = scratch().resolve("schema/" + messages.id() + "-" + messages.version() + ".sbeir");
            }
            return schema;
        }
    }

    /** A peer for this test; the test is skipped where there is none of its kind. */
    Peer take(Implementation implementation) {
        Assumptions.assumeTrue(implementation.missing() == null, implementation::missing);
        Peer peer = null;
        if (!implementation.isNative()) {
            synchronized (IDLE_JVMS) {
                peer = IDLE_JVMS.pollFirst();
            }
        }
        if (peer == null) {
            peer = Peer.start(implementation, scratch());
        }
        taken.add(peer);
        return peer;
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        if (!(failure instanceof TestAbortedException)) {
            failure.addSuppressed(new Story("kept for you to look at: " + listing()));
            taken.forEach(peer -> failure.addSuppressed(new Story(peer.story())));
        }
        throw failure;
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        final boolean failed = context.getExecutionException()
                .filter(failure -> !(failure instanceof TestAbortedException))
                .isPresent();
        AssertionError unwell = null;
        for (Peer peer : taken) {
            try {
                giveBack(peer, failed);
            } catch (AssertionError e) {
                unwell = e;
            }
        }
        taken.clear();
        if (unwell != null) {
            throw unwell;
        }
        if (!failed) {
            for (Path path : paths().reversed()) {
                Files.delete(path);
            }
        }
    }

    private static void giveBack(Peer peer, boolean failed) {
        if (failed || peer.isKilled()) {
            peer.kill();
        } else if (peer.implementation().isNative()) {
            peer.end();
        } else {
            peer.reset();
            synchronized (IDLE_JVMS) {
                IDLE_JVMS.addFirst(peer);
            }
        }
    }

    /** The directory and everything in it, what holds before what is held. */
    private List<Path> paths() throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.sorted().toList();
        }
    }

    private String listing() throws IOException {
        final StringBuilder text = new StringBuilder();
        for (Path path : paths()) {
            text.append(path).append(' ').append(Files.size(path)).append(" bytes\n    ");
        }
        return text.toString();
    }
}
