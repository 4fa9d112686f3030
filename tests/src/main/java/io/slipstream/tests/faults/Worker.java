package io.slipstream.tests.faults;

import io.slipstream.queue.MessageQueue;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import org.agrona.concurrent.EpochNanoClock;

/** A process that publishes or reads until it is told to stop, or killed; the package says how to talk to it. */
public final class Worker {
    private static final PrintStream OUT = System.out;
    private static volatile boolean toldToStop;

    private Worker() {}

    /**
     * Runs a worker.
     *
     * @param arguments as the package says.
     * @throws IOException if standard input cannot be read.
     */
    public static void main(String[] arguments) throws IOException {
        // Nothing else may write where the words go.
        System.setOut(System.err);
        try {
            switch (arguments[0]) {
                case "publish" -> PublishingWorker.run(arguments);
                case "read" -> ReadingWorker.run(arguments);
                default -> throw new IllegalArgumentException("no worker " + arguments[0]);
            }
        } catch (RuntimeException e) {
            e.printStackTrace();
            say("error " + String.valueOf(e).replace('\n', ' '));
            System.exit(1);
        }
    }

    static void say(String line) {
        OUT.print(line + "\n");
        OUT.flush();
    }

    /** Waits for a line. */
    static void awaitGo() throws IOException {
        if (System.in.read() < 0) {
            System.exit(1);
        }
    }

    /** From now on the end of standard input is told by {@link #isToldToStop}. */
    static void watch() {
        final Thread watch = new Thread(Worker::awaitEnd, "watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void awaitEnd() {
        try {
            while (System.in.read() >= 0) {
                // Nothing that is said matters.
            }
        } catch (IOException e) {
            // Nobody is there any more.
        }
        toldToStop = true;
    }

    static boolean isToldToStop() {
        return toldToStop;
    }

    static MessageQueue open(String[] arguments, int source, EpochNanoClock clock) {
        return MessageQueue.open(new MessageQueue.Context()
                .directory(Path.of(arguments[1]))
                .blockSize(Integer.parseInt(arguments[2]))
                .sourceId(source)
                .clock(clock));
    }
}
