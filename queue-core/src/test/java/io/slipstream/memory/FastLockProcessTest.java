package io.slipstream.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.queue.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One lock, several JVMs, some of which are killed. */
final class FastLockProcessTest {
    private static final int LENGTH = 64;
    private static final int COUNTER = 32;
    private static final int TURNS = 20_000;

    @TempDir
    Path directory;

    private Path file;
    private MemorySegment memory;
    private FastLock lock;

    /** What a child does, a line at a time: hold, release, or count and a number of turns. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws Exception {
            final MemorySegment memory = map(Path.of(arguments[0]));
            final FastLock lock = FastLock.at(memory, 0, "child");
            final BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                switch (line) {
                    case "hold" -> lock.lock();
                    case "release" -> {
                        try {
                            lock.unlock();
                        } catch (LockLostException e) {
                            System.out.println("lost");
                            continue;
                        }
                    }
                    default -> count(memory, lock, Integer.parseInt(line));
                }
                System.out.println("done");
            }
        }
    }

    @BeforeEach
    void makeTheBlock() throws IOException {
        file = directory.resolve("block");
        memory = map(file);
        lock = FastLock.at(memory, 0, "parent");
    }

    private static MemorySegment map(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH, Arena.ofAuto());
        }
    }

    private static void count(MemorySegment memory, FastLock lock, int turns) throws Exception {
        for (int i = 0; i < turns; i++) {
            lock.lock();
            memory.set(ValueLayout.JAVA_LONG, COUNTER, memory.get(ValueLayout.JAVA_LONG, COUNTER) + 1);
            lock.unlock();
        }
    }

    private long counter() {
        return memory.get(ValueLayout.JAVA_LONG, COUNTER);
    }

    @Test
    void shouldCountExactlyByManyJvms() throws Exception {
        try (ChildJvm first = ChildJvm.start(Child.class, file.toString());
                ChildJvm second = ChildJvm.start(Child.class, file.toString())) {
            for (ChildJvm child : List.of(first, second)) {
                child.say("0");
                child.await("done");
            }
            first.say(Integer.toString(TURNS));
            second.say(Integer.toString(TURNS));
            count(memory, lock, TURNS);
            first.await("done");
            second.await("done");
        }
        assertThat(counter()).isEqualTo(3L * TURNS);
        assertThat(lock.owner()).isEmpty();
    }

    @Test
    void shouldTakeOverTheLockOfAKilledProcess() throws Exception {
        final List<ChildJvm> children = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                final ChildJvm child = ChildJvm.start(Child.class, file.toString());
                children.add(child);
                child.say("hold");
                child.await("done");
                assertThat(lock.tryLock()).isFalse();
                child.kill();

                lock.lock();
                assertThat(lock.recovered()).isTrue();
                lock.unlock();
            }
        } finally {
            children.forEach(ChildJvm::close);
        }
    }

    @Test
    void shouldTellALiveOwnerThatItsLockWasBroken() throws Exception {
        try (ChildJvm child = ChildJvm.start(Child.class, file.toString())) {
            child.say("hold");
            child.await("done");
            assertThat(lock.breakLock()).isTrue();
            lock.lock();
            child.say("release");
            child.await("lost");
            assertThat(lock.owner()).hasValue(ProcessHandle.current().pid());
            lock.unlock();

            lock.lock();
            child.say("hold");
            FastLock.at(memory, 0, "people").breakLock();
            child.await("done");
            assertThatThrownBy(lock::unlock).isInstanceOf(LockLostException.class);
            child.say("release");
            child.await("done");
        }
    }
}
