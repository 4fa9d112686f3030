package io.slipstream.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.MessageSchema;
import io.slipstream.tests.build.Tool;
import io.slipstream.tests.contract.NativePrograms.Flavour;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What only the native library has, or only a look from inside a process can show: {@code tests/src/main/c/unit.c}. */
final class NativeUnitTest {
    @TempDir
    Path directory;

    private Path schema;

    @BeforeEach
    void writeSchema() {
        final Path queue = directory.resolve("schemas");
        MessageQueue.open(new MessageQueue.Context()
                        .directory(queue)
                        .schema(MessageSchema.fromResource(NativeUnitTest.class, "contract-schema.xml")))
                .close();
        schema = queue.resolve("schema/903-1.sbeir");
    }

    @ParameterizedTest
    @EnumSource
    void shouldPassItsOwnCases(Flavour flavour) throws Exception {
        run(flavour, "all", Files.createDirectory(directory.resolve("queues")));
    }

    @Test
    void shouldSayThatTheDiskIsFull() throws Exception {
        Tool.needs("mount", "umount");
        final Path disk = Files.createDirectory(directory.resolve("disk"));
        final Tool.Output mounted = Tool.ending(
                directory, Map.of(), List.of("mount", "-t", "tmpfs", "-o", "size=6m", "none", disk.toString()));
        assumeTrue(mounted.status() == 0, "cannot mount a small file system: " + mounted.text());
        try {
            Files.write(disk.resolve("ballast"), new byte[1 << 20]);
            run(Flavour.RELEASE, "full", disk);
        } finally {
            Tool.run(directory, "umount", disk.toString());
        }
    }

    private void run(Flavour flavour, String cases, Path place) throws Exception {
        final NativePrograms programs = NativePrograms.of(flavour);
        assumeTrue(programs.missing() == null, programs.missing());
        final List<String> command = new ArrayList<>(NativePrograms.command(flavour, programs.program("unit")));
        command.addAll(List.of(cases, place.toString(), schema.toString()));
        assertThat(Tool.run(directory, command.toArray(String[]::new))).contains("ok ");
    }
}
