package io.slipstream.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.queue.schema.v1.TickEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong in the field: each ends in a precise error, the queue whole. */
final class FaultTest {
    @TempDir
    Path directory;

    private final TickEncoder tick = new TickEncoder();

    /** A process that publishes ticks: a word on its output, the way of its end on its command line. */
    static final class PublisherProcess {
        public static void main(String[] arguments) throws IOException {
            final Path directory = Path.of(arguments[0]);
            final long from = Long.parseLong(arguments[2]);
            final TickEncoder tick = new TickEncoder();
            try (MessageQueue queue = Quotes.open(directory);
                    Publisher publisher = queue.publisher()) {
                switch (arguments[1]) {
                    case "hold" -> {
                        publisher.claim(100).wrap(tick).sequence(from).value(0);
                        System.out.println("held");
                    }
                    case "some" -> {
                        for (long i = from; i < from + 1000; i++) {
                            Quotes.publishTick(publisher, tick, i);
                        }
                        System.out.println("published");
                    }
                    default -> {
                        for (long i = from; ; i++) {
                            Quotes.publishTick(publisher, tick, i);
                            System.out.println("at " + i);
                        }
                    }
                }
                System.in.transferTo(java.io.OutputStream.nullOutputStream());
            }
        }
    }

    @Test
    void shouldTakeOverTheLockOfAKilledProcess() throws Exception {
        try (MessageQueue queue = MessageQueue.open(Quotes.context(directory).lockTimeout(Duration.ofMinutes(2)));
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber();
                ChildJvm child = ChildJvm.start(PublisherProcess.class, directory.toString(), "hold", "1")) {
            Quotes.publishTick(publisher, tick, 0);
            child.await("held");
            child.kill();
            final long start = System.nanoTime();
            Quotes.publishTick(publisher, tick, 2);
            System.out.printf("lock taken over in %.1f ms%n", (System.nanoTime() - start) / 1e6);
            assertThat(Quotes.readTicks(subscriber)).containsExactly(0L, 2L);
        }
    }

    @Test
    void shouldLoseNothingThatAKilledProcessPublished() throws Exception {
        for (int round = 0; round < 5; round++) {
            final Path path = directory.resolve("round-" + round);
            long acknowledged = -1;
            try (ChildJvm child = ChildJvm.start(PublisherProcess.class, path.toString(), "forever", "0")) {
                for (int i = 0; i < 200 + 37 * round; i++) {
                    acknowledged = Long.parseLong(child.await("at ").substring(3));
                }
                child.kill();
            }
            try (MessageQueue queue = Quotes.open(path);
                    Publisher publisher = queue.publisher();
                    Subscriber subscriber = queue.subscriber()) {
                Quotes.publishTick(publisher, tick, -1);
                final List<Long> ticks = Quotes.readTicks(subscriber);
                assertThat(ticks).hasSizeGreaterThan((int) acknowledged + 1).endsWith(-1L);
                for (int i = 0; i < ticks.size() - 1; i++) {
                    assertThat(ticks.get(i)).isEqualTo(i);
                }
                assertThat(subscriber.foreign()).isZero();
            }
        }
    }

    @Test
    void shouldLetProcessesOpenAtOnce() throws Exception {
        final List<ChildJvm> children = new ArrayList<>();
        try {
            for (int i = 0; i < 4; i++) {
                children.add(ChildJvm.start(PublisherProcess.class, directory.toString(), "some", i + "000"));
            }
            for (ChildJvm child : children) {
                child.await("published");
                assertThat(child.end()).isZero();
            }
        } finally {
            children.forEach(ChildJvm::close);
        }
        try (MessageQueue queue = Quotes.openReadOnly(directory);
                Subscriber subscriber = queue.subscriber()) {
            final List<Long> ticks = Quotes.readTicks(subscriber);
            assertThat(ticks).hasSize(4000).doesNotHaveDuplicates();
            for (long source = 0; source < 4; source++) {
                final long thousand = source;
                assertThat(ticks.stream().filter(t -> t / 1000 == thousand)).isSorted();
            }
        }
        try (Stream<Path> files = Files.list(directory.resolve("schema"))) {
            assertThat(files.map(f -> f.getFileName().toString())).containsExactly("901-1.sbeir");
        }
    }

    @Test
    void shouldPassOverForeignDocuments() {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            Quotes.publishTick(publisher, tick, 1);
            try (ChronicleQueue bare = SingleChronicleQueueBuilder.binary(directory)
                            .blockSize(Quotes.BLOCK_SIZE)
                            .build();
                    ExcerptAppender appender = bare.createAppender()) {
                foreign(appender, "twelve bytes");
                foreign(appender, "\u0001\u0000\u0000\u0000 a long text that begins as an envelope of ours does");
                foreign(appender, "\u0002a message of some later envelope version, padded to length");
            }
            Quotes.publishTick(publisher, tick, 2);
            assertThat(Quotes.readTicks(subscriber)).containsExactly(1L, 2L);
            assertThat(subscriber.foreign()).isEqualTo(3);
            assertThat(Quotes.readTicks(subscriber.toTime(0))).containsExactly(1L, 2L);
        }
    }

    @Test
    void shouldRealignBehindAnUnalignedForeignDocument() {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            final long first = Quotes.publishTick(publisher, tick, 1);
            try (ChronicleQueue bare = SingleChronicleQueueBuilder.binary(directory)
                            .blockSize(Quotes.BLOCK_SIZE)
                            .build();
                    ExcerptAppender appender = bare.createAppender()) {
                for (int i = 1; i <= 16; i++) {
                    foreign(appender, "x".repeat(i));
                    assertThat(Quotes.publishTick(publisher, tick, 1 + i)).isEqualTo(first + 2L * i);
                }
            }
            final List<Long> addresses = new ArrayList<>();
            assertThat(subscriber.poll(message -> addresses.add(message.buffer().addressOffset() & 7), 100))
                    .isEqualTo(33);
            assertThat(addresses).hasSize(17).containsOnly(4L);
            assertThat(subscriber.foreign()).isEqualTo(16);
        }
    }

    private static void foreign(ExcerptAppender appender, String text) {
        try (DocumentContext document = appender.writingDocument()) {
            document.wire().bytes().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void shouldNeverWriteWhenReadOnly() throws Exception {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher()) {
            for (int i = 0; i < 100; i++) {
                Quotes.publishTick(publisher, tick, i);
            }
        }
        final Map<String, String> before = digest(directory);
        try (MessageQueue queue = Quotes.openReadOnly(directory)) {
            try (Subscriber subscriber = queue.subscriber()) {
                assertThat(Quotes.readTicks(subscriber)).hasSize(100);
                assertThat(Quotes.readTicks(subscriber.toTime(0))).hasSize(100);
                subscriber.toEnd().poll(message -> {}, 1);
                assertThat(queue.lastPosition() - queue.firstPosition()).isEqualTo(99);
            }
            assertThatThrownBy(queue::publisher)
                    .isInstanceOf(QueueException.class)
                    .hasMessageContaining("read-only");
            assertThatThrownBy(() -> queue.subscriber("name"))
                    .isInstanceOf(QueueException.class)
                    .hasMessageContaining("read-only");
        }
        assertThat(digest(directory)).isEqualTo(before);
    }

    @Test
    void shouldFollowALiveQueueReadOnly() throws Exception {
        Quotes.open(directory).close();
        try (MessageQueue reading = Quotes.openReadOnly(directory);
                Subscriber subscriber = reading.subscriber()) {
            assertThat(subscriber.poll(message -> {}, 1)).isZero();
            try (MessageQueue queue = Quotes.open(directory);
                    Publisher publisher = queue.publisher()) {
                for (int i = 0; i < 30; i++) {
                    Quotes.publishTick(publisher, tick, i);
                    Quotes.publishQuote(publisher, i, "x".repeat(200_000));
                    final long expected = i;
                    final List<Long> seen = new ArrayList<>();
                    // The directory's listing is looked at again after a while, not on every poll.
                    while (seen.isEmpty()) {
                        seen.addAll(Quotes.readTicks(subscriber));
                        Thread.onSpinWait();
                    }
                    assertThat(seen).containsExactly(expected);
                }
            }
        }
    }

    private static Map<String, String> digest(Path directory) throws Exception {
        final Map<String, String> result = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                final String content = Files.isDirectory(file)
                        ? "directory"
                        : HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
                result.put(
                        directory.relativize(file).toString(),
                        content + " " + Files.getLastModifiedTime(file).toMillis());
            }
        }
        return result;
    }

    @Test
    void shouldRefuseADirectoryItMayNotWrite() throws Exception {
        final Path locked = Files.createDirectory(directory.resolve("locked"));
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
        // Root may write anywhere but on a file system that is mounted read-only.
        final boolean mounted =
                Files.isWritable(locked) && run("mount", "-t", "tmpfs", "-o", "ro", "tmpfs", locked.toString()) == 0;
        try {
            assumeTrue(!Files.isWritable(locked), "runs as root without the right to mount");
            assertThatThrownBy(() -> Quotes.open(locked))
                    .isInstanceOf(QueueException.class)
                    .hasMessageContaining("readOnly(true)");
            assertThat(locked).isEmptyDirectory();
        } finally {
            if (mounted) {
                run("umount", "-l", locked.toString());
            }
        }
    }

    @Test
    void shouldRefuseWhatIsNotAQueue() throws Exception {
        final Path file = Files.writeString(directory.resolve("file"), "hello");
        assertThatThrownBy(() -> Quotes.open(file))
                .isInstanceOf(QueueException.class)
                .hasMessageContaining("is not a directory");

        final Path older = Files.createDirectory(directory.resolve("older"));
        Files.write(older.resolve("directory-listing.cq4t"), new byte[100]);
        assertThatThrownBy(() -> Quotes.open(older))
                .isInstanceOf(QueueFormatException.class)
                .hasMessageContaining("Chronicle Queue 4");

        final Path garbage = Files.createDirectory(directory.resolve("garbage"));
        Files.writeString(garbage.resolve("metadata.cq4t"), "this is no table store, it is a letter to my aunt");
        assertThatThrownBy(() -> Quotes.open(garbage))
                .isInstanceOf(QueueFormatException.class)
                .hasMessageContaining("metadata.cq4t");

        final Path absent = directory.resolve("absent");
        assertThatThrownBy(() -> Quotes.openReadOnly(absent))
                .isInstanceOf(QueueException.class)
                .hasMessageContaining("does not exist");
        assertThat(absent).doesNotExist();
        assertThatThrownBy(() -> Quotes.openReadOnly(directory.resolve("older").getParent()))
                .isInstanceOf(QueueException.class)
                .hasMessageContaining("no queue in");
    }

    @Test
    void shouldRefuseAQueueFileOfAnotherDataFormat() throws Exception {
        try (MessageQueue queue = Quotes.open(directory);
                Publisher publisher = queue.publisher()) {
            Quotes.publishTick(publisher, tick, 1);
        }
        final Path data;
        try (Stream<Path> files = Files.list(directory)) {
            data = files.filter(f -> f.toString().endsWith(".cq4")).findFirst().orElseThrow();
        }
        final byte[] bytes = Files.readAllBytes(data);
        final String head = new String(bytes, 0, 4096, StandardCharsets.ISO_8859_1);
        final int value = head.indexOf("dataFormat") + "dataFormat".length();
        assertThat(bytes[value]).as("wire code of the value").isIn((byte) 0xA1, (byte) 1);
        bytes[bytes[value] == 1 ? value : value + 1] = 2;
        Files.write(data, bytes);
        assertThatThrownBy(() -> Quotes.open(directory))
                .isInstanceOf(QueueFormatException.class)
                .hasMessageContaining("another data format");
    }

    @Test
    void shouldRefuseAFileThatIsFull() {
        final Quotes.ManualClock clock = new Quotes.ManualClock(1_700_000_000_000_000_000L);
        try (MessageQueue queue = MessageQueue.open(Quotes.context(directory)
                        .rollCycle(RollCycle.TEST_DAILY)
                        .clock(clock));
                Publisher publisher = queue.publisher();
                Subscriber subscriber = queue.subscriber()) {
            int published = 0;
            try {
                while (published < 1000) {
                    Quotes.publishTick(publisher, tick, published);
                    published++;
                }
            } catch (QueueException e) {
                assertThat(e).hasMessageContaining("as many as its roll cycle allows");
            }
            assertThat(published).isBetween(32, 64);
            assertThat(Quotes.readTicks(subscriber)).hasSize(published);
            clock.set(clock.nanoTime() + Duration.ofDays(1).toNanos());
            Quotes.publishTick(publisher, tick, published);
            assertThat(Quotes.readTicks(subscriber)).containsExactly((long) published);
        }
    }

    @Test
    void shouldNameAMissingJvmFlag() throws Exception {
        final List<String> flags =
                new ArrayList<>(List.of(System.getProperty("jvm.flags").split(" ")));
        for (String flag : List.copyOf(flags)) {
            if (!flag.startsWith("--add-")) {
                continue;
            }
            final List<String> fewer = new ArrayList<>(flags);
            fewer.remove(flag);
            final Path path = directory.resolve("flag" + flags.indexOf(flag));
            try (ChildJvm child = ChildJvm.start(fewer, PublisherProcess.class, path.toString(), "some", "0")) {
                assertThat(child.rest()).contains("MissingJvmFlagException").contains(flag);
                assertThat(path).doesNotExist();
            }
        }
    }

    @Test
    void shouldSurviveAFullFileSystem() throws Exception {
        final Path mount = Files.createDirectory(directory.resolve("small"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", mount.toString()) == 0,
                "needs the right to mount a small tmpfs");
        try {
            int published = 0;
            final Path path = mount.resolve("queue");
            try (MessageQueue queue = Quotes.open(path);
                    Publisher publisher = queue.publisher();
                    Subscriber subscriber = queue.subscriber()) {
                final Path ballast = Files.write(mount.resolve("ballast"), new byte[2 << 20]);
                final int expected = published;
                assertThatThrownBy(() -> {
                            for (int i = expected; ; i++) {
                                Quotes.publishQuote(publisher, i, "x".repeat(1000));
                            }
                        })
                        .isInstanceOf(NoSpaceException.class)
                        .hasMessageContaining("nothing was written");
                assertThatThrownBy(() -> Quotes.publishQuote(publisher, 0, "x".repeat(100_000)))
                        .isInstanceOf(NoSpaceException.class);
                while (subscriber.poll(message -> {}, 100) > 0) {
                    // Until the end.
                }
                published = (int) (queue.lastPosition() - queue.firstPosition()) + 1;
                assertThat(published).isGreaterThan(100);
                Files.delete(ballast);
                Quotes.publishQuote(publisher, -1, "room again");
                assertThat(subscriber.poll(
                                message -> assertThat(Quotes.quote(message).price())
                                        .isEqualTo(-1),
                                10))
                        .isEqualTo(1);
            }
            Files.write(mount.resolve("ballast"), new byte[0]);
            final byte[] block = new byte[64 << 10];
            try (var out = Files.newOutputStream(mount.resolve("ballast"))) {
                while (Files.getFileStore(mount).getUsableSpace() > block.length) {
                    out.write(block);
                }
            } catch (IOException e) {
                // Full, as wanted.
            }
            assertThatThrownBy(() -> Quotes.open(mount.resolve("another"))).isInstanceOf(NoSpaceException.class);
            assertThat(mount.resolve("another")).doesNotExist();
        } finally {
            run("umount", "-l", mount.toString());
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
