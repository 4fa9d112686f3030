package io.slipstream.memory.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedMemoryError;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.queue.schema.v1.MessageHeaderDecoder;
import io.slipstream.queue.schema.v1.MessageHeaderEncoder;
import io.slipstream.queue.schema.v1.TickDecoder;
import io.slipstream.queue.schema.v1.TickEncoder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class ExchangeTest {
    private static final Duration NOT_AT_ALL = Duration.ZERO;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final int COUNTED = 20_000;

    private final MemorySegment memory = Arena.ofAuto().allocate(1 << 14, 64);
    private final List<String> received = new ArrayList<>();

    private Exchange attach() throws SharedMemoryException {
        return Exchange.over(memory, "test");
    }

    private static Exchange small() throws SharedMemoryException {
        return Exchange.over(Arena.ofAuto().allocate(ExchangeDescriptor.MIN_LENGTH, 64), "small");
    }

    private void keep(ExchangeMessage message) {
        received.add(message.isText() ? message.text() : "typed");
    }

    @Test
    void shouldCarryTextsBothWaysButNotBackToTheSender() throws Exception {
        try (Exchange first = attach();
                Exchange second = attach()) {
            assertThat(first.poll(this::keep, 10)).isZero();
            assertThat(first.sendText("Hello, Server!", NOT_AT_ALL)).isTrue();
            assertThat(second.sendText("Grüße, 客户端", NOT_AT_ALL)).isTrue();
            assertThat(first.sendText("", NOT_AT_ALL)).isTrue();

            assertThat(second.await(HOUR)).isTrue();
            assertThat(second.poll(this::keep, 10)).isEqualTo(2);
            assertThat(first.poll(this::keep, 10)).isEqualTo(1);
            assertThat(second.await(NOT_AT_ALL)).isFalse();
            assertThat(received).containsExactly("Hello, Server!", "", "Grüße, 客户端");
        }
    }

    @Test
    void shouldCarryTypedMessages() throws Exception {
        try (Exchange first = attach();
                Exchange second = attach()) {
            final UnsafeBuffer message = tick(7, 15);
            assertThat(first.send(message, 0, message.capacity(), NOT_AT_ALL)).isTrue();

            assertThat(second.poll(
                            it -> {
                                assertThat(it.isText()).isFalse();
                                assertThat(it.schemaId()).isEqualTo(TickEncoder.SCHEMA_ID);
                                assertThat(it.templateId()).isEqualTo(TickEncoder.TEMPLATE_ID);
                                assertThat(it.sender())
                                        .isEqualTo((int) ProcessHandle.current().pid());
                                final TickDecoder decoder = new TickDecoder()
                                        .wrap(it.buffer(), it.bodyOffset(), it.blockLength(), it.version());
                                received.add(decoder.sequence() + " " + decoder.value());
                            },
                            1))
                    .isEqualTo(1);
            assertThat(received).containsExactly("7 15");
            assertThatThrownBy(() -> first.send(message, 0, 7, NOT_AT_ALL))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static UnsafeBuffer tick(long sequence, long value) {
        final UnsafeBuffer buffer =
                new UnsafeBuffer(new byte[MessageHeaderEncoder.ENCODED_LENGTH + TickEncoder.BLOCK_LENGTH]);
        new TickEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .sequence(sequence)
                .value(value);
        return buffer;
    }

    @Test
    void shouldShowTheLatestTextToWhoComesLater() throws Exception {
        try (Exchange first = attach()) {
            assertThat(first.text()).isEmpty();
            assertThat(first.changes()).isZero();
            long changes = 0;
            for (String text : List.of("one", "two", "three")) {
                assertThat(first.sendText(text, NOT_AT_ALL)).isTrue();
                assertThat(first.text()).hasValue(text);
                assertThat(first.changes()).isGreaterThan(changes);
                changes = first.changes();
            }
            final UnsafeBuffer message = tick(1, 1);
            first.send(message, 0, message.capacity(), NOT_AT_ALL);
        }
        try (Exchange late = attach()) {
            assertThat(late.text()).hasValue("three");
            assertThat(late.poll(this::keep, 10)).isZero();
        }
    }

    @Test
    void shouldCountWhoIsAttached() throws Exception {
        assertThat(Exchange.attached(memory)).isEmpty();
        try (Exchange first = attach()) {
            assertThat(first.attached()).isEqualTo(1);
            final List<Exchange> others = new ArrayList<>();
            for (int i = 2; i <= ExchangeDescriptor.ATTACHMENTS; i++) {
                others.add(attach());
                assertThat(first.attached()).isEqualTo(i);
            }
            assertThatThrownBy(this::attach)
                    .isInstanceOfSatisfying(
                            SharedMemoryException.class,
                            e -> assertThat(e.error()).isEqualTo(SharedMemoryError.OUT_OF_RESOURCES));
            assertThat(Exchange.attached(memory.asReadOnly())).hasValue(ExchangeDescriptor.ATTACHMENTS);
            for (Exchange other : others) {
                other.close();
                other.close();
            }
            assertThat(first.attached()).isEqualTo(1);
        }
        assertThat(Exchange.attached(memory)).hasValue(0);
    }

    @Test
    void shouldRefuseWhatWouldOverrunAReader() throws Exception {
        try (Exchange first = attach();
                Exchange second = attach()) {
            int sent = 0;
            while (first.sendText("number " + sent, NOT_AT_ALL)) {
                sent++;
            }
            assertThat(first.sendText("late", Duration.ofMillis(3))).isFalse();
            assertThat(first.text()).hasValue("number " + (sent - 1));
            assertThat(second.poll(this::keep, 2)).isEqualTo(2);
            assertThat(first.sendText("number " + sent, NOT_AT_ALL)).isTrue();
            assertThat(second.poll(this::keep, Integer.MAX_VALUE)).isEqualTo(sent - 1);
            for (int i = 0; i <= sent; i++) {
                assertThat(received.get(i)).isEqualTo("number " + i);
            }
        }
    }

    @Test
    void shouldWaitForRoom() throws Exception {
        try (Exchange first = attach();
                Exchange second = attach()) {
            int sent = 0;
            while (first.sendText("number " + sent, NOT_AT_ALL)) {
                sent++;
            }
            final CompletableFuture<Boolean> waiting = inThread(() -> first.sendText("waited", HOUR));
            awaitSleeper(ExchangeDescriptor.ROOM_OFFSET);
            assertThat(waiting).isNotDone();
            second.poll(this::keep, 1);

            assertTimeoutPreemptively(DEADLINE, () -> assertThat(waiting.get()).isTrue());
            second.poll(this::keep, Integer.MAX_VALUE);
            assertThat(received).hasSize(sent + 1).endsWith("waited");
        }
    }

    @Test
    void shouldNotWaitForAnotherThreadThatWaitsForRoom() throws Exception {
        try (Exchange first = attach();
                Exchange second = attach()) {
            while (first.sendText("number", NOT_AT_ALL)) {
                assertThat(first.attached()).isEqualTo(2);
            }
            final CompletableFuture<Boolean> waiting = inThread(() -> first.sendText("waited", HOUR));
            awaitSleeper(ExchangeDescriptor.ROOM_OFFSET);
            assertTimeoutPreemptively(DEADLINE, () -> {
                assertThat(first.sendText("at once", NOT_AT_ALL)).isFalse();
                assertThat(first.sendText("soon", Duration.ofMillis(3))).isFalse();
            });
            final CompletableFuture<Boolean> alsoWaiting = inThread(() -> first.sendText("also waited", HOUR));
            second.poll(this::keep, Integer.MAX_VALUE);

            assertTimeoutPreemptively(
                    DEADLINE,
                    () -> assertThat(waiting.get() && alsoWaiting.get()).isTrue());
            second.poll(this::keep, Integer.MAX_VALUE);
            assertThat(received).contains("waited", "also waited").doesNotContain("at once", "soon");
        }
    }

    @Test
    void shouldNotWaitForTheMessageThatTheSendingHandlerHandles() throws Exception {
        try (Exchange first = attach();
                Exchange second = attach().sendOnly()) {
            second.sendText("question", NOT_AT_ALL);
            assertTimeoutPreemptively(DEADLINE, () -> first.poll(message -> sendUntilRefused(first), 1));
            assertThat(first.sendText("later", NOT_AT_ALL)).isTrue();
            assertThat(received).hasSizeGreaterThan(10);
        }
    }

    private void sendUntilRefused(Exchange exchange) {
        try {
            while (exchange.sendText("answer", HOUR)) {
                received.add("answer");
            }
        } catch (SharedMemoryException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldEndAWaitForRoomThatIsClosed() throws Exception {
        final Exchange first = attach();
        try (Exchange second = attach()) {
            while (first.sendText("number", NOT_AT_ALL)) {
                assertThat(second.attached()).isEqualTo(2);
            }
            final List<CompletableFuture<Boolean>> waiting =
                    List.of(inThread(() -> first.sendText("one", HOUR)), inThread(() -> first.sendText("two", HOUR)));
            awaitSleeper(ExchangeDescriptor.ROOM_OFFSET);
            first.close();
            for (CompletableFuture<Boolean> each : waiting) {
                assertTimeoutPreemptively(
                        DEADLINE,
                        () -> assertThat(each.handle((sent, failure) -> failure != null || !sent)
                                        .get())
                                .isTrue());
            }
        }
    }

    @Test
    void shouldMakeNoBlockOfASizeThatNoExchangeHas() throws Exception {
        final BlockName name = BlockName.parse("posix:slipstream-exchange-" + UUID.randomUUID());
        for (int size : new int[] {-1, 0, ExchangeDescriptor.MIN_LENGTH - 1, ExchangeDescriptor.MAX_LENGTH + 1}) {
            assertThatThrownBy(() -> Exchange.open(name, size))
                    .isInstanceOfSatisfying(
                            SharedMemoryException.class,
                            e -> assertThat(e.error()).isEqualTo(SharedMemoryError.INVALID_SIZE));
        }
        assertThatThrownBy(() -> Exchange.attach(name))
                .isInstanceOfSatisfying(
                        SharedMemoryException.class, e -> assertThat(e.error()).isEqualTo(SharedMemoryError.NOT_FOUND));
    }

    @Test
    void shouldNotWaitForItselfNorForWhoOnlySends() throws Exception {
        try (Exchange first = small();
                Exchange alone = attach();
                Exchange mute = attach().sendOnly()) {
            for (int i = 0; i < 1000; i++) {
                assertThat(first.sendText("to nobody " + i, NOT_AT_ALL)).isTrue();
            }
            assertThat(first.poll(this::keep, 1)).isZero();
            for (int i = 0; i < 3000; i++) {
                assertThat(alone.sendText("to nobody " + i, NOT_AT_ALL)).isTrue();
            }
            mute.sendText("from the mute", NOT_AT_ALL);
            assertThat(alone.await(HOUR)).isTrue();
            alone.poll(this::keep, 10);
            assertThat(received).containsExactly("from the mute");
            assertThatThrownBy(() -> mute.poll(this::keep, 1)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void shouldCarryEveryLengthAcrossTheEndOfTheRing() throws Exception {
        final MemorySegment odd = Arena.ofAuto().allocate(ExchangeDescriptor.MIN_LENGTH + 333, 8);
        final Random random = new Random(1);
        try (Exchange first = Exchange.over(odd, "odd");
                Exchange second = Exchange.over(odd, "odd")) {
            final ExpandableArrayBuffer bytes = new ExpandableArrayBuffer();
            for (int i = 0; i < 5000; i++) {
                final int length = 8 + random.nextInt(first.maxLength() - 7);
                bytes.setMemory(0, length, (byte) i);
                assertThat(first.send(bytes, 0, length, NOT_AT_ALL)).isTrue();
                final byte expected = (byte) i;
                assertThat(second.poll(
                                message -> {
                                    assertThat(message.length()).isEqualTo(length);
                                    assertThat(message.bodyOffset() % 8).isZero();
                                    for (int at = 0; at < length; at++) {
                                        assertThat(message.buffer().getByte(message.offset() + at))
                                                .isEqualTo(expected);
                                    }
                                },
                                2))
                        .isEqualTo(1);
            }
            assertThatThrownBy(() -> first.send(bytes, 0, first.maxLength() + 1, NOT_AT_ALL))
                    .isInstanceOfSatisfying(
                            SharedMemoryException.class,
                            e -> assertThat(e.error()).isEqualTo(SharedMemoryError.INVALID_SIZE));
        }
    }

    @Test
    void shouldHandAMessageOverAgainIfTheHandlerFailed() throws Exception {
        try (Exchange first = attach();
                Exchange second = attach()) {
            first.sendText("one", NOT_AT_ALL);
            first.sendText("two", NOT_AT_ALL);
            assertThatThrownBy(() -> second.poll(
                            message -> {
                                keep(message);
                                if (received.size() == 2) {
                                    throw new ArithmeticException();
                                }
                            },
                            10))
                    .isInstanceOf(ArithmeticException.class);
            second.poll(
                    message -> {
                        keep(message);
                        assertThatThrownBy(() -> second.poll(this::keep, 1)).isInstanceOf(IllegalStateException.class);
                        assertThatThrownBy(second::close).isInstanceOf(IllegalStateException.class);
                        try {
                            assertThat(second.sendText("answer", NOT_AT_ALL)).isTrue();
                        } catch (SharedMemoryException e) {
                            throw new AssertionError(e);
                        }
                    },
                    10);
            first.poll(this::keep, 10);
            assertThat(received).containsExactly("one", "two", "two", "answer");
        }
    }

    @Test
    void shouldEndAWaitThatIsInterruptedOrClosed() throws Exception {
        final Exchange first = attach();
        final CompletableFuture<Thread> thread = new CompletableFuture<>();
        final CompletableFuture<Boolean> interrupted = inThread(() -> {
            thread.complete(Thread.currentThread());
            return first.await(HOUR) || !Thread.interrupted();
        });
        awaitSleeper(ExchangeDescriptor.NEWS_OFFSET);
        thread.get().interrupt();
        assertTimeoutPreemptively(DEADLINE, () -> assertThat(interrupted.get()).isFalse());

        final CompletableFuture<Boolean> waiting = inThread(() -> first.await(HOUR));
        awaitSleeper(ExchangeDescriptor.NEWS_OFFSET);
        first.close();
        assertTimeoutPreemptively(DEADLINE, () -> assertThat(waiting.get()).isFalse());
        assertThatThrownBy(() -> first.await(HOUR)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> first.sendText("late", HOUR)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void shouldRefuseMemoryThatCannotBeAnExchange() {
        final Arena arena = Arena.ofAuto();
        assertThatThrownBy(() -> Exchange.over(arena.allocate(ExchangeDescriptor.MIN_LENGTH - 1, 64), "short"))
                .isInstanceOf(ExchangeFormatException.class)
                .hasMessageContaining("short")
                .hasMessageContaining("too few");
        for (MemorySegment bad : List.of(
                memory.asReadOnly(),
                memory.asSlice(4),
                MemorySegment.ofArray(new long[ExchangeDescriptor.MIN_LENGTH]))) {
            assertThatThrownBy(() -> Exchange.over(bad, "bad")).isInstanceOf(IllegalArgumentException.class);
        }
        final MemorySegment other = arena.allocate(ExchangeDescriptor.MIN_LENGTH, 64);
        other.setString(0, "Hello, Client!");
        assertThatThrownBy(() -> Exchange.over(other, "other"))
                .isInstanceOf(ExchangeFormatException.class)
                .hasMessageContaining("something else");
        assertThat(other.getString(0)).isEqualTo("Hello, Client!");
    }

    @Test
    void shouldRefuseAnotherVersionAndALengthThatIsNone() throws Exception {
        attach().close();
        memory.set(ValueLayout.JAVA_INT, ExchangeDescriptor.VERSION_OFFSET, 2);
        assertThatThrownBy(this::attach)
                .isInstanceOf(ExchangeFormatException.class)
                .hasMessageContaining("version 2");
        memory.set(ValueLayout.JAVA_INT, ExchangeDescriptor.VERSION_OFFSET, 1);
        for (long length : new long[] {1, ExchangeDescriptor.MIN_LENGTH - 1, memory.byteSize() + 1, -1}) {
            memory.set(ValueLayout.JAVA_LONG, ExchangeDescriptor.LENGTH_OFFSET, length);
            assertThatThrownBy(this::attach)
                    .isInstanceOf(ExchangeFormatException.class)
                    .hasMessageContaining("damaged");
            assertThatThrownBy(() -> Exchange.attached(memory)).isInstanceOf(ExchangeFormatException.class);
        }
    }

    @Test
    void shouldSendAndPollWithoutAllocating() throws Exception {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Exchange first = attach();
                Exchange second = attach()) {
            final UnsafeBuffer message = tick(1, 1);
            final MessageHeaderDecoder header = new MessageHeaderDecoder();
            final ExchangeHandler handler = it -> header.wrap(it.buffer(), it.offset());
            sendAndPoll(first, second, message, handler, 2 * COUNTED);
            final long before = threads.getCurrentThreadAllocatedBytes();
            sendAndPoll(first, second, message, handler, COUNTED);
            final long allocated = threads.getCurrentThreadAllocatedBytes() - before;

            assertThat(allocated).as("bytes for %s messages", COUNTED).isLessThan(COUNTED / 2);
        }
    }

    private static void sendAndPoll(
            Exchange first, Exchange second, UnsafeBuffer message, ExchangeHandler handler, int count)
            throws Exception {
        for (int i = 0; i < count; i++) {
            if (!first.send(message, 0, message.capacity(), NOT_AT_ALL)
                    || !second.await(HOUR)
                    || second.poll(handler, 2) != 1) {
                throw new AssertionError("message " + i);
            }
        }
    }

    private static CompletableFuture<Boolean> inThread(Callable<Boolean> call) {
        final CompletableFuture<Boolean> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                result.complete(call.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private void awaitSleeper(int offset) {
        while ((memory.get(ValueLayout.JAVA_INT, offset) & 1) == 0) {
            Thread.onSpinWait();
        }
    }
}
