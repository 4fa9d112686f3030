package io.slipstream.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The most memory that this process had, kB, as Linux counts it: all resident pages, which includes those of mapped files, and the
 * anonymous ones among them. Linux keeps the peak of the former; a thread looks at the latter again and again.
 */
final class PeakMemory implements AutoCloseable {
    /** Where nobody says. */
    static final long UNKNOWN = -1;

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final long EVERY_NS = 10_000_000;

    private final Thread thread = new Thread(this::watch, "peak-memory");
    private volatile boolean closed;
    private long anonymous = UNKNOWN;

    PeakMemory() {
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        while (!closed) {
            look();
            LockSupport.parkNanos(EVERY_NS);
        }
    }

    private synchronized void look() {
        anonymous = Math.max(anonymous, read("RssAnon:"));
    }

    private static long read(String field) {
        if (!Files.exists(STATUS)) {
            return UNKNOWN;
        }
        try {
            final List<String> lines = Files.readAllLines(STATUS);
            for (String line : lines) {
                if (line.startsWith(field)) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
            return UNKNOWN;
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    long resident() {
        return read("VmHWM:");
    }

    synchronized long anonymous() {
        look();
        return anonymous;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
