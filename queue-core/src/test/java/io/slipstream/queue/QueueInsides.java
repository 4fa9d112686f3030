package io.slipstream.queue;

import io.slipstream.memory.WakeDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.openhft.chronicle.core.values.LongValue;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/** Reads and forges what is in the files of a queue, as other programs leave it behind. */
final class QueueInsides {
    static final long DEADLINE_NS = 60_000_000_000L;

    private static final int END_OF_FILE = 0xC000_0000;

    private QueueInsides() {}

    static int wakeWord(Path directory) throws IOException {
        return readInt(directory.resolve(WakeDescriptor.FILE_NAME), WakeDescriptor.WORD_OFFSET);
    }

    static int readInt(Path file, long offset) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            final ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(buffer, offset);
            return buffer.getInt(0);
        }
    }

    /** Until somebody has announced that he sleeps. */
    static void awaitSleeper(Path directory) throws IOException {
        final long start = System.nanoTime();
        while (!Files.exists(directory.resolve(WakeDescriptor.FILE_NAME))
                || (wakeWord(directory) & WakeDescriptor.SLEEPER) == 0) {
            if (System.nanoTime() - start > DEADLINE_NS) {
                throw new AssertionError("nobody sleeps");
            }
            Thread.onSpinWait();
        }
    }

    /** Data files, oldest first. */
    static List<Path> dataFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".cq4"))
                    .sorted()
                    .toList();
        }
    }

    /** A file as its creator leaves it who is killed on the way: of some length, with some header, and half of what follows. */
    static void leaveUnfinished(Path file, int header) throws IOException {
        final ByteBuffer content = ByteBuffer.allocate(256 << 10).order(ByteOrder.LITTLE_ENDIAN);
        content.putInt(header);
        while (header != 0 && content.position() < 40_000) {
            content.putInt(0x1234_5678);
        }
        Files.write(file, content.array(), StandardOpenOption.CREATE_NEW);
    }

    /** Ends a file as whoever leaves it for the next one does. */
    static void writeEndOfFile(Path file) throws IOException {
        long position = 0;
        for (int header = readInt(file, 0); header != 0; header = readInt(file, position)) {
            position = (position + Integer.BYTES + (header & 0x3FFF_FFFF) + 3) & ~3L;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            final ByteBuffer end = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            end.putInt(END_OF_FILE).put(new byte[] {(byte) 0xC3, 'E', 'O', 'F'}).flip();
            channel.write(end, position);
        }
    }

    static SingleChronicleQueue bare(Path directory, RollCycle cycle) {
        return SingleChronicleQueueBuilder.binary(directory)
                .blockSize(Quotes.BLOCK_SIZE)
                .rollCycle(StreamSupport.stream(RollCycles.all().spliterator(), false)
                        .filter(candidate -> candidate.toString().equals(cycle.name()))
                        .findFirst()
                        .orElseThrow())
                .build();
    }

    /** Puts an owner into the word of the write lock. */
    static void lock(SingleChronicleQueue queue, long owner) {
        final LongValue word = queue.metaStore().acquireValueFor("chronicle.write.lock");
        word.setVolatileValue(owner);
    }
}
