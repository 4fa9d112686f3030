package io.slipstream.replay.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import io.slipstream.replay.Sessions;
import io.slipstream.telemetry.bridge.Bridge;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command with its options, in this JVM. Frame i was captured at i times 10 ms. */
class ReplayCommandTest {
    private static final int FRAMES = 200;

    @TempDir
    static Path folder;

    private static String session;

    @TempDir
    Path place;

    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void record() throws IOException {
        try (Sessions sessions = new Sessions(folder).frames(FRAMES, Sessions.START_NS, 10_000_000)) {
            session = sessions.finish().toString();
        }
    }

    private int run(final String... arguments) {
        final List<String> all = new ArrayList<>(List.of("replay", session));
        all.addAll(List.of(arguments));
        return Slipstream.run(new PrintWriter(new StringWriter()), new PrintWriter(err), all.toArray(String[]::new));
    }

    private String block() {
        return place.resolve("block").toString();
    }

    private Set<String> types(final Path directory) {
        final Set<String> types = new TreeSet<>();
        try (MessageQueue queue = MessageQueue.open(
                        new MessageQueue.Context().directory(directory).readOnly(true));
                Subscriber subscriber = queue.subscriber()) {
            while (subscriber.poll(message -> types.add(Bridge.schema().templateName(message.templateId())), 256) > 0) {
                // On.
            }
        }
        return types;
    }

    @ParameterizedTest
    @CsvSource({
        "--from 1s --for 100ms,11",
        "--from 1s --to 1.1s,11",
        "--to 50ms,6",
        "--late drop --to 50ms,6",
    })
    void shouldPlayAPart(final String options, final int frames) {
        final List<String> all = new ArrayList<>(List.of(options.split(" ", -1)));
        all.addAll(List.of("--unpaced", "--block", block()));
        assertThat(run(all.toArray(String[]::new))).as("%s", err).isZero();
        assertThat(err.toString()).contains("playing into file:").contains("played " + frames + " frames in ");
    }

    @Test
    void shouldPlayInTimeAndSayHowWell() {
        assertThat(run("--block", block(), "--speed", "4", "--spin"))
                .as("%s", err)
                .isZero();
        assertThat(err.toString()).contains("played 200 frames").containsPattern("99 of 100 at most [0-9.]+ ms late");
    }

    @Test
    void shouldPlayIntoBothWithASelection() {
        final Path queue = place.resolve("queue");
        assertThat(run(
                        "--block",
                        block(),
                        "--queue",
                        queue.toString(),
                        "--unpaced",
                        "--include",
                        "CarState,PlaybackClock",
                        "--live-time",
                        "--source-id",
                        "9"))
                .as("%s", err)
                .isZero();
        assertThat(err.toString()).contains("playing into file:").contains("playing into the queue " + queue);
        assertThat(types(queue)).containsExactly("CarState", "PlaybackClock");
    }

    @Test
    void shouldServeTheControl() {
        assertThat(run("--block", block(), "--unpaced", "--control"))
                .as("%s", err)
                .isZero();
        assertThat(err.toString()).containsPattern("control http://127\\.0\\.0\\.1:\\d+/playback\\?token=[0-9a-f]{48}");
    }

    @Test
    void shouldNotPlayIntoASession() throws IOException {
        final Map<Path, Long> before = sizes();
        assertThat(run("--block", block(), "--queue", session)).isEqualTo(1);
        assertThat(err.toString())
                .contains(session + " is a session: playing into it would change it; give --queue another directory")
                .doesNotContain("\tat ");
        assertThat(sizes()).as("the session's files").isEqualTo(before);
        assertThat(Path.of(block())).as("the block").doesNotExist();
    }

    private static Map<Path, Long> sizes() throws IOException {
        final Map<Path, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of(session))) {
            for (Path file : files.toList()) {
                sizes.put(file, Files.size(file));
            }
        }
        return sizes;
    }

    @Test
    void shouldNotPlayIntoTheQueueOfABridgeThatRuns() throws IOException {
        final Path queue = place.resolve("live");
        try (FileChannel file = new LiveDirectory(queue).openLock();
                FileLock _ = LiveDirectory.tryLock(file)) {
            assertThat(run("--block", block(), "--queue", queue.toString())).isEqualTo(1);
        }
        assertThat(err.toString())
                .contains(queue + " is the live queue of a bridge that runs: give --queue another directory");
        assertThat(Path.of(block())).as("the block").doesNotExist();
        assertThat(run("--queue", queue.toString(), "--unpaced"))
                .as("once the bridge has ended: %s", err)
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1|--paused|waits for a key or a command",
                "2|--speed 0|give a number from 0.000001 on",
                "2|--speed 1e-9|give a number from 0.000001 on",
                "2|--from 1m|is behind the session's end",
                "2|--from 1s --to 500ms|is before --from",
                "2|--include CarState|give --queue as well",
                "2|--queue QUEUE --include Nonsense|no message type 'Nonsense'; there are: [CarState",
                "2|--queue QUEUE --exclude Keyframe|Delta without Keyframe",
                "2|--queue QUEUE --remove|give --block as well",
                "2|--queue QUEUE --source-id 70000|give 0 to 65535",
                "2|--loop-region 9s..10s|no frame of what is played is in it",
                "2|--loop-region 11ms..12ms|no frame of what is played is in it",
                "2|--loop --loop-region 0s..1s|give one of them",
                "2|--loop-region 9s|no region: write it as 10s..25.5s",
                "2|--loop-region 9s..1s|its end must be behind its start",
                "2|--for 1s --to 2s|mutually exclusive",
                "2|--late never|keep",
                "2|--control sessions|no port: write --control=PORT"
            })
    void shouldExplainAMistake(final int exitCode, final String options, final String message) {
        final List<String> all = new ArrayList<>(
                List.of(options.replace("QUEUE", place.resolve("q").toString()).split(" ", -1)));
        if (!all.contains("--queue")) {
            all.addAll(List.of("--block", block()));
        }
        assertThat(run(all.toArray(String[]::new))).as("%s", err).isEqualTo(exitCode);
        assertThat(err.toString()).contains(message).doesNotContain("\tat ");
    }
}
