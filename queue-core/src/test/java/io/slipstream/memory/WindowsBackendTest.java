package io.slipstream.memory;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Named mappings through the real calls of java.lang.foreign, against kernel32's functions built for Linux. */
final class WindowsBackendTest {
    @TempDir
    static Path library;

    @TempDir
    Path directory;

    private Kernel32 kernel;

    @BeforeEach
    void loadTheFunctions() throws Exception {
        kernel = FakeKernel32.calls(library);
    }

    @AfterEach
    void shouldLeaveNothingOpen() throws Throwable {
        assertThat(FakeKernel32.count("open_handles")).isZero();
        assertThat(FakeKernel32.count("open_views")).isZero();
        assertThat(FakeKernel32.count("open_libraries")).isZero();
    }

    private WindowsBackend backend(String name) {
        return new WindowsBackend(new BlockName.Windows(name), name, kernel);
    }

    private static SharedMemoryException failure(SharedMemoryError error, ThrowingCallable call) {
        final SharedMemoryException thrown = catchThrowableOfType(SharedMemoryException.class, call);
        assertThat(thrown.error()).as("%s", thrown.getMessage()).isEqualTo(error);
        return thrown;
    }

    @Test
    void shouldMakeABlockThatOthersAttachTo() throws Exception {
        try (SharedBlock made = backend("größe €").create(5000)) {
            assertThat(made.size()).isEqualTo(5000);
            assertThat(made.created()).isTrue();
            assertThat(made.segment().toArray(JAVA_BYTE)).containsOnly(0);
            made.segment().setString(0, "to all");
            try (SharedBlock writer = backend("größe €").attach(BlockAccess.READ_WRITE);
                    SharedBlock reader = backend("größe €").attach(BlockAccess.READ_ONLY)) {
                assertThat(writer.created()).isFalse();
                assertThat(writer.size()).isEqualTo(8192);
                assertThat(reader.segment().getString(0)).isEqualTo("to all");
                assertThat(reader.segment().isReadOnly()).isTrue();
                writer.segment().setString(0, "and back");
                assertThat(made.segment().getString(0)).isEqualTo("and back");
                assertThat(reader.stillThere()).isTrue();
            }
            assertThat(backend("größe €").info().size()).isEqualTo(8192);
        }
        failure(SharedMemoryError.NOT_FOUND, () -> backend("größe €").attach(BlockAccess.READ_ONLY));
    }

    @Test
    void shouldSayWhatWindowsRefuses() throws Exception {
        try (SharedBlock _ = backend("taken").create(100);
                SharedBlock _ = backend("others").create(100)) {
            assertThat(failure(
                            SharedMemoryError.ALREADY_EXISTS,
                            () -> backend("taken").create(100)))
                    .hasMessageContaining("CreateFileMapping")
                    .hasMessageContaining("183")
                    .hasMessageContaining("attach");
            failure(SharedMemoryError.PERMISSION_DENIED, () -> backend("others").attach(BlockAccess.READ_WRITE));
            backend("others").attach(BlockAccess.READ_ONLY).close();
        }
        assertThat(failure(
                        SharedMemoryError.PERMISSION_DENIED,
                        () -> backend("Global\\x").create(1)))
                .hasMessageContaining("SeCreateGlobalPrivilege");
        failure(SharedMemoryError.KEY_ERROR, () -> backend("mutex").create(1));
        failure(SharedMemoryError.OUT_OF_RESOURCES, () -> backend("huge").create(1L << 40));
        failure(SharedMemoryError.OUT_OF_RESOURCES, () -> backend("unmappable").create(1));
        failure(SharedMemoryError.NOT_FOUND, () -> backend("none").info());
        assertThat(failure(
                        SharedMemoryError.UNKNOWN_ERROR, () -> backend("none").remove()))
                .hasMessageContaining("goes by itself");
    }

    @Test
    void shouldGiveUpOnABlockWhoseLengthWindowsDoesNotTell() throws Exception {
        final Kernel32 blind = (Kernel32) Proxy.newProxyInstance(
                Kernel32.class.getClassLoader(),
                new Class<?>[] {Kernel32.class},
                (_, method, arguments) ->
                        method.getName().equals("regionSize") ? 0L : method.invoke(kernel, arguments));
        try (SharedBlock _ = backend("blind").create(100)) {
            assertThat(failure(
                            SharedMemoryError.UNKNOWN_ERROR,
                            () -> new WindowsBackend(new BlockName.Windows("blind"), "blind", blind)
                                    .attach(BlockAccess.READ_ONLY)))
                    .hasMessageContaining("VirtualQuery");
        }
    }

    @Test
    void shouldPointToWineOnLinux() {
        final WindowsBackend here = new WindowsBackend(new BlockName.Windows("x"), "x");
        assertThat(failure(SharedMemoryError.KEY_ERROR, () -> here.attach(BlockAccess.READ_ONLY)))
                .hasMessageContaining("on Windows only")
                .hasMessageContaining("wine:x");
    }

    @Test
    void shouldReachTheSharedSectionOfADllThatItLoads() throws Exception {
        final Path file = Files.write(directory.resolve("x.dll"), PeBytes.library());
        try (SharedBlock block =
                new DllBackend(new BlockName.DllSection(file, "counter"), kernel).attach(BlockAccess.READ_WRITE)) {
            assertThat(block.size()).isEqualTo(PeBytes.SHARED_SIZE - PeBytes.COUNTER);
            block.segment().set(JAVA_INT, 0, 5);
            try (SharedBlock all =
                    new DllBackend(new BlockName.DllSection(file, ""), kernel).attach(BlockAccess.READ_ONLY)) {
                assertThat(all.segment().get(JAVA_INT, PeBytes.COUNTER)).isEqualTo(5);
                assertThat(all.segment().isReadOnly()).isTrue();
            }
        }
        final Path other = Files.write(directory.resolve("x.exe"), PeBytes.library());
        failure(
                SharedMemoryError.NOT_FOUND,
                () -> new DllBackend(new BlockName.DllSection(other, ""), kernel).attach(BlockAccess.READ_ONLY));
    }
}
