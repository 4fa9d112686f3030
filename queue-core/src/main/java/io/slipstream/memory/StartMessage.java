package io.slipstream.memory;

import io.slipstream.memory.SingleInstance.Start;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a later start tells the first, and the answer. Little-endian:
 *
 * <pre>
 *   start    "SLIPARGS"  i32 length of the rest  i32 count of texts  texts: the folder, then the arguments
 *   answer   i32 length of the text  text: empty if the arguments were taken, else why not
 *   text     i32 length  UTF-8
 * </pre>
 */
final class StartMessage {
    private static final long MAGIC = 0x53_47_52_41_50_49_4C_53L; // "SLIPARGS" in ASCII, little-endian.
    private static final int HEADER = Long.BYTES + Integer.BYTES;
    private static final int LONGEST = 1 << 22;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private StartMessage() {}

    /**
     * Hands over.
     *
     * @return false if nobody listens.
     */
    static boolean send(Path socket, Start start, InstanceLock lock) throws IOException {
        final ByteBuffer message = encode(start);
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            final Exchange exchange = new Exchange(channel);
            exchange.write(message);
            final int length = exchange.read(Integer.BYTES).getInt();
            if (length < 0 || length > LONGEST) {
                throw new SharedMemoryException(
                        SharedMemoryError.LOCK_ERROR,
                        socket + " answers nonsense: end the program that runs (" + lock.holder() + ")");
            }
            final String refusal =
                    StandardCharsets.UTF_8.decode(exchange.read(length)).toString();
            if (!refusal.isEmpty()) {
                throw new SharedMemoryException(
                        SharedMemoryError.LOCK_ERROR,
                        "the one that runs already (" + lock.holder() + ") refuses the arguments: " + refusal);
            }
            return true;
        } catch (SharedMemoryException e) {
            throw e;
        } catch (IOException e) {
            return false; // There is no such file, nobody listens, or the other end went away.
        }
    }

    private static ByteBuffer encode(Start start) throws IOException {
        final List<byte[]> texts = new ArrayList<>();
        texts.add(start.directory().toString().getBytes(StandardCharsets.UTF_8));
        long length = 2L * Integer.BYTES + texts.getFirst().length;
        for (String argument : start.arguments()) {
            final byte[] text = argument.getBytes(StandardCharsets.UTF_8);
            texts.add(text);
            length += Integer.BYTES + text.length;
        }
        if (length > LONGEST) {
            throw new IOException("arguments of " + length + " bytes cannot be handed over; at most " + LONGEST);
        }
        final ByteBuffer message = buffer(HEADER + (int) length);
        message.putLong(MAGIC).putInt((int) length).putInt(texts.size());
        for (byte[] text : texts) {
            message.putInt(text.length).put(text);
        }
        return message.flip();
    }

    private static ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Takes a start, and answers. */
    static void receive(SocketChannel caller, Consumer<Start> later) throws IOException {
        final Exchange exchange = new Exchange(caller);
        final ByteBuffer header = exchange.read(HEADER);
        final long magic = header.getLong();
        final int length = header.getInt();
        if (magic != MAGIC || length < 0 || length > LONGEST) {
            throw new IOException("not a start of this program");
        }
        final Start start = decode(exchange.read(length));
        String refusal = "";
        try {
            later.accept(start);
        } catch (RuntimeException | Error e) {
            refusal = e.toString(); // The later start is told, and this one goes on.
        }
        final byte[] text = refusal.getBytes(StandardCharsets.UTF_8);
        exchange.write(buffer(Integer.BYTES + text.length)
                .putInt(text.length)
                .put(text)
                .flip());
    }

    static Start decode(ByteBuffer message) throws IOException {
        final List<String> texts = new ArrayList<>();
        final int count = message.remaining() < Integer.BYTES ? -1 : message.getInt();
        for (int i = 0; i < count; i++) {
            final int length = message.remaining() < Integer.BYTES ? -1 : message.getInt();
            if (length < 0 || length > message.remaining()) {
                throw new IOException("a start with a text of " + length + " bytes");
            }
            texts.add(StandardCharsets.UTF_8
                    .decode(message.slice(message.position(), length))
                    .toString());
            message.position(message.position() + length);
        }
        if (texts.isEmpty() || message.hasRemaining()) {
            throw new IOException("a start with " + count + " texts");
        }
        try {
            return new Start(Path.of(texts.getFirst()), texts.subList(1, texts.size()));
        } catch (InvalidPathException e) {
            throw new IOException("a start in a folder that is none", e);
        }
    }

    /** Reads and writes with patience, where the other end may hang. */
    private static final class Exchange {
        private final SocketChannel channel;
        private final long deadline = System.nanoTime() + PATIENCE.toNanos();

        Exchange(SocketChannel channel) throws IOException {
            this.channel = channel;
            channel.configureBlocking(false);
        }

        void write(ByteBuffer message) throws IOException {
            while (channel.write(message) >= 0 && message.hasRemaining()) {
                await(SelectionKey.OP_WRITE);
            }
        }

        ByteBuffer read(int length) throws IOException {
            final ByteBuffer message = buffer(length);
            while (message.hasRemaining()) {
                final int count = channel.read(message);
                if (count < 0) {
                    throw new EOFException();
                }
                if (count == 0) {
                    await(SelectionKey.OP_READ);
                }
            }
            return message.flip();
        }

        private void await(int operation) throws IOException {
            try (Selector selector = Selector.open()) {
                channel.register(selector, operation);
                final long left = (deadline - System.nanoTime()) / 1_000_000;
                final boolean ready = left > 0 && selector.select(left) > 0;
                if (Thread.currentThread().isInterrupted()) {
                    throw new SharedMemoryException(
                            SharedMemoryError.LOCK_ERROR, "interrupted while talking to the program that runs already");
                }
                if (!ready) {
                    throw new SharedMemoryException(
                            SharedMemoryError.LOCK_ERROR,
                            "the program at the other end of its socket hangs: no answer for " + PATIENCE.toSeconds()
                                    + " s; end it");
                }
            }
        }
    }
}
