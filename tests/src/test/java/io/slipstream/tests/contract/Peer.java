package io.slipstream.tests.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process that obeys, in a JVM or native: see {@link io.slipstream.tests.contract}. */
final class Peer {
    private static final int WORKERS = 4;
    private static final long PATIENCE_S = 120;
    private static final int TRANSCRIPT = 40;
    private static final String GONE = "error GONE the process ended";

    private final Implementation implementation;
    private final Process process;
    private final Path errors;
    private final Writer requests;
    private final List<BlockingQueue<String>> answers = new ArrayList<>();
    private final Deque<String> transcript = new ArrayDeque<>();
    private long handles;
    private boolean killed;

    private Peer(Implementation implementation, Process process, Path errors) {
        this.implementation = implementation;
        this.process = process;
        this.errors = errors;
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
        for (int i = 0; i < WORKERS; i++) {
            answers.add(new LinkedBlockingQueue<>());
        }
        final Thread reader = new Thread(this::readAnswers, "answers-of-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a peer.
     *
     * @param scratch for what it writes to its standard error.
     */
    static Peer start(Implementation implementation, Path scratch) {
        try {
            final Path errors = Files.createTempFile(Files.createDirectories(scratch), "peer-", ".err");
            errors.toFile().deleteOnExit();
            final ProcessBuilder builder = new ProcessBuilder(implementation.command()).redirectError(errors.toFile());
            builder.environment().put("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1");
            builder.environment().put("TSAN_OPTIONS", "halt_on_error=0:second_deadlock_stack=1");
            return new Peer(implementation, builder.start(), errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A request that is not answered yet. */
    record Pending(Peer peer, int worker, String request) {
        Answer answer() {
            return peer.await(this);
        }
    }

    long pid() {
        return process.pid();
    }

    Implementation implementation() {
        return implementation;
    }

    long newHandle() {
        return ++handles;
    }

    /** Gives a worker something to do; at most one thing at a time. */
    Pending start(int worker, String request) {
        note(worker + " " + request);
        try {
            requests.write(worker + " " + request + "\n");
            requests.flush();
        } catch (IOException e) {
            note("! cannot be asked: " + e.getMessage());
        }
        return new Pending(this, worker, request);
    }

    Answer ask(int worker, String request) {
        return start(worker, request).answer();
    }

    /** Opens a queue with the first worker. */
    PeerQueue open(Settings settings) {
        final PeerQueue queue = new PeerQueue(this, newHandle());
        queue.opened(ask(0, queue.openRequest(settings)));
        return queue;
    }

    /** Tries to open a queue. */
    Answer tryOpen(Settings settings) {
        return ask(0, new PeerQueue(this, newHandle()).openRequest(settings));
    }

    void reset() {
        ask(0, "reset").ok();
    }

    private Answer await(Pending pending) {
        try {
            final String line = answers.get(pending.worker()).poll(PATIENCE_S, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("no answer within " + PATIENCE_S + " s from the " + implementation
                        + " peer to " + pending.request() + "\n" + threads());
            }
            if (line.equals(GONE)) {
                throw new AssertionError("the " + implementation + " peer ended before it answered " + pending.request()
                        + "\n" + errors());
            }
            return new Answer(implementation + " " + pending.request(), line);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private void readAnswers() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                note("  " + line);
                answers.get(line.charAt(0) - '0').add(line.substring(2));
            }
        } catch (IOException | RuntimeException e) {
            note("! " + e);
        }
        answers.forEach(queue -> queue.add(GONE));
    }

    private void note(String line) {
        synchronized (transcript) {
            if (transcript.size() >= TRANSCRIPT) {
                transcript.removeFirst();
            }
            transcript.add(Answer.shorten(line));
        }
    }

    /** What its threads do, where that can be told. */
    private String threads() {
        if (implementation.isNative()) {
            return "";
        }
        try {
            final Process dump = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(process.pid()),
                            "Thread.print")
                    .redirectErrorStream(true)
                    .start();
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(dump.getInputStream(), StandardCharsets.UTF_8))) {
                return String.join("\n", lines.lines().toList());
            }
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** The last requests and answers, and what it wrote to its standard error. */
    String story() {
        synchronized (transcript) {
            return implementation + " peer, process " + process.pid() + ", the last " + transcript.size()
                    + " lines:\n    " + String.join("\n    ", transcript) + "\n  standard error:\n" + errors();
        }
    }

    /** Ends it; sanitizers report at the end. */
    void end() {
        try {
            requests.close();
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new AssertionError("the peer does not end: " + threads());
            }
            if (process.exitValue() != 0 || (implementation.isNative() && Files.size(errors) > 0)) {
                throw new AssertionError("the peer ended with status " + process.exitValue() + ": " + story());
            }
            Files.delete(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    boolean isKilled() {
        return killed;
    }

    /** As kill -9 does. */
    void kill() {
        killed = true;
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
