package io.slipstream.telemetry.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.memory.BlockName;
import io.slipstream.queue.MessageQueue;
import io.slipstream.telemetry.source.NamedSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A bridge in a process of its own, whose block is cut off under it again and again. */
final class CutOffBridge {
    private CutOffBridge() {}

    /** The other process: samples until its input ends. */
    public static void main(final String[] arguments) throws IOException {
        final boolean[] stop = new boolean[1];
        final Thread input = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {
                    // Until the test is through.
                }
            } catch (IOException e) {
                // Through as well.
            }
            synchronized (stop) {
                stop[0] = true;
            }
        });
        input.setDaemon(true);
        input.start();
        try (MessageQueue queue = open(Path.of(arguments[0]))) {
            new Bridge(new Bridge.Context()
                            .format(GameBlock.FORMAT)
                            .source(new NamedSource(
                                    new BlockName.MappedFile(Path.of(arguments[1])), GameBlock.FORMAT.length(8)))
                            .queue(queue)
                            .spin(true))
                    .run(() -> {
                        synchronized (stop) {
                            return stop[0];
                        }
                    });
        }
    }

    private static MessageQueue open(final Path live) {
        return MessageQueue.open(
                new MessageQueue.Context().directory(live).blockSize(4 << 20).schema(Bridge.schema()));
    }

    static void run(final Path live, final Path block, final int rounds) throws IOException, InterruptedException {
        final Path said = live.resolveSibling("bridge.log");
        try (MessageQueue queue = open(live)) {
            final Process process = start(live, block, said);
            try (LiveTail tail = new LiveTail(queue, () -> requireAlive(process, said))) {
                for (int round = 0; round < rounds; round++) {
                    cutOff(tail, block, round);
                }
                process.getOutputStream().close();
                assertThat(process.waitFor(60, TimeUnit.SECONDS))
                        .as("the bridge ends when told to")
                        .isTrue();
                assertThat(process.exitValue())
                        .as("exit code of the bridge, which said: %s", Files.readString(said))
                        .isZero();
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static void cutOff(final LiveTail tail, final Path block, final int round) throws IOException {
        final int frames = tail.frames.size();
        try (GameBlock game = new GameBlock(block, 14).signed(true)) {
            await(tail, 2 * round + 1);
            game.write();
            tail.awaitFrames(frames + 1);
            try (FileChannel channel = FileChannel.open(block, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }
            await(tail, 2 * round + 2);
            assertThat(tail.changes.getLast())
                    .as("after the cut in round %d", round)
                    .isEqualTo("LOST");
        }
        Files.delete(block);
    }

    private static void await(final LiveTail tail, final int changes) {
        tail.await("change " + changes + " of the source", () -> tail.changes.size() >= changes);
    }

    private static void requireAlive(final Process process, final Path said) {
        if (!process.isAlive()) {
            throw new AssertionError("the bridge died, exit code " + process.exitValue() + ": see " + said);
        }
    }

    private static Process start(final Path live, final Path block, final Path said) throws IOException {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(System.getProperty("jvm.flags").split(" ")));
        command.addAll(List.of("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + said + ".crash"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), CutOffBridge.class.getName()));
        command.addAll(List.of(live.toString(), block.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
    }
}
