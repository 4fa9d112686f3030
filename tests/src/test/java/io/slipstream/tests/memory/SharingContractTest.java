package io.slipstream.tests.memory;

import static io.slipstream.memory.exchange.ExchangeDescriptor.ALIGNMENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.FastLock;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.memory.exchange.Exchange;
import io.slipstream.memory.exchange.ExchangeDescriptor;
import io.slipstream.tests.contract.NativePrograms;
import io.slipstream.tests.contract.NativePrograms.Flavour;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Lock words and exchanges: the same promises from Java and from C, to each other. */
final class SharingContractTest {
    private static final int TURNS = 10_000;
    private static final int MESSAGES = 5_000;
    private static final long PATIENCE_NS = 60_000_000_000L;

    /** Pairs that meet; those under sanitizers are slow, and each meets a JVM. */
    private static final String PAIRS = """
            JVM, NATIVE
            NATIVE, JVM
            NATIVE, NATIVE
            JVM, ASAN
            TSAN, JVM
            """;

    @TempDir
    Path directory;

    private final List<Dialogue> started = new ArrayList<>();
    private Path file;
    private MemorySegment memory;

    /** What a process runs on. */
    enum Side {
        JVM(null),
        NATIVE(Flavour.RELEASE),
        ASAN(Flavour.ASAN),
        TSAN(Flavour.TSAN);

        private final Flavour flavour;

        Side(Flavour flavour) {
            this.flavour = flavour;
        }
    }

    @BeforeEach
    void makeTheFile() throws IOException {
        file = directory.resolve("shared");
        memory = Sharing.map(file);
    }

    @AfterEach
    void end() {
        started.forEach(Dialogue::close);
    }

    private Dialogue start(Side side) throws IOException {
        final Dialogue process;
        if (side.flavour == null) {
            process = Dialogue.withJava(Sharing.class, file.toString());
        } else {
            final NativePrograms programs = NativePrograms.of(side.flavour);
            assumeTrue(programs.missing() == null, programs.missing());
            final List<String> command =
                    new ArrayList<>(NativePrograms.command(side.flavour, programs.program("sharing")));
            command.add(file.toString());
            process = Dialogue.with(Map.of(), command);
        }
        started.add(process);
        return process;
    }

    private long get(int offset) {
        return memory.get(ValueLayout.JAVA_LONG, offset);
    }

    private long getVolatile(int offset) {
        return (long) ValueLayout.JAVA_LONG.varHandle().getVolatile(memory, (long) offset);
    }

    private static void await(String what, LongSupplier seen, LongPredicate isEnough) {
        final long begun = System.nanoTime();
        for (long value = seen.getAsLong(); !isEnough.test(value); value = seen.getAsLong()) {
            if (System.nanoTime() - begun > PATIENCE_NS) {
                throw new AssertionError(what + " was still " + value + " after a minute");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Exchange attach() throws SharedMemoryException {
        return Exchange.over(memory.asSlice(Sharing.EXCHANGE_OFFSET, Sharing.EXCHANGE_LENGTH), "the file");
    }

    private static void is(Dialogue process, String question, String answer) throws Exception {
        assertThat(process.ask(question)).as(process.toString()).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource(textBlock = PAIRS)
    void shouldCountExactlyUnderOneLock(Side one, Side two) throws Exception {
        final Dialogue first = start(one);
        final Dialogue second = start(two);
        is(first, "owner", "0");
        is(second, "owner", "0");
        first.tell("count 0 " + TURNS);
        second.tell("count 1 " + TURNS);
        for (Dialogue process : List.of(first, second)) {
            assertThat(process.answer()).isEqualTo("counting");
            assertThat(process.answer()).isEqualTo("counted 0");
        }
        assertThat(get(Sharing.COUNTER_OFFSET)).isEqualTo(2L * TURNS);
        is(first, "owner", "0");
    }

    @ParameterizedTest
    @CsvSource(textBlock = PAIRS)
    void shouldTakeOverTheLockOfAKilledProcess(Side one, Side two) throws Exception {
        final Dialogue first = start(one);
        final Dialogue second = start(two);
        is(first, "hold", "ok");
        is(second, "owner", Long.toString(first.pid()));
        is(second, "try", "taken");
        second.tell("hold");
        first.kill();

        assertThat(second.answer()).isEqualTo("recovered");
        is(second, "release", "ok");
        is(second, "hold", "ok");
        is(second, "release", "ok");
    }

    @ParameterizedTest
    @CsvSource({"NATIVE, JVM", "NATIVE, NATIVE"})
    void shouldNotTakeAProcessForDeadWhoseFirstThreadHasEnded(Side one, Side two) throws Exception {
        final Dialogue first = start(one);
        final Dialogue second = start(two);
        is(first, "attach", "ok");
        is(second, "attach", "ok");
        is(first, "hold", "ok");
        is(first, "leave", "ok");

        is(second, "try", "taken");
        is(second, "attached", "2");
        first.kill();
        is(second, "hold", "recovered");
        is(second, "attached", "1");
    }

    @ParameterizedTest
    @CsvSource(textBlock = PAIRS)
    void shouldTellAnOwnerThatItsLockWasTaken(Side one, Side two) throws Exception {
        final Dialogue first = start(one);
        final Dialogue second = start(two);
        is(first, "break", "free");
        is(first, "hold", "ok");
        is(second, "break", "broken");
        is(second, "hold", "recovered");
        is(first, "release", "lost");
        is(second, "owner", Long.toString(second.pid()));
        is(first, "try", "taken");
        is(second, "release", "ok");
        is(first, "try", "ok");
        is(first, "release", "ok");
    }

    @ParameterizedTest
    @CsvSource({"JVM, NATIVE", "NATIVE, JVM"})
    void shouldCountExactlyThoughCountersAreKilled(Side mortal, Side survivor) throws Exception {
        final Dialogue counting = start(survivor);
        counting.tell("count 0 0");
        assertThat(counting.answer()).isEqualTo("counting");
        for (int ledger = 1; ledger < Sharing.LEDGERS - 2; ledger++) {
            final Dialogue victim = start(mortal);
            victim.tell("count " + ledger + " 0");
            assertThat(victim.answer()).isEqualTo("counting");
            final int place = Sharing.LEDGERS_OFFSET + 8 * ledger;
            final long enough = 1000L * ledger;
            await("what " + victim + " counted", () -> getVolatile(place), count -> count >= enough);
            victim.kill();
            final long seen = getVolatile(Sharing.LEDGERS_OFFSET);
            await(
                    "what " + counting + " counted",
                    () -> getVolatile(Sharing.LEDGERS_OFFSET),
                    count -> count >= seen + 100);
        }
        ValueLayout.JAVA_LONG.varHandle().setVolatile(memory, (long) Sharing.STOP_OFFSET, 1L);

        assertThat(counting.answer()).startsWith("counted ");
        assertThat(get(Sharing.COUNTER_OFFSET)).isEqualTo(Sharing.ledgers(memory));
        assertThat(FastLock.at(memory, 0, "shared").owner()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(textBlock = PAIRS)
    void shouldExchangeTextsAndTypedMessages(Side one, Side two) throws Exception {
        final Dialogue first = start(one);
        final Dialogue second = start(two);
        is(first, "attach", "ok");
        is(first, "latest", "none");
        is(second, "attach", "ok");
        is(first, "attached", "2");
        is(first, "text Grüße, 客户端", "ok");
        is(second, "wait", "message");
        is(second, "next", "text Grüße, 客户端");
        is(second, "next", "none");
        is(second, "typed 42", "ok");
        is(second, "text Hello, Server!", "ok");
        is(first, "next", "typed 42");
        is(first, "next", "text Hello, Server!");
        is(first, "next", "none");
        assertThat(first.ask("changes")).isEqualTo(second.ask("changes")).isNotEqualTo("0");

        final Dialogue late = start(one);
        is(late, "attach", "ok");
        is(late, "latest", "text Hello, Server!");
        is(late, "next", "none");
        is(second, "attached", "3");
        assertThat(Exchange.attached(memory.asSlice(Sharing.EXCHANGE_OFFSET).asReadOnly()))
                .hasValue(3);
        is(first, "detach", "ok");
        is(second, "attached", "2");
    }

    @ParameterizedTest
    @CsvSource(textBlock = PAIRS)
    void shouldLoseNothingUnderPressure(Side one, Side two) throws Exception {
        final Dialogue first = start(one);
        final Dialogue second = start(two);
        final Dialogue third = start(Side.NATIVE);
        is(first, "attach", "ok");
        is(second, "attach", "ok");
        is(third, "attach", "ok");
        // Far more than there is room for, one way and then the other, with a third who has to read it all.
        first.tell("stream " + MESSAGES);
        third.tell("verify " + MESSAGES);
        is(second, "verify " + MESSAGES, "verified");
        assertThat(first.answer()).isEqualTo("streamed");
        assertThat(third.answer()).isEqualTo("verified");
        second.tell("stream " + MESSAGES);
        third.tell("verify " + MESSAGES);
        is(first, "verify " + MESSAGES, "verified");
        assertThat(second.answer()).isEqualTo("streamed");
        assertThat(third.answer()).isEqualTo("verified");
    }

    @ParameterizedTest
    @EnumSource(
            value = Side.class,
            names = {"NATIVE", "ASAN"})
    void shouldNotWaitForTheMessageThatItKeepsItself(Side side) throws Exception {
        final Dialogue keeping = start(side);
        final int quarter = ExchangeDescriptor.quarter(Sharing.EXCHANGE_LENGTH);
        final int length = 1000;
        try (Exchange other = attach().sendOnly()) {
            // Texts that take the least, until the middle of the ring.
            send(other, "some", quarter);
            try (Exchange slow = attach()) {
                is(keeping, "attach", "ok");
                assertThat(slow.attached()).isEqualTo(3);
                send(other, "one", quarter + ALIGNMENT);
                send(other, "two", quarter + 2 * ALIGNMENT);
                is(keeping, "next", "text one");
                is(keeping, "next", "text two");
                // So far that a long text would overwrite the first of them, which only the slow one has yet to read.
                send(other, "more", 3L * quarter - ExchangeDescriptor.padded(length) + ALIGNMENT);
                keeping.tell("long " + length);
                await(
                        "the wake word",
                        () -> memory.get(
                                ValueLayout.JAVA_INT, Sharing.EXCHANGE_OFFSET + ExchangeDescriptor.ROOM_OFFSET),
                        word -> (word & 1) != 0);

                // And so far that it would overwrite the second too, which it keeps itself.
                send(other, "more", 3L * quarter - ExchangeDescriptor.padded(length) + 2 * ALIGNMENT);
                assertThat(keeping.answer()).isEqualTo("taken");
            }
        }
    }

    /** Sends a text until the end of the last is at a position. */
    private static void send(Exchange exchange, String text, long position) throws SharedMemoryException {
        while (exchange.changes() * ALIGNMENT < position) {
            assertThat(exchange.sendText(text, Duration.ZERO)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Side.class,
            names = {"JVM", "NATIVE"})
    void shouldLeaveNoAttachmentWhereTheLockWasLost(Side side) throws Exception {
        final Dialogue process = start(side);
        attach().close();
        final MemorySegment exchange = memory.asSlice(Sharing.EXCHANGE_OFFSET, Sharing.EXCHANGE_LENGTH);
        final AtomicBoolean refused = new AtomicBoolean();
        final Thread breaking = Thread.ofPlatform().start(() -> {
            final FastLock lock = FastLock.at(exchange, ExchangeDescriptor.LOCK_OFFSET, "people");
            while (!refused.get()) {
                lock.breakLock();
            }
        });
        try {
            final long begun = System.nanoTime();
            String answer = process.ask("attach");
            while (answer.equals("ok") && System.nanoTime() - begun < PATIENCE_NS) {
                is(process, "detach", "ok");
                answer = process.ask("attach");
            }
            assertThat(answer).startsWith("refused").contains("taken away");
        } finally {
            refused.set(true);
            breaking.join();
        }
        assertThat(Exchange.attached(exchange)).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource(textBlock = PAIRS)
    void shouldNotBeHeldUpByTheDead(Side one, Side two) throws Exception {
        final Dialogue first = start(one);
        final Dialogue second = start(two);
        is(first, "attach", "ok");
        is(second, "attach", "ok");
        assertThat(Long.parseLong(first.ask("fill"))).isBetween(10L, 1000L);
        is(first, "typed 1", "taken");
        is(first, "attached", "2");
        second.kill();

        is(first, "attached", "1");
        is(first, "stream " + MESSAGES, "streamed");
        final Dialogue third = start(two);
        is(third, "attach", "ok");
        is(first, "text still here", "ok");
        is(third, "next", "text still here");
        is(third, "attached", "2");
    }

    @ParameterizedTest
    @CsvSource({"JVM, NATIVE", "NATIVE, JVM", "ASAN, JVM"})
    void shouldMeetInAPosixSegment(Side one, Side two) throws Exception {
        final String name = "slipstream-sharing-" + UUID.randomUUID();
        try {
            final Dialogue first = start(one);
            final Dialogue second = start(two);
            is(first, "attach " + name, "ok");
            is(first, "text Hello", "ok");
            is(second, "attach " + name, "ok");
            is(second, "latest", "text Hello");
            is(second, "typed 7", "ok");
            is(first, "next", "typed 7");
            is(first, "attached", "2");
        } finally {
            SharedBlock.remove(BlockName.parse("posix:" + name));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Side.class,
            names = {"NATIVE", "ASAN", "TSAN"})
    void shouldStandThreadsAndDamage(Side side) throws Exception {
        final Dialogue process = start(side);
        is(process, "threads", "joined");
        is(process, "damage 1 200", "survived");
        assertThat(process.end()).as(process.toString()).isZero();
    }
}
