package io.slipstream.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.queue.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SingleInstanceTest {
    private final String application =
            "test-" + Long.toHexString(ThreadLocalRandom.current().nextLong());

    @AfterEach
    void remove() throws IOException {
        Files.deleteIfExists(SingleInstance.folder().resolve(application + ".lock"));
        Files.deleteIfExists(SingleInstance.folder().resolve(application + ".socket"));
    }

    @Test
    void shouldHandTheArgumentsOfLaterStartsToTheFirst() throws Exception {
        try (ChildJvm first = ChildJvm.start(InstancePeer.class, application)) {
            first.await("first");
            for (String argument : List.of("a b", "", "Grüße 世界", "x".repeat(50_000))) {
                try (ChildJvm later = ChildJvm.start(InstancePeer.class, application, "open", argument)) {
                    assertThat(first.await("later")).isEqualTo("later [open, " + argument + "]");
                    later.await("handed over");
                    assertThat(later.end()).isEqualTo(SingleInstance.HANDED_OVER);
                }
            }
            try (ChildJvm later = ChildJvm.start(InstancePeer.class, application, "refuse")) {
                assertThat(later.await("failed")).contains("not today").contains("process ");
                assertThat(later.end()).isEqualTo(1);
            }
        }
    }

    @Test
    void shouldNotBeHeldUpByWhatAKilledOneLeft() throws Exception {
        for (int i = 0; i < 2; i++) {
            try (ChildJvm first = ChildJvm.start(InstancePeer.class, application)) {
                first.await("first");
                first.kill();
            }
            assertThat(SingleInstance.folder().resolve(application + ".socket")).exists();
        }
    }

    @Test
    void shouldLetOneOfManyBeTheFirst() throws Exception {
        final List<ChildJvm> starts = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                starts.add(ChildJvm.start(InstancePeer.class, application, "start", Integer.toString(i)));
            }
            ChildJvm first = null;
            for (ChildJvm start : starts) {
                // The first says so; the others end.
                if (start.await("").equals("first")) {
                    assertThat(first).as("two are the first").isNull();
                    first = start;
                } else {
                    assertThat(start.end()).isEqualTo(SingleInstance.HANDED_OVER);
                }
            }
            assertThat(first).isNotNull();
            for (int i = 0; i < starts.size() - 1; i++) {
                assertThat(first.await("later")).startsWith("later [start, ");
            }
        } finally {
            starts.forEach(ChildJvm::close);
        }
    }

    @Test
    void shouldBeFreeForTheNextOneOnceClosed() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (SingleInstance instance = SingleInstance.start(application, List.of(), start -> {})) {
                assertThat(instance.isFirst()).isTrue();
                final List<SingleInstance.Start> none = new ArrayList<>();
                try (SingleInstance second = SingleInstance.start(application, List.of("x"), none::add)) {
                    assertThat(second.isFirst()).isFalse();
                }
                assertThat(none).isEmpty();
            }
        }
    }

    @Test
    void shouldRefuseNamesThatLeadElsewhere() {
        for (String name : List.of("", "../x", "a/b", ".hidden", "x".repeat(41), "a b")) {
            assertThatThrownBy(() -> SingleInstance.start(name, List.of(), start -> {}))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldRefuseDamagedStarts() {
        final Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            final byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            for (int at = 0; at + 4 <= bytes.length; at += 4) {
                bytes[at + 1] = bytes[at + 2] = bytes[at + 3] = 0;
            }
            try {
                StartMessage.decode(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("a start ");
            }
        }
    }

    @Test
    void shouldKeepToAFolderOfItsOwn() throws IOException {
        final Path folder = SingleInstance.folder();
        assertThat(Files.getPosixFilePermissions(folder)).hasSize(3);
    }
}
