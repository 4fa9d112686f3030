package io.slipstream.tests.memory;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.FastLock;
import io.slipstream.memory.LockLostException;
import io.slipstream.memory.SharedMemoryException;
import io.slipstream.memory.exchange.Exchange;
import io.slipstream.memory.exchange.ExchangeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A process that locks, counts and exchanges messages in a file that others have mapped too, as it is told a line at a time; the
 * native one is {@code tests/src/main/c/sharing.c}.
 *
 * <pre>
 *   hold, try, release, break   ok, recovered, taken, lost; broken, free
 *   owner                       pid, or 0
 *   count LEDGER TURNS          counting, then counted and how often the lock came from a dead owner; 0 turns: until told to stop
 *   attach [NAME]               ok: to the exchange in the file, or of a POSIX segment
 *   detach                      ok
 *   text TEXT, typed SEQUENCE   ok, taken: sends without waiting
 *   stream COUNT                streamed: typed messages 0, 1, ...
 *   verify COUNT                verified: took so many, each sender's in order
 *   fill                        how many typed messages there was room for
 *   next                        text TEXT, typed SEQUENCE, none
 *   wait                        message, none
 *   latest                      text TEXT, none
 *   attached, changes           number
 *
 *   of the native one alone:
 *   long LENGTH                 ok, taken: sends a text, however long it takes
 *   leave                       ok: its first thread ends, another goes on
 *
 *   0     lock              40    not 0: stop counting    4096  exchange of 16384 bytes
 *   32    counter           64    8 ledgers: what each process has counted
 * </pre>
 */
final class Sharing {
    static final int COUNTER_OFFSET = 32;
    static final int STOP_OFFSET = 40;
    static final int LEDGERS_OFFSET = 64;
    static final int LEDGERS = 8;
    static final int EXCHANGE_OFFSET = 4096;
    static final int EXCHANGE_LENGTH = 16384;
    static final int FILE_LENGTH = EXCHANGE_OFFSET + EXCHANGE_LENGTH;

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final short[] HEADER = {16, 1, 903, 1};
    private static final int RED_LENGTH = 24;

    private final MemorySegment memory;
    private final FastLock lock;
    private final PrintStream out = System.out;
    private final UnsafeBuffer red = new UnsafeBuffer(new byte[RED_LENGTH]);
    private Exchange exchange;
    private String taken;

    private Sharing(Path file) throws IOException {
        memory = map(file);
        lock = FastLock.at(memory, 0, file.toString());
    }

    /** Maps the file, and makes it if there is none. */
    static MemorySegment map(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, FILE_LENGTH, Arena.ofAuto());
        }
    }

    /** Obeys until its standard input ends. */
    public static void main(String[] arguments) throws Exception {
        final Sharing sharing = new Sharing(Path.of(arguments[0]));
        final BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            final String[] words = line.split(" ", 2);
            sharing.out.println(sharing.obey(words[0], words.length == 1 ? "" : words[1]));
        }
        if (sharing.exchange != null) {
            sharing.exchange.close();
        }
    }

    private String obey(String command, String argument) throws Exception {
        return switch (command) {
            case "hold" -> {
                lock.lock();
                yield acquired();
            }
            case "try" -> lock.tryLock() ? acquired() : "taken";
            case "release" -> release();
            case "break" -> lock.breakLock() ? "broken" : "free";
            case "owner" -> Long.toString(lock.owner().orElse(0));
            case "count" -> {
                final String[] words = argument.split(" ", -1);
                yield count(Integer.parseInt(words[0]), Long.parseLong(words[1]));
            }
            case "attach" -> attach(argument);
            case "detach" -> {
                exchange.close();
                yield "ok";
            }
            case "text" -> exchange.sendText(argument, Duration.ZERO) ? "ok" : "taken";
            case "typed" -> send(Long.parseLong(argument), Duration.ZERO) ? "ok" : "taken";
            case "stream" -> stream(Long.parseLong(argument));
            case "verify" -> verify(Long.parseLong(argument));
            case "fill" -> fill();
            case "next" -> exchange.poll(message -> taken = describe(message), 1) == 1 ? taken : "none";
            case "wait" -> exchange.await(PATIENCE) ? "message" : "none";
            case "latest" -> exchange.text().map(text -> "text " + text).orElse("none");
            case "attached" -> Integer.toString(exchange.attached());
            case "changes" -> Long.toString(exchange.changes());
            default -> "unknown command " + command;
        };
    }

    private String acquired() {
        return lock.recovered() ? "recovered" : "ok";
    }

    private String release() throws SharedMemoryException {
        try {
            lock.unlock();
            return "ok";
        } catch (LockLostException e) {
            return "lost";
        }
    }

    private String attach(String name) throws SharedMemoryException {
        try {
            exchange = name.isEmpty()
                    ? Exchange.over(memory.asSlice(EXCHANGE_OFFSET), "the file")
                    : Exchange.open(BlockName.parse("posix:" + name), EXCHANGE_LENGTH);
            return "ok";
        } catch (SharedMemoryException e) {
            return "refused " + e.getMessage();
        }
    }

    private long get(long offset) {
        return memory.get(ValueLayout.JAVA_LONG, offset);
    }

    private void set(long offset, long value) {
        memory.set(ValueLayout.JAVA_LONG, offset, value);
    }

    private String count(int ledger, long turns) throws Exception {
        out.println("counting");
        long recovered = 0;
        for (long i = 0;
                turns == 0
                        ? (long) ValueLayout.JAVA_LONG.varHandle().getVolatile(memory, (long) STOP_OFFSET) == 0
                        : i < turns;
                i++) {
            lock.lock();
            if (lock.recovered()) {
                recovered++;
                set(COUNTER_OFFSET, ledgers(memory));
            }
            final long own = LEDGERS_OFFSET + 8L * ledger;
            set(own, get(own) + 1);
            set(COUNTER_OFFSET, get(COUNTER_OFFSET) + 1);
            lock.unlock();
        }
        return "counted " + recovered;
    }

    /** What all processes have counted. */
    static long ledgers(MemorySegment memory) {
        long sum = 0;
        for (int i = 0; i < LEDGERS; i++) {
            sum += memory.get(ValueLayout.JAVA_LONG, LEDGERS_OFFSET + 8L * i);
        }
        return sum;
    }

    private boolean send(long sequence, Duration timeout) throws SharedMemoryException {
        for (int i = 0; i < HEADER.length; i++) {
            red.putShort(2 * i, HEADER[i], ByteOrder.LITTLE_ENDIAN);
        }
        red.putLong(8, sequence, ByteOrder.LITTLE_ENDIAN);
        red.putLong(16, ~sequence, ByteOrder.LITTLE_ENDIAN);
        return exchange.send(red, 0, RED_LENGTH, timeout);
    }

    private static long sequence(ExchangeMessage message) {
        final long sequence = message.buffer().getLong(message.bodyOffset(), ByteOrder.LITTLE_ENDIAN);
        final long filling = message.buffer().getLong(message.bodyOffset() + 8, ByteOrder.LITTLE_ENDIAN);
        if (message.length() != RED_LENGTH
                || message.blockLength() != HEADER[0]
                || message.templateId() != HEADER[1]
                || message.schemaId() != HEADER[2]
                || message.version() != HEADER[3]
                || filling != ~sequence) {
            throw new IllegalStateException("another message, or a torn one");
        }
        return sequence;
    }

    private static String describe(ExchangeMessage message) {
        return message.isText() ? "text " + message.text() : "typed " + sequence(message);
    }

    private String stream(long messages) throws SharedMemoryException {
        for (long i = 0; i < messages; i++) {
            if (!send(i, PATIENCE)) {
                return "no room for message " + i;
            }
        }
        return "streamed";
    }

    private String fill() throws SharedMemoryException {
        long sent = 0;
        while (send(sent, Duration.ZERO)) {
            sent++;
        }
        return Long.toString(sent);
    }

    private String verify(long messages) throws SharedMemoryException {
        final Map<Integer, Long> expected = new HashMap<>();
        long taken = 0;
        while (taken < messages) {
            final int polled = exchange.poll(
                    message -> {
                        final long next = expected.merge(message.sender(), 1L, Long::sum) - 1;
                        if (sequence(message) != next) {
                            throw new IllegalStateException("lost or duplicated: " + next);
                        }
                    },
                    (int) Math.min(messages - taken, 100));
            taken += polled;
            if (polled == 0 && !exchange.await(PATIENCE)) {
                return "no message after " + taken;
            }
        }
        return "verified";
    }
}
