package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.queue.RollCycle;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Old files are deleted by one peer while another reads: what it needs stays, unless the hard limit wants it. */
final class RetentionContractTest {
    private static final RollCycle CYCLE = RollCycle.FAST_HOURLY;
    private static final int FILES = 6;
    private static final int IN_FILE = 100;
    private static final int READ = IN_FILE + IN_FILE / 2;

    @RegisterExtension
    final Peers peers = new Peers();

    private PeerQueue reading;
    private PeerQueue deleting;
    private PeerPublisher publisher;

    private void publish(Pair pair) {
        final Settings settings =
                new Settings(peers.directory()).with("roll", CYCLE).with("now", Times.START);
        reading = peers.take(pair.first()).open(settings);
        deleting = peers.take(pair.second()).open(settings);
        publisher = deleting.publisher().with("tick", 1000);
        for (int file = 0; file < FILES; file++) {
            reading.clock(Times.START + file * Times.length(CYCLE));
            deleting.clock(Times.START + file * Times.length(CYCLE));
            publisher.publish(IN_FILE);
        }
    }

    /** All but the newest file are to go. */
    private Answer prune(long hardBytes) {
        return deleting.ask("prune age=1000000000000000000 bytes=0 hard=" + hardBytes)
                .ok();
    }

    private Answer pruneSoftly() {
        return prune(Long.MAX_VALUE);
    }

    @ContractTest
    void shouldKeepTheFileThatAReaderStandsInAndAllNewerOnes(Pair pair) {
        publish(pair);
        final PeerSubscriber reader = reading.subscriber();
        reader.read(READ).clean().messages(READ);
        final Answer pruned = pruneSoftly();
        assertThat(pruned.number("deleted")).as("deleted: %s", pruned).isEqualTo(1);
        assertThat(pruned.number("kept")).as("kept: %s", pruned).isEqualTo(FILES - 2);
        assertThat(pruned.number("process"))
                .as("reader: %s", pruned)
                .isEqualTo(reading.peer().pid());
        reader.read().clean().messages(FILES * IN_FILE - READ);
        assertThat(reader.stats().number("lost")).as("lost").isZero();
        assertThat(pruneSoftly().number("deleted"))
                .as("deleted once it is through")
                .isEqualTo(FILES - 2);
        publisher.publish(5);
        reader.read().clean().messages(5);
    }

    @ContractTest
    void shouldKeepTheFileThatAReaderOfAReadOnlyQueueStandsIn(Pair pair) {
        publish(pair);
        final PeerQueue readOnly =
                reading.peer().open(new Settings(peers.directory()).readOnly().without("schema"));
        final PeerSubscriber reader = readOnly.subscriber();
        reader.read(READ).clean().messages(READ);
        assertThat(pruneSoftly().number("kept")).as("kept").isEqualTo(FILES - 2);
        reader.close();
        assertThat(pruneSoftly().number("deleted"))
                .as("deleted once it is closed")
                .isEqualTo(FILES - 2);
    }

    @ContractTest
    void shouldKeepTheFileThatAReaderWasSentTo(Pair pair) {
        publish(pair);
        final PeerSubscriber reader = reading.subscriber().toStart();
        assertThat(pruneSoftly().number("deleted")).as("deleted at the start").isZero();
        reader.toTime(Times.START + 2 * Times.length(CYCLE));
        assertThat(pruneSoftly().number("deleted")).as("deleted at a time").isEqualTo(2);
        final Item first = reader.next();
        assertThat(first.sequence()).as("first").isEqualTo(2 * IN_FILE);
        reader.toEnd();
        assertThat(pruneSoftly().number("deleted")).as("deleted at the end").isEqualTo(FILES - 3);
    }

    @ContractTest
    void shouldNotKeepWhatAKilledReaderStoodIn(Pair pair) {
        publish(pair);
        reading.subscriber().read(READ).clean().messages(READ);
        assertThat(pruneSoftly().number("deleted"))
                .as("deleted beside the reader")
                .isEqualTo(1);
        reading.peer().kill();
        final Answer pruned = pruneSoftly();
        assertThat(pruned.number("deleted")).as("deleted behind it: %s", pruned).isEqualTo(FILES - 2);
        assertThat(pruned.number("process")).as("reader: %s", pruned).isZero();
    }

    @ContractTest
    void shouldKeepWhatADurableReaderThatDoesNotRunHasNotRead(Pair pair) {
        publish(pair);
        PeerSubscriber reader = reading.subscriber("plot");
        reader.read(READ).clean().messages(READ);
        reader.close();
        // A name that has read nothing needs nothing.
        reading.subscriber("new").close();
        final Answer pruned = pruneSoftly();
        assertThat(pruned.number("kept")).as("kept: %s", pruned).isEqualTo(FILES - 2);
        assertThat(pruned.text("durable")).as("reader: %s", pruned).isEqualTo("plot");
        assertThat(pruned.number("process")).as("process: %s", pruned).isZero();
        reader = deleting.subscriber("plot");
        reader.read("gaps=1").clean().messages(FILES * IN_FILE - READ);
        reader.close();
        assertThat(pruneSoftly().number("deleted"))
                .as("deleted once it is through")
                .isEqualTo(FILES - 2);
    }

    @ContractTest
    void shouldDeleteBeneathReadersAtTheHardLimitAndTellThem(Pair pair) {
        publish(pair);
        final PeerSubscriber reader = reading.subscriber();
        reader.read(READ).clean().messages(READ);
        final PeerSubscriber durable = reading.subscriber("plot");
        durable.read(IN_FILE / 2).clean().messages(IN_FILE / 2);
        durable.close();
        final Answer pruned = prune(0);
        assertThat(pruned.number("deleted")).as("deleted: %s", pruned).isEqualTo(FILES - 1);
        assertThat(pruned.number("beneath")).as("beneath readers: %s", pruned).isEqualTo(FILES - 1);
        assertThat(pruned.number("process"))
                .as("reader: %s", pruned)
                .isEqualTo(reading.peer().pid());
        assertThat(pruned.text("durable")).as("durable reader: %s", pruned).isEqualTo("plot");
        // Of the file that it reads it may have the rest.
        final Read rest = reader.read("gaps=1").clean();
        assertThat(rest.source(1).last()).isEqualTo(publisher.sequence() - 1);
        assertThat(rest.messages() + reader.stats().number("lost"))
                .as("read and lost")
                .isEqualTo(FILES * IN_FILE - READ);
        assertThat(reader.stats().number("lost")).as("lost").isGreaterThanOrEqualTo((FILES - 3) * IN_FILE);
        final PeerSubscriber resumed = deleting.subscriber("plot");
        resumed.read("gaps=1").clean().messages(IN_FILE);
        assertThat(resumed.stats().number("lost"))
                .as("lost by the durable one")
                .isEqualTo((FILES - 1) * IN_FILE - IN_FILE / 2);
    }
}
