package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.slipstream.replay.edit.Destination;
import io.slipstream.replay.edit.EditMonitor;
import io.slipstream.replay.edit.SessionCutter;
import io.slipstream.replay.edit.TimeRange;
import io.slipstream.replay.pack.SessionPacker;
import io.slipstream.replay.pack.SessionUnpacker;
import io.slipstream.replay.session.MessageCursor;
import io.slipstream.replay.session.SessionReader;
import io.slipstream.tests.session.SimulatedSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions are queues like any: the recorded one, the one that was packed, and the one that was cut out of it. */
final class SessionContractTest {
    private static final int FRAMES = 1_300;

    @TempDir
    static Path folder;

    private static List<Path> sessions;

    @RegisterExtension
    final Peers peers = new Peers();

    @BeforeAll
    static void makeSessions() throws IOException {
        final Path recorded = SimulatedSession.record(folder, FRAMES).path();
        try (SessionReader reader = SessionReader.open(recorded)) {
            final Path pack = folder.resolve("session.slip");
            new SessionPacker(reader, SessionPacker.DEFAULT_LEVEL, 1).pack(pack, EditMonitor.NONE);
            final Path unpacked = new SessionUnpacker(pack)
                    .unpack(new Destination.Named(folder.resolve("unpacked")), EditMonitor.NONE)
                    .session();
            final long middle = (reader.startNs() + reader.endNs()) / 2;
            final Path cut = new SessionCutter(reader, List.of(new TimeRange(middle, Long.MAX_VALUE)))
                    .cut(new Destination.Named(folder.resolve("cut")), "", EditMonitor.NONE)
                    .session();
            sessions = List.of(recorded, unpacked, cut);
        }
    }

    private static long messages(Path session) throws IOException {
        long messages = 0;
        try (SessionReader reader = SessionReader.open(session);
                MessageCursor cursor = reader.messages()) {
            while (cursor.next() != null) {
                messages++;
            }
        }
        return messages;
    }

    @ParameterizedTest
    @EnumSource(names = {"NATIVE", "ASAN"})
    void shouldBeReadToTheirEndAlike(Implementation other) throws IOException {
        final Peer jvm = peers.take(Implementation.JVM);
        final Peer peer = peers.take(other);
        for (Path session : sessions) {
            final Settings settings = new Settings(session).readOnly().without("schema");
            final PeerQueue expected = jvm.open(settings);
            final PeerQueue queue = peer.open(settings);
            final Read read = queue.subscriber().toStart().read();
            read.messages(messages(session))
                    .sameAs(expected.subscriber().toStart().read());
            assertThat(read.messages()).as("messages of %s", session).isGreaterThan(FRAMES / 2);
            assertThat(queue.firstPosition()).isEqualTo(read.first()).isEqualTo(expected.firstPosition());
            assertThat(queue.lastPosition()).isEqualTo(read.last()).isEqualTo(expected.lastPosition());
        }
    }
}
