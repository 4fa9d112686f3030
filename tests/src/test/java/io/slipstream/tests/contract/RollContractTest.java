package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.RollCycle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * New files: whoever comes first makes them, whoever leaves marks the end of the old one.
 *
 * <p>{@link RollCycle#WEEKLY} is left out where a JVM takes part. Chronicle Queue 2026.4 names its files by the week of the
 * default locale, so that two JVMs of different countries do not find each other's, and it cannot read such a name back
 * ("Unsupported field: EpochDay"): even alone it does not get from one file to the next.
 */
final class RollContractTest {
    private static final Set<RollCycle> WITH_SANITIZERS =
            EnumSet.of(RollCycle.FAST_DAILY, RollCycle.WEEKLY, RollCycle.TEST_SECONDLY, RollCycle.TEST_DAILY);

    /** Numbers of the files, with gaps. */
    private static final List<Integer> CYCLES = List.of(0, 1, 2, 5, 6, 12);

    @RegisterExtension
    final Peers peers = new Peers();

    private final Path directory = peers.directory();

    static Stream<Arguments> pairsAndCycles() {
        return Arrays.stream(Pair.values())
                .flatMap(pair -> Arrays.stream(RollCycle.values())
                        .filter(cycle -> !pair.isSanitized() || WITH_SANITIZERS.contains(cycle))
                        .filter(cycle -> cycle != RollCycle.WEEKLY || !pair.hasJvm())
                        .map(cycle -> Arguments.of(pair, cycle)));
    }

    private Settings settings(int source, RollCycle cycle) {
        return new Settings(directory)
                .with("roll", cycle)
                .with("source", source)
                .with("now", Times.START);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("pairsAndCycles")
    void shouldRollWhileBothAppend(Pair pair, RollCycle cycle) throws Exception {
        final long length = Times.length(cycle);
        final PeerQueue a = peers.take(pair.first()).open(settings(1, cycle));
        final PeerQueue b = peers.take(pair.second()).open(settings(2, cycle));
        final PeerPublisher publisherA = a.publisher();
        final PeerPublisher publisherB = b.publisher();
        final PeerSubscriber liveA = a.subscriber();
        final PeerSubscriber liveB = b.subscriber();
        boolean turn = false;
        for (int number : CYCLES) {
            a.clock(Times.START + number * length);
            b.clock(Times.START + number * length);
            // In turn, so that each of them makes files, and each leaves files that the other made.
            (turn ? publisherB : publisherA).publish(3);
            (turn ? publisherA : publisherB).publish(2);
            (turn ? publisherB : publisherA).publish(1);
            turn = !turn;
            liveA.read().clean().messages(6);
            liveB.read().clean().messages(6);
        }
        final long total = 6L * CYCLES.size();
        final Read readA =
                a.subscriber().read().clean().messages(total).all(1, publisherA).all(2, publisherB);
        final Read readB = b.subscriber().read().clean().messages(total).sameAs(readA);
        assertThat(liveA.read().sameAs(readA).digest())
                .isEqualTo(liveB.read().sameAs(readB).digest());
        assertThat(files()).hasSize(CYCLES.size());
        assertThat(a.firstPosition()).isEqualTo(b.firstPosition()).isEqualTo(readA.first());
        assertThat(a.lastPosition()).isEqualTo(b.lastPosition()).isEqualTo(readA.last());
    }

    private List<Path> files() throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".cq4")).toList();
        }
    }

    @ContractTest
    void shouldRollInTheMiddleOfPublishing(Pair pair) {
        final RollCycle cycle = RollCycle.FIVE_MINUTELY;
        final PeerQueue a = peers.take(pair.first()).open(settings(1, cycle));
        final PeerQueue b = peers.take(pair.second()).open(settings(2, cycle));
        final int count = pair.times(1000);
        final PeerPublisher publisher =
                a.publisher().with("tick", Times.length(cycle) / 7).lengths(1, 300);
        final PeerSubscriber live = b.subscriber();
        publisher.publish(count);
        live.read().clean().messages(count).all(1, publisher);
        b.clock(Times.START + count / 7 * Times.length(cycle));
        final PeerPublisher next = b.publisher();
        next.publish(10);
        final Read all = a.subscriber().read().clean().messages(count + 10).all(2, next);
        b.subscriber().read().clean().sameAs(all);
    }

    @ContractTest
    void shouldAppendToTheNewestFileWhenAClockLags(Pair pair) throws Exception {
        final RollCycle cycle = RollCycle.TEN_MINUTELY;
        final PeerQueue a = peers.take(pair.first()).open(settings(1, cycle));
        final PeerQueue b = peers.take(pair.second()).open(settings(2, cycle));
        final PeerPublisher publisherA = a.publisher();
        final PeerPublisher publisherB = b.publisher();
        publisherA.publish(1);
        publisherB.publish(1);
        b.clock(Times.START + 3 * Times.length(cycle));
        publisherB.publish(2);
        publisherA.publish(2);
        a.clock(Times.START + Times.length(cycle));
        publisherA.publish(2);
        publisherB.publish(2);
        final Read read =
                b.subscriber().read().clean().messages(10).all(1, publisherA).all(2, publisherB);
        a.subscriber().read().clean().sameAs(read);
        assertThat(files()).hasSize(2);
    }

    @ContractTest
    void shouldMarkTheEndOfAFileThatADeadProcessLeft(Pair pair) {
        final RollCycle cycle = RollCycle.HALF_HOURLY;
        final PeerQueue a = peers.take(pair.first()).open(settings(1, cycle));
        final PeerPublisher publisher = a.publisher();
        publisher.publish(5);
        a.peer().kill();
        final PeerQueue b =
                peers.take(pair.second()).open(settings(2, cycle).with("now", Times.START + 4 * Times.length(cycle)));
        final PeerPublisher next = b.publisher();
        next.publish(5);
        final PeerQueue again = peers.take(pair.first()).open(settings(3, cycle).readOnly());
        final Read read =
                again.subscriber().read().clean().messages(10).all(1, publisher).all(2, next);
        b.subscriber().read().clean().sameAs(read);
    }
}
