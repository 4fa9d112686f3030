package io.slipstream.tests.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What is known of a publisher after it was killed: three words in a mapped file, little-endian.
 *
 * <pre>
 *    0  u64  attempted      messages given to a call
 *    8  u64  acknowledged   messages whose call returned
 *   16  u64  takeovers      write locks taken over from dead processes; native publishers alone count them
 * </pre>
 */
final class Ledger {
    static final int LENGTH = 24;

    private static final int ATTEMPTED_OFFSET = 0;
    private static final int ACKNOWLEDGED_OFFSET = 8;
    private static final int TAKEOVERS_OFFSET = 16;

    private final UnsafeBuffer words;

    private Ledger(UnsafeBuffer words) {
        this.words = words;
    }

    /** One that is kept in memory only. */
    static Ledger forgotten() {
        return new Ledger(new UnsafeBuffer(new byte[LENGTH]));
    }

    /** Opens or makes one. */
    static Ledger open(Path file) {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            final MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH);
            return new Ledger(new UnsafeBuffer(mapped));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void attempt(long messages) {
        words.putLongVolatile(ATTEMPTED_OFFSET, messages);
    }

    void acknowledge(long messages) {
        words.putLongVolatile(ACKNOWLEDGED_OFFSET, messages);
    }

    long attempted() {
        return words.getLongVolatile(ATTEMPTED_OFFSET);
    }

    long acknowledged() {
        return words.getLongVolatile(ACKNOWLEDGED_OFFSET);
    }

    long takeovers() {
        return words.getLongVolatile(TAKEOVERS_OFFSET);
    }
}
