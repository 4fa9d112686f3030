package io.slipstream.tests.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Publisher;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.bridge.Bridge;
import io.slipstream.telemetry.schema.GapEncoder;
import io.slipstream.tests.Program;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing calls home: a process that opens, writes and reads a queue opens no network socket. */
final class NoNetworkTest {
    @TempDir
    Path directory;

    /** Opens, writes and reads a queue. */
    static final class QueueUser {
        public static void main(String[] arguments) {
            final GapEncoder gap = new GapEncoder();
            try (MessageQueue queue = MessageQueue.open(new MessageQueue.Context()
                            .directory(Path.of(arguments[0]))
                            .schema(Bridge.schema()));
                    Publisher publisher = queue.publisher();
                    Subscriber subscriber = queue.subscriber()) {
                publisher.wrap(gap).frameNumber(1).missed(2).duration(3);
                publisher.publish(gap);
                if (subscriber.poll(message -> {}, 10) != 1) {
                    throw new IllegalStateException("nothing read");
                }
            }
        }
    }

    /** What every JVM does that opens a file channel: the JDK's own library tries whether there is an IPv6. */
    static final class BareJvm {
        public static void main(String[] arguments) throws Exception {
            FileChannel.open(Path.of("/dev/null")).close();
        }
    }

    /** Proves that the trace would show a socket that is put to use. */
    static final class SocketUser {
        public static void main(String[] arguments) throws Exception {
            new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close();
        }
    }

    @Test
    void shouldOpenNoNetworkSocket() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "strace is not installed");
        final List<String> bare = network(BareJvm.class);
        final List<String> queue = network(QueueUser.class);
        assertThat(network(SocketUser.class)).anyMatch(call -> call.contains("listen(") || call.contains("bind("));
        assertThat(queue).as("sockets, beside the JDK's own probes %s", bare).hasSameSizeAs(bare);
        assertThat(queue).allMatch(call -> call.contains("socket("));
    }

    /** Network calls: sockets made, and whatever puts them to use. */
    private List<String> network(Class<?> main) throws Exception {
        final Path trace = directory.resolve(main.getSimpleName() + ".trace");
        final List<String> strace = List.of(
                "strace", "-f", "-qq", "-e", "trace=socket,connect,bind,listen,sendto,sendmsg", "-o", trace.toString());
        try (Program program = Program.java(
                directory, strace, main.getName(), directory.resolve("queue").toString())) {
            assertThat(program.exitCode()).as("%s", program).isZero();
        }
        return Files.readAllLines(trace).stream()
                .filter(call -> !call.contains("AF_UNIX") && call.contains("("))
                .filter(call -> !call.contains("---") && !call.contains("resumed"))
                .toList();
    }
}
