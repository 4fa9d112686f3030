package io.slipstream.replay.export;

import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Hands batches of samples from the thread that reads a session to the one that writes a file, and back to be filled again. A few go
 * round, so that memory stays flat however long the session, and each thread waits for the slower one.
 */
final class BatchPipe {
    private static final int BATCHES = 3;
    private static final SampleBatch NO_MORE = new SampleBatch(0);
    private static final SampleBatch GIVEN_UP = new SampleBatch(0);

    // One place more than batches, for what either side says last: nobody ever waits to say it.
    private final BlockingQueue<SampleBatch> empty = new ArrayBlockingQueue<>(BATCHES + 1);
    private final BlockingQueue<SampleBatch> full = new ArrayBlockingQueue<>(BATCHES + 1);

    BatchPipe(int channels) {
        for (int i = 0; i < BATCHES; i++) {
            empty.add(new SampleBatch(channels));
        }
    }

    /** A batch to fill; null if the writer has gone. */
    SampleBatch toFill() throws InterruptedIOException {
        final SampleBatch batch = take(empty);
        return batch == GIVEN_UP ? null : batch;
    }

    void filled(SampleBatch batch) {
        full.add(batch);
    }

    /** Nothing more will be filled. */
    void finish() {
        full.add(NO_MORE);
    }

    /** What was filled must not be written. */
    void abandon() {
        full.clear();
        full.add(GIVEN_UP);
    }

    /** A batch to write; null at the end. */
    SampleBatch toWrite() throws InterruptedIOException {
        final SampleBatch batch = take(full);
        if (batch == GIVEN_UP) {
            throw new InterruptedIOException("the export was given up");
        }
        return batch == NO_MORE ? null : batch;
    }

    void written(SampleBatch batch) {
        batch.rows = 0;
        empty.add(batch);
    }

    /** Nothing more will be written, so nobody need wait for an empty batch. */
    void writerGone() {
        empty.add(GIVEN_UP);
    }

    private static SampleBatch take(BlockingQueue<SampleBatch> queue) throws InterruptedIOException {
        try {
            return queue.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
