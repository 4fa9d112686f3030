package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.RollCycle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;

/** To any position and any time, in files that both sides wrote. */
final class SeekContractTest {
    private static final RollCycle CYCLE = RollCycle.FIVE_MINUTELY;
    private static final long STEP = 1000;

    @RegisterExtension
    final Peers peers = new Peers();

    private final Path directory = peers.directory();

    private PeerQueue a;
    private PeerQueue b;
    private long now = Times.START;

    private void open(Pair pair) {
        a = peers.take(pair.first()).open(settings(1));
        b = peers.take(pair.second()).open(settings(2));
    }

    private Settings settings(int source) {
        return new Settings(directory)
                .with("roll", CYCLE)
                .with("source", source)
                .with("now", Times.START);
    }

    private void clocks(long time) {
        now = time;
        a.clock(time);
        b.clock(time);
    }

    /** Messages of two sources over several files, some at the very same time; gives all that there are. */
    private List<Item> publish(int count) {
        final PeerPublisher publisherA = a.publisher().lengths(8, 200).with("templates", 3);
        final PeerPublisher publisherB = b.publisher().lengths(8, 200).with("templates", 2);
        final Random random = new Random(11);
        int published = 0;
        int block = 0;
        while (published < count) {
            final int some = Math.min(count - published, 1 + random.nextInt(500));
            // Every other block at one time alone.
            final long step = block % 2 == 0 ? STEP : 0;
            (random.nextBoolean() ? publisherA : publisherB)
                    .with("timestamp", now)
                    .with("step", step)
                    .publish(some);
            published += some;
            block++;
            // Five files or six, whatever the count.
            final boolean roll = published * 5L / count > (published - some) * 5L / count;
            clocks(now + step * some + STEP + (roll ? Times.length(CYCLE) : 0));
        }
        final List<Item> items = new ArrayList<>();
        final PeerSubscriber reader = a.subscriber();
        final PeerSubscriber other = b.subscriber();
        while (items.size() < count) {
            final Read read = reader.read(5000, "list=1").clean();
            other.read(5000).clean().sameAs(read);
            items.addAll(read.items());
            assertThat(read.messages()).as("messages after %d", items.size()).isPositive();
        }
        return items;
    }

    @ContractTest
    void shouldFindEveryPositionAndEveryTime(Pair pair) {
        open(pair);
        final List<Item> items = publish(pair.isSanitized() ? 8_000 : 50_000);
        final PeerSubscriber[] readers = {a.subscriber(), b.subscriber()};
        final Random random = new Random(42);
        final long start = items.get(0).timestamp();
        final long end = items.get(items.size() - 1).timestamp();
        for (int round = 0; round < pair.times(500); round++) {
            final Item wanted = items.get(random.nextInt(items.size()));
            final long time =
                    random.nextBoolean() ? wanted.timestamp() : start + (long) (random.nextDouble() * (end - start));
            final int first = firstFrom(items, time);
            for (PeerSubscriber reader : readers) {
                reader.toPosition(wanted.position()).ok();
                assertThat(reader.next()).isEqualTo(wanted);
                assertThat(reader.toTime(time).next()).as("from %d on", time).isEqualTo(items.get(first));
            }
        }
        for (PeerSubscriber reader : readers) {
            assertThat(reader.toTime(end + 1).next()).isNull();
            assertThat(reader.toTime(Long.MIN_VALUE + 1).next()).isEqualTo(items.get(0));
            assertThat(reader.toEnd().next()).isNull();
            assertThat(reader.toStart().next()).isEqualTo(items.get(0));
        }
    }

    private static int firstFrom(List<Item> items, long time) {
        int low = 0;
        int high = items.size();
        while (low < high) {
            final int middle = (low + high) >>> 1;
            if (items.get(middle).timestamp() < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @ContractTest
    void shouldReadOnFromAnySeek(Pair pair) {
        open(pair);
        final List<Item> items = publish(3000);
        final Random random = new Random(7);
        final PeerSubscriber[] readers = {a.subscriber(), b.subscriber()};
        for (int round = 0; round < pair.times(60); round++) {
            final int from = random.nextInt(items.size());
            Read other = null;
            for (PeerSubscriber reader : readers) {
                reader.toPosition(items.get(from).position()).ok();
                final Read read = reader.read().clean().messages(items.size() - from);
                assertThat(read.last()).isEqualTo(items.get(items.size() - 1).position());
                other = other == null ? read : read.sameAs(other);
            }
        }
    }

    @ContractTest
    void shouldStayWhereItIsWhenAPositionDoesNotExist(Pair pair) {
        open(pair);
        final List<Item> items = publish(2000);
        final Item last = items.get(items.size() - 1);
        final long lastOfFirstFile = lastOfFirstFile(items);
        final long[] absent = {
            last.position() + 1,
            last.position() + 1000,
            last.position() + (1L << 32),
            items.get(0).position() - 1,
            items.get(0).position() - (1L << 32),
            lastOfFirstFile + 1,
            lastOfFirstFile + 5000,
            lastOfFirstFile + (1L << 32),
            0,
            -1,
            Long.MIN_VALUE,
            Long.MAX_VALUE
        };
        for (PeerQueue queue : new PeerQueue[] {a, b}) {
            final PeerSubscriber reader = queue.subscriber();
            for (int from : new int[] {0, 1, 700, items.size() - 1}) {
                for (long position : absent) {
                    reader.toPosition(items.get(from).position()).ok();
                    assertThat(reader.toPosition(position).code())
                            .as("to %d (%x) from %d", position, position, from)
                            .isEqualTo("NO_MESSAGE");
                    assertThat(reader.next()).as("after %x", position).isEqualTo(items.get(from));
                    assertThat(reader.toPosition(position).code()).isEqualTo("NO_MESSAGE");
                    assertThat(reader.next())
                            .as("after %x", position)
                            .isEqualTo(from + 1 < items.size() ? items.get(from + 1) : null);
                }
            }
        }
    }

    private static long lastOfFirstFile(List<Item> items) {
        for (int i = 1; i < items.size(); i++) {
            if (items.get(i).position() != items.get(i - 1).position() + 1) {
                return items.get(i - 1).position();
            }
        }
        throw new AssertionError("one file alone");
    }

    @ContractTest
    void shouldSeeWhatComesAfterTheEnd(Pair pair) {
        open(pair);
        final PeerPublisher publisherA = a.publisher();
        final PeerPublisher publisherB = b.publisher();
        final PeerSubscriber readerA = a.subscriber().toEnd();
        final PeerSubscriber readerB = b.subscriber().toEnd();
        for (int round = 0; round < 12; round++) {
            final PeerPublisher publisher = round % 2 == 0 ? publisherA : publisherB;
            assertThat(readerA.next()).isNull();
            assertThat(readerB.next()).isNull();
            final long position = publisher.publish(1).first();
            assertThat(readerA.next().position()).isEqualTo(position);
            assertThat(readerB.next().position()).isEqualTo(position);
            readerA.toEnd();
            readerB.toTime(Long.MAX_VALUE);
            if (round % 3 == 2) {
                clocks(now + Times.length(CYCLE));
            }
        }
    }

    @ContractTest
    void shouldSeekInAnEmptyQueue(Pair pair) {
        open(pair);
        for (PeerQueue queue : new PeerQueue[] {a, b}) {
            assertThat(queue.firstPosition()).isEqualTo(-1);
            assertThat(queue.lastPosition()).isEqualTo(-1);
            final PeerSubscriber reader = queue.subscriber();
            assertThat(reader.toStart().next()).isNull();
            assertThat(reader.toEnd().next()).isNull();
            assertThat(reader.toTime(Times.START).next()).isNull();
            assertThat(reader.toPosition(0).code()).isEqualTo("NO_MESSAGE");
        }
        final PeerSubscriber early = a.subscriber().toEnd();
        final PeerSubscriber other = b.subscriber().toStart();
        b.publisher().publish(1);
        assertThat(early.next()).isNotNull().isEqualTo(other.next());
    }

    @ContractTest
    void shouldSayWhereTheNextMessageIs(Pair pair) {
        open(pair);
        final List<Item> items = publish(600);
        for (PeerQueue queue : new PeerQueue[] {a, b}) {
            final PeerSubscriber reader = queue.subscriber();
            for (int i = 0; i + 1 < items.size(); i++) {
                final Read read = reader.read(1);
                assertThat(read.first()).isEqualTo(items.get(i).position());
                // At the end of a file the next message's position is not known yet.
                assertThat(read.position())
                        .isBetween(items.get(i).position() + 1, items.get(i + 1).position());
            }
        }
    }
}
