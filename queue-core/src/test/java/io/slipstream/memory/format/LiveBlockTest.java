package io.slipstream.memory.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.UnsafeBuffer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading and writing under the rules by which a block says that it is whole. */
class LiveBlockTest {
    private static final int LENGTH = 65_536;
    private static final int FIRST = 16;
    private static final int LAST = LENGTH - 8;

    private final UnsafeBuffer memory = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));

    @ParameterizedTest
    @ValueSource(strings = {"seqlock s", "pair s t"})
    @Timeout(600)
    @SuppressWarnings("ThreadPriorityCheck")
    void shouldReadNothingTornFromAWriterAtFullSpeed(final String rule) throws Exception {
        final FormattedBlock written = block(rule, memory);
        final FormattedBlock read = block(rule, memory);
        written.set(Map.of("first", 0, "last", 0));
        final AtomicBoolean stop = new AtomicBoolean();
        final AtomicBoolean failed = new AtomicBoolean();
        final Thread writer = new Thread(
                () -> {
                    try {
                        for (long value = 1; !stop.get(); value++) {
                            written.set(Map.of("first", value, "last", value));
                        }
                    } catch (final IOException e) {
                        failed.set(true);
                    }
                },
                "writer");
        writer.start();
        try {
            long seen = 0;
            for (int i = 0; i < 2_000; i++) {
                final Map<String, Object> values = read.get(List.of("first", "last"));
                assertThat(values.get("first")).isEqualTo(values.get("last"));
                assertThat((long) values.get("first")).isGreaterThanOrEqualTo(seen);
                seen = (long) values.get("first");
                Thread.yield();
            }
        } finally {
            stop.set(true);
            writer.join();
        }
        assertThat(failed).isFalse();
    }

    @Test
    @Timeout(600)
    void shouldKeepTwoWritersUnderASeqlockFromEachOther() throws Exception {
        final int writes = 2_000;
        final FormattedBlock other = block("seqlock s", memory);
        final AtomicBoolean failed = new AtomicBoolean();
        final Thread writer = new Thread(
                () -> {
                    try {
                        for (int i = 0; i < writes; i++) {
                            other.set("first", i);
                        }
                    } catch (final IOException e) {
                        failed.set(true);
                    }
                },
                "writer");
        writer.start();
        final FormattedBlock block = block("seqlock s", memory);
        for (int i = 0; i < writes; i++) {
            block.set("last", i);
        }
        writer.join();
        assertThat(failed).isFalse();
        assertThat(memory.getInt(4)).as("two a write").isEqualTo(2 * 2 * writes);
        assertThat(block.get(List.of("first", "last"))).isEqualTo(Map.of("first", writes - 1L, "last", writes - 1L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"seqlock s", "pair s t", "counter s", "none"})
    void shouldWriteByTheRule(final String rule) throws Exception {
        final FormattedBlock block = block(rule, memory);
        block.set("first", 1);
        block.setText("last", "2");
        assertThat(block.get(List.of("first", "last"))).isEqualTo(Map.of("first", 1L, "last", 2L));
        assertThat(memory.getInt(4)).isEqualTo(rule.startsWith("seqlock") ? 4 : rule.equals("none") ? 0 : 2);
        assertThat(memory.getInt(8)).isEqualTo(rule.startsWith("pair") ? 2 : 0);
    }

    @Test
    void shouldCountRoundTheEnd() throws Exception {
        memory.putInt(4, -2);
        block("seqlock s", memory).set("first", 1);
        assertThat(memory.getInt(4)).as("0 would say that nobody has written").isEqualTo(2);
        memory.putInt(4, -1);
        memory.putInt(8, -1);
        final FormattedBlock pair = block("pair s t", memory);
        pair.set("first", 2);
        assertThat(pair.get("first")).isEqualTo(2L);
        assertThat(memory.getInt(4)).isZero();
    }

    @Test
    void shouldSayThatAWriterIsAtWorkOrHasNotBegun() {
        final FormattedBlock seqlock = block("seqlock s", memory);
        assertThatThrownBy(() -> seqlock.get("first"))
                .isInstanceOf(BlockUnavailableException.class)
                .hasMessage("test: nobody has written to the block yet, for its sequence number, 's', is 0;"
                        + " start the program that does");
        memory.putInt(4, 41);
        for (final String rule : List.of("seqlock s", "pair s t")) {
            assertThatThrownBy(() -> block(rule, memory).get("first"))
                    .isInstanceOfSatisfying(
                            BlockUnavailableException.class,
                            e -> assertThat(e.isPassing()).isTrue())
                    .hasMessageStartingWith("test: another program was writing at each of 200 tries");
        }
    }

    @Test
    void shouldTakeOverFromAWriterThatDiedWriting() throws Exception {
        memory.putInt(4, 41);
        final FormattedBlock seqlock = block("seqlock s", memory);
        seqlock.set("first", 5);
        assertThat(memory.getInt(4)).isEqualTo(42);
        assertThat(seqlock.get("first")).isEqualTo(5L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"seqlock s", "pair s t", "counter s", "none"})
    @EnabledOnOs(OS.LINUX)
    void shouldSayThatTheMemoryWasCutOff(final String rule, @TempDir final Path folder) throws Exception {
        for (final int left : new int[] {4_096, 0}) {
            try (FileChannel file = FileChannel.open(
                    folder.resolve("block" + left),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE)) {
                final UnsafeBuffer mapped = new UnsafeBuffer(file.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH));
                final FormattedBlock block = block(rule, mapped);
                // Often enough for compiled code, which learns of faults later than interpreted code.
                for (int i = 0; i < 2_000; i++) {
                    block.set("last", i);
                    assertThat(block.get("last")).isEqualTo((long) i);
                }
                file.truncate(left);
                for (int i = 0; i < 5; i++) {
                    assertCutOff(() -> block.get("last"));
                    assertCutOff(() -> block.set("last", 1));
                }
            }
        }
    }

    private static void assertCutOff(final ThrowingCallable use) {
        assertThatThrownBy(use)
                .isInstanceOfSatisfying(
                        BlockUnavailableException.class,
                        e -> assertThat(e.isPassing()).isFalse())
                .hasMessageStartingWith("test: the memory was cut off");
    }

    private static FormattedBlock block(final String rule, final UnsafeBuffer memory) {
        final BlockFormat format = BlockFormat.parse("t", """
                format t "Test"
                consistency %s
                object o "o"
                  i32 x
                  u32 s
                  u32 t
                  i64 first at %d
                  i64 last  at %d
                end
                """.formatted(rule, FIRST, LAST));
        return FormattedBlock.over(format, memory, "test");
    }
}
