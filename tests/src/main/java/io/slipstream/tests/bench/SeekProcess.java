package io.slipstream.tests.bench;

import io.slipstream.replay.session.FrameCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.telemetry.session.SessionDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * A process that opens a session, lists its laps and goes to a random time in it, again and again. Prints ms: of the first, which
 * finds nothing loaded and nothing compiled, then mean and longest of the others, then the mean of going to a time in a session that
 * is open.
 */
final class SeekProcess {
    private SeekProcess() {}

    /** Opens, seeks, closes. */
    @FunctionalInterface
    private interface Seek {
        void to(double part) throws IOException;
    }

    public static void main(String[] arguments) throws IOException {
        final Path path = Path.of(arguments[1]);
        final Random random = new Random(Long.parseLong(arguments[2]));
        final int times = Integer.parseInt(arguments[3]);
        final Seek seek = "ours".equals(arguments[0]) ? part -> ours(path, part) : part -> bare(path, part);
        final double first = millis(seek, random.nextDouble());
        double sum = 0;
        double longest = 0;
        for (int i = 0; i < times; i++) {
            final double millis = millis(seek, random.nextDouble());
            sum += millis;
            longest = Math.max(longest, millis);
        }
        System.out.println(first + " " + sum / times + " " + longest + " "
                + ("ours".equals(arguments[0]) ? open(path, random, times) : Double.NaN));
    }

    private static double millis(Seek seek, double part) throws IOException {
        final long start = System.nanoTime();
        seek.to(part);
        return (System.nanoTime() - start) / 1e6;
    }

    private static void ours(Path path, double part) throws IOException {
        try (SessionReader session = SessionReader.open(path);
                FrameCursor cursor = session.frames()) {
            if (session.laps().isEmpty()) {
                throw new IOException("no lap in " + path);
            }
            final long time = session.startNs() + (long) (part * (session.endNs() - session.startNs()));
            if (!cursor.toTime(time).next() || cursor.timestamp() < time) {
                throw new IOException("no frame at " + time + " in " + path);
            }
        }
    }

    private static double open(Path path, Random random, int times) throws IOException {
        try (SessionReader session = SessionReader.open(path);
                FrameCursor cursor = session.frames()) {
            final long length = session.endNs() - session.startNs();
            final long start = System.nanoTime();
            for (int i = 0; i < times; i++) {
                if (!cursor.toTime(session.startNs() + (long) (random.nextDouble() * length))
                        .next()) {
                    throw new IOException("no frame in " + path);
                }
            }
            return (System.nanoTime() - start) / 1e6 / times;
        }
    }

    /** Knows the position, which we have to search by time, and restores no frame. */
    private static void bare(Path path, double part) throws IOException {
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(path)
                        .readOnly(true)
                        .blockSize(SessionDirectory.BLOCK_SIZE)
                        .build();
                ExcerptTailer tailer = queue.createTailer()) {
            final long first = queue.firstIndex();
            final long position = first + (long) (part * (queue.lastIndex() - first));
            if (!tailer.moveToIndex(position)) {
                throw new IOException("nothing at " + position + " in " + path);
            }
        }
    }
}
