package io.slipstream.telemetry.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedBlock;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.codec.KeyframeRule;
import io.slipstream.telemetry.schema.Consistency;
import io.slipstream.telemetry.source.NamedSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BridgeTest {
    private static final int MIN_LENGTH = GameBlock.FORMAT.length(8);

    @TempDir
    Path folder;

    private Path block() {
        return folder.resolve("block");
    }

    private static NamedSource source(final Path path) {
        return new NamedSource(new BlockName.MappedFile(path), MIN_LENGTH);
    }

    private BridgeRun bridge() {
        return new BridgeRun(folder.resolve("live"), source(block()));
    }

    @Test
    void shouldPublishEveryFrameByteForByte() throws Exception {
        try (GameBlock game = new GameBlock(block(), 14).signed(true);
                BridgeRun run = bridge()) {
            run.tail.awaitChange("ATTACHED");
            for (int i = 0; i < 400; i++) {
                final byte[] written = game.write();
                run.tail.awaitFrames(i + 1);
                assertThat(run.tail.last().block()).as("block of frame %d", i).isEqualTo(written);
                assertThat(run.tail.last().number()).as("number of frame %d", i).isEqualTo(i);
            }
            run.end();
            assertThat(run.tail.frames).hasSize(400).allSatisfy(frame -> {
                assertThat(frame.missed())
                        .as("missed before %d", frame.number())
                        .isZero();
                assertThat(frame.torn()).as("torn at %d", frame.number()).isZero();
                assertThat(frame.version()).isEqualTo(14);
            });
            assertThat(run.tail.frames.stream().filter(LiveTail.Frame::keyframe).count())
                    .as("keyframes of 400 frames")
                    .isGreaterThanOrEqualTo(1 + 399 / KeyframeRule.EVERY_FRAMES);
            assertThat(run.tail.frames.getFirst().keyframe())
                    .as("the first frame is a keyframe")
                    .isTrue();
            assertThat(run.tail.gaps).isEmpty();
            assertThat(run.tail.timestamps).as("time stamps in the queue").isSorted();
            assertThat(run.bridge.statistics().frames()).isEqualTo(400);
            assertThat(run.bridge.statistics().missed()).isZero();
        }
    }

    @Test
    void shouldPublishStateBesideTheFrames() throws Exception {
        try (GameBlock game = new GameBlock(block(), 14).signed(true);
                BridgeRun run = bridge()) {
            run.tail.awaitChange("ATTACHED");
            // Standings and participants take turns, by the clock.
            for (int i = 0; run.tail.standings.isEmpty() || run.tail.participants.size() < 2; i++) {
                game.write();
                run.tail.awaitFrames(i + 1);
            }
            run.end();
            assertThat(run.tail.carStates)
                    .as("frame numbers of the CarState messages: one a frame")
                    .containsExactlyElementsOf(
                            run.tail.frames.stream().map(LiveTail.Frame::number).toList());
            assertThat(run.tail.standings)
                    .as("cars in the Standings")
                    .isNotEmpty()
                    .allMatch(cars -> cars == 2);
            assertThat(run.tail.participants).containsExactly("0 Ada", "1 Bob");
        }
    }

    @Test
    void shouldCountMissedFramesAndPublishAGap() throws Exception {
        try (GameBlock game = new GameBlock(block(), 14).signed(true);
                BridgeRun run = bridge()) {
            run.tail.awaitChange("ATTACHED");
            game.write();
            run.tail.awaitFrames(1);
            // Four frames in one: what a reader sees that was away meanwhile.
            game.sequence((int) run.tail.last().sequence() + 8);
            final byte[] written = game.write();
            run.tail.awaitFrames(2);
            run.end();
            assertThat(run.tail.last().block()).isEqualTo(written);
            assertThat(run.tail.last().missed()).as("frames missed").isEqualTo(3);
            assertThat(run.tail.gaps).containsExactly(3L);
            assertThat(run.bridge.statistics().missed()).isEqualTo(3);
        }
    }

    @Test
    void shouldTakeASequenceThatStartsAgainForNoGap() throws Exception {
        try (GameBlock game = new GameBlock(block(), 14).signed(true).sequence(10_000);
                BridgeRun run = bridge()) {
            game.write();
            run.tail.awaitFrames(1);
            game.sequence(4);
            final byte[] written = game.write();
            run.tail.awaitFrames(2);
            run.end();
            assertThat(run.tail.last().block()).isEqualTo(written);
            assertThat(run.tail.last().sequence()).isEqualTo(4);
            assertThat(run.tail.last().missed()).isZero();
            assertThat(run.tail.gaps).isEmpty();
        }
    }

    @Test
    void shouldFollowABlockThatComesGoesAndComesBack() throws Exception {
        try (BridgeRun run = bridge()) {
            for (int round = 0; round < 3; round++) {
                final int before = run.tail.frames.size();
                try (GameBlock game = new GameBlock(block(), 14).signed(true)) {
                    final int changes = 2 * round + 1;
                    run.tail.await("the block to be found", () -> run.tail.changes.size() >= changes);
                    for (int i = 0; i < 3; i++) {
                        final byte[] written = game.write();
                        run.tail.awaitFrames(before + i + 1);
                        assertThat(run.tail.last().block()).isEqualTo(written);
                        assertThat(run.tail.last().number())
                                .as("frame numbers start again with the block")
                                .isEqualTo(i);
                        assertThat(run.tail.last().keyframe() || i > 0)
                                .as("a keyframe first in round %d", round)
                                .isTrue();
                    }
                    Files.delete(block());
                    run.tail.await("the loss to be noticed", () -> run.tail.changes.size() >= changes + 1);
                }
            }
            assertThat(run.bridge.statistics().attached()).isFalse();
            run.end();
            assertThat(run.tail.changes).containsExactly("ATTACHED", "LOST", "ATTACHED", "LOST", "ATTACHED", "LOST");
            assertThat(run.tail.timestamps).isSorted();
        }
    }

    @Test
    void shouldNoticeAnotherFileInTheBlocksPlace() throws Exception {
        try (GameBlock first = new GameBlock(block(), 14).signed(true);
                GameBlock second = new GameBlock(folder.resolve("next"), 14).signed(true);
                BridgeRun run = bridge()) {
            run.tail.awaitChange("ATTACHED");
            first.write();
            run.tail.awaitFrames(1);
            Files.move(
                    folder.resolve("next"),
                    block(),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            run.tail.awaitChange("ATTACHED", "LOST", "ATTACHED");
            final byte[] written = second.write();
            run.tail.awaitFrames(2);
            assertThat(run.tail.last().block()).isEqualTo(written);
            assertThat(run.tail.last().keyframe())
                    .as("a keyframe first in the new file")
                    .isTrue();
            assertThat(run.tail.last().number()).isZero();
        }
    }

    @Test
    void shouldNotRecordWhatADeadWriterLeftUntilItMoves() throws Exception {
        for (final boolean withTrailer : new boolean[] {false, true}) {
            final Path live = folder.resolve("live-" + withTrailer);
            final Path path = folder.resolve("block-" + withTrailer);
            try (GameBlock game = new GameBlock(path, 14)) {
                if (withTrailer) {
                    game.signed(true).signOff();
                }
                game.write();
                try (BridgeRun run = new BridgeRun(live, source(path))) {
                    // A second of looking at it, by the bridge's own account.
                    run.tail.awaitChange("ATTACHED", "IDLE");
                    assertThat(run.tail.frames)
                            .as("frames of a block that nobody writes, trailer signed off: %s", withTrailer)
                            .isEmpty();
                    final byte[] written = game.write();
                    run.tail.awaitChange("ATTACHED", "IDLE", "ACTIVE");
                    run.tail.awaitFrames(1);
                    assertThat(run.tail.last().block()).isEqualTo(written);
                }
            }
        }
    }

    @Test
    void shouldSampleAtOnceWhatALiveWriterSigned() throws Exception {
        try (GameBlock game = new GameBlock(block(), 14).signed(true)) {
            final byte[] written = game.write();
            try (BridgeRun run = bridge()) {
                run.tail.awaitFrames(1);
                assertThat(run.tail.last().block()).isEqualTo(written);
            }
        }
    }

    @Test
    void shouldSayWhenTheGameFallsIdleAndWakesUp() throws Exception {
        try (GameBlock game = new GameBlock(block(), 14).signed(true);
                BridgeRun run = bridge()) {
            run.tail.awaitChange("ATTACHED");
            game.write();
            run.tail.awaitFrames(1);
            run.tail.awaitChange("ATTACHED", "IDLE");
            game.write();
            run.tail.awaitFrames(2);
            run.end();
            assertThat(run.tail.changes).startsWith("ATTACHED", "IDLE", "ACTIVE");
            assertThat(run.tail.changes).endsWith("LOST");
            assertThat(run.tail.gaps).as("idle is no gap").isEmpty();
        }
    }

    @Test
    void shouldNotSampleAVersionOlderThanAnyThatItKnows() throws Exception {
        shouldNotSample(5);
    }

    @Test
    void shouldNotSampleAVersionThatNobodyHasWrittenYet() throws Exception {
        shouldNotSample(0);
    }

    private void shouldNotSample(final long version) throws Exception {
        try (GameBlock game = new GameBlock(block(), version).signed(true);
                BridgeRun run = bridge()) {
            run.tail.awaitChange("ATTACHED");
            game.write();
            game.write();
            run.tail.awaitChange("ATTACHED", "IDLE");
            assertThat(run.tail.frames).as("frames of version %d", version).isEmpty();
            game.version(14);
            game.write();
            run.tail.awaitFrames(1);
            assertThat(run.tail.last().version()).isEqualTo(14);
            assertThat(run.tail.last().block()).hasSize(GameBlock.FORMAT.length(14));
        }
    }

    @Test
    void shouldKeepAllOfANewerVersionButOurTrailer() throws Exception {
        try (GameBlock game = new GameBlock(block(), 15).signed(false);
                BridgeRun run = bridge()) {
            run.tail.awaitChange("ATTACHED");
            final byte[] written = game.write();
            run.tail.awaitFrames(1);
            assertThat(run.tail.last().version()).isEqualTo(15);
            assertThat(run.tail.last().block())
                    .as(
                            "the whole mapping of %d bytes but the trailer",
                            game.live().capacity())
                    .hasSize(game.live().capacity() - BlockDescriptor.TRAILER_LENGTH)
                    .isEqualTo(written);
        }
    }

    @Test
    void shouldFollowAChangeOfVersion() throws Exception {
        try (GameBlock game = new GameBlock(block(), 14).signed(true);
                BridgeRun run = bridge()) {
            run.tail.awaitChange("ATTACHED");
            game.write();
            run.tail.awaitFrames(1);
            game.version(9).write();
            run.tail.awaitFrames(2);
            assertThat(run.tail.last().version()).isEqualTo(9);
            assertThat(run.tail.last().block()).hasSize(GameBlock.FORMAT.length(9));
            assertThat(run.tail.last().keyframe())
                    .as("another length needs a keyframe")
                    .isTrue();
        }
    }

    @Test
    void shouldSayWhetherTheFramesAreMadeUp() throws Exception {
        for (final boolean synthetic : new boolean[] {false, true}) {
            final Path path = folder.resolve("block-" + synthetic);
            try (GameBlock game = new GameBlock(path, 14).signed(synthetic);
                    BridgeRun run = new BridgeRun(folder.resolve("live-" + synthetic), source(path))) {
                run.tail.awaitChange("ATTACHED");
                game.write();
                run.tail.awaitFrames(1);
                assertThat(run.tail.last().synthetic()).isEqualTo(synthetic);
                assertThat(run.tail.last().consistency()).isEqualTo(Consistency.SEQLOCK);
                assertThat(run.tail.last().origin()).isEqualTo("file:" + path);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qt:slipstream bridge ", "systemv:"})
    void shouldSampleBlocksThatAreNoFiles(final String prefix) throws Exception {
        final BlockName name =
                BlockName.parse(prefix + ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE));
        try (BridgeRun run = new BridgeRun(folder.resolve("live"), new NamedSource(name, MIN_LENGTH));
                GameBlock game = new GameBlock(name, 14).signed(true)) {
            run.tail.awaitChange("ATTACHED");
            for (int i = 0; i < 20; i++) {
                final byte[] written = game.write();
                run.tail.awaitFrames(i + 1);
                assertThat(run.tail.last().block()).as("block of frame %d", i).isEqualTo(written);
            }
            assertThat(run.tail.last().origin()).isEqualTo(name.toString());
            SharedBlock.remove(name);
            run.tail.awaitChange("ATTACHED", "LOST");
        } finally {
            SharedBlock.remove(name);
        }
    }

    @Test
    void shouldSurviveABlockThatIsCutOffWhileItIsRead() throws IOException, InterruptedException {
        // In a process of its own: what is wrong there ends a JVM.
        final Path live = folder.resolve("live");
        CutOffBridge.run(live, block(), 20);
    }
}
