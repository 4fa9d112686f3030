package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Filters by schema, template and source. */
final class FilterContractTest {
    @RegisterExtension
    final Peers peers = new Peers();

    private final Path directory = peers.directory();

    @ContractTest
    void shouldHandOverWhatTheFilterAccepts(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(new Settings(directory).with("source", 1));
        final PeerQueue b = peers.take(pair.second()).open(new Settings(directory).with("source", 65535));
        final PeerPublisher publisherA = a.publisher().with("templates", 3).lengths(8, 100);
        final PeerPublisher publisherB = b.publisher().with("templates", 2).lengths(8, 100);
        for (int round = 0; round < 20; round++) {
            publisherA.publish(7);
            publisherB.publish(5);
        }
        final List<Item> items = a.subscriber().read("list=1").clean().items();
        for (PeerQueue queue : new PeerQueue[] {a, b}) {
            shouldAccept(queue, items, item -> true);
            shouldAccept(queue, items, item -> item.source() == 1, "source=1");
            shouldAccept(queue, items, item -> item.source() == 65535, "source=65535");
            shouldAccept(queue, items, item -> false, "source=2");
            shouldAccept(queue, items, item -> item.template() == 2, "templates=2");
            shouldAccept(queue, items, item -> item.template() != 2, "templates=3,1");
            shouldAccept(queue, items, item -> true, "schema=903");
            shouldAccept(queue, items, item -> false, "schema=904");
            shouldAccept(queue, items, item -> item.template() == 3 && item.source() == 1, "source=1", "templates=3");
            shouldAccept(queue, items, item -> false, "source=65535", "templates=3", "schema=903");
        }
    }

    private static void shouldAccept(PeerQueue queue, List<Item> items, Predicate<Item> accepted, String... filter) {
        final PeerSubscriber reader = queue.subscriber().filter(filter);
        final Read read = reader.read("gaps=1", "list=1").clean();
        assertThat(read.items()).isEqualTo(items.stream().filter(accepted).toList());
        assertThat(read.moved()).isEqualTo(items.size());
        // What was filtered out is not foreign.
        assertThat(reader.stats().number("foreign")).isZero();
        reader.close();
    }

    @ContractTest
    void shouldChangeTheFilterInTheMiddle(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(new Settings(directory).with("source", 1));
        final PeerQueue b = peers.take(pair.second()).open(new Settings(directory).with("source", 2));
        a.publisher().with("templates", 3).publish(90);
        final PeerSubscriber reader = b.subscriber();
        reader.filter("templates=1");
        reader.read(30, "gaps=1").clean().messages(10);
        reader.filter("templates=2,3");
        reader.read(30, "gaps=1").clean().messages(20);
        reader.filter();
        reader.read(30, "gaps=1").clean().messages(30);
    }

    @ContractTest
    void shouldMoveADurableSubscriberPastWhatItsFilterRefuses(Pair pair) {
        final PeerQueue a = peers.take(pair.first()).open(new Settings(directory).with("source", 1));
        final PeerQueue b = peers.take(pair.second()).open(new Settings(directory).with("source", 2));
        a.publisher().with("templates", 3).publish(90);
        PeerSubscriber reader = b.subscriber("picky").filter("templates=2");
        final Read read = reader.read(31, "gaps=1").clean().messages(10);
        assertThat(read.moved()).isEqualTo(31);
        reader.close();
        reader = a.subscriber("picky");
        assertThat(reader.next().sequence()).isEqualTo(31);
    }
}
