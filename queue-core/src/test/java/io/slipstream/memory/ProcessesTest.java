package io.slipstream.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.queue.ChildJvm;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is taken for dead. */
final class ProcessesTest {
    private static final int PLENTY = 100_000;

    /** Says whether it takes itself for alive once it has no file descriptor left. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            final long pid = ProcessHandle.current().pid();
            final long start = Processes.startTime(pid);
            final boolean before = Processes.isAlive(pid, start);
            final List<FileInputStream> open = new ArrayList<>();
            try {
                while (open.size() < PLENTY) {
                    open.add(new FileInputStream("/dev/null"));
                }
                System.out.println("plenty");
            } catch (IOException e) {
                final boolean unknown = Processes.startTime(pid) == 0;
                System.out.println("alive " + before + ' ' + unknown + ' ' + Processes.isAlive(pid, start));
            }
            System.exit(open.isEmpty() ? 1 : 0);
        }
    }

    @Test
    void shouldTellAProcessFromAnotherOfItsPid() {
        final long pid = ProcessHandle.current().pid();
        final long start = Processes.startTime(pid);
        assumeTrue(start != 0, "the system does not tell when a process started");
        assertThat(Processes.isAlive(pid, start)).isTrue();
        assertThat(Processes.isAlive(pid, 0)).isTrue();
        assertThat(Processes.isAlive(pid, start + 1)).isFalse();
    }

    @Test
    void shouldTakeNoOneForAlive() {
        for (long pid : new long[] {0, -1, Long.MIN_VALUE, 1L << 32, 0x2FFF_FFF1}) {
            assertThat(Processes.isAlive(pid)).as("pid %s", pid).isFalse();
        }
    }

    @Test
    void shouldTakeForAliveWhoseStartCannotBeRead() throws Exception {
        final List<String> flags =
                new ArrayList<>(Arrays.asList(System.getProperty("jvm.flags").split(" ")));
        // As many descriptors as the shell gives, not as many as there may be.
        flags.add("-XX:-MaxFDLimit");
        try (ChildJvm child = ChildJvm.start(flags, Child.class)) {
            final String said = child.await("");
            assumeFalse(said.equals("plenty"), "a process may open too many files");
            assertThat(said).isEqualTo("alive true true true");
        }
    }
}
