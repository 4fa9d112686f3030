package io.slipstream.memory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Disk blocks for a range of a sparse file, before it is written through a mapping: writing to a hole on a full file system
 * would kill the process with SIGBUS, where this says {@code ENOSPC}. An open file; one thread at a time.
 */
public final class FileSpace implements AutoCloseable {
    // struct stat of glibc, alike on x86-64 and aarch64.
    private static final int STAT_LENGTH = 144;
    private static final int STAT_BLOCKS_OFFSET = 64;
    private static final long STAT_BLOCK = 512;
    private static final int O_RDWR_CLOEXEC = 0x80002;
    private static final int FALLOC_FL_KEEP_SIZE = 1;

    private final Path path;
    private final int descriptor;

    private FileSpace(Path path, int descriptor) {
        this.path = path;
        this.descriptor = descriptor;
    }

    /** The C library's functions, looked up where they are first needed. */
    private static final class C {
        static final MethodHandle OPEN = CLibrary.handle(
                "open",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        static final MethodHandle FALLOCATE = CLibrary.handle(
                "fallocate",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG));
        static final MethodHandle STAT = CLibrary.handle(
                "stat", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        static final MethodHandle CLOSE =
                CLibrary.handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    /**
     * Opens a file whose blocks are to be reserved.
     *
     * @param path of an existing file.
     * @return the open file, or null where the system has no such call.
     * @throws IOException if the file cannot be opened for writing.
     */
    public static FileSpace open(Path path) throws IOException {
        if (!CLibrary.LINUX) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CLibrary.CALL_STATE);
            final MemorySegment name = arena.allocateFrom(path.toString(), StandardCharsets.UTF_8);
            final int descriptor = (int) C.OPEN.invokeExact(state, name, O_RDWR_CLOEXEC);
            if (descriptor < 0) {
                throw new IOException("cannot open " + path + " for writing: errno " + CLibrary.errno(state));
            }
            return new FileSpace(path, descriptor);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    /**
     * Reserves blocks; contents and length of the file stay as they are.
     *
     * @param offset of the range.
     * @param length of the range in bytes.
     * @return true if the range is backed by blocks, or the file system cannot tell; false if it is full.
     */
    public boolean reserve(long offset, long length) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CLibrary.CALL_STATE);
            int result;
            int errno = 0;
            do {
                result = (int) C.FALLOCATE.invokeExact(state, descriptor, FALLOC_FL_KEEP_SIZE, offset, length);
                if (result < 0) {
                    errno = CLibrary.errno(state);
                }
            } while (result < 0 && errno == CLibrary.EINTR);
            return result == 0 || (errno != CLibrary.ENOSPC && errno != CLibrary.EDQUOT);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    /**
     * Bytes that a file takes on disk, holes not counted.
     *
     * @param path of the file.
     * @return bytes.
     * @throws IOException if the file cannot be examined.
     */
    public static long allocated(Path path) throws IOException {
        if (!CLibrary.LINUX) {
            return Files.size(path);
        }
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CLibrary.CALL_STATE);
            final MemorySegment status = arena.allocate(STAT_LENGTH, Long.BYTES);
            final MemorySegment name = arena.allocateFrom(path.toString(), StandardCharsets.UTF_8);
            if ((int) C.STAT.invokeExact(state, name, status) < 0) {
                throw new IOException("cannot examine " + path + ": errno " + CLibrary.errno(state));
            }
            return STAT_BLOCK * status.get(ValueLayout.JAVA_LONG, STAT_BLOCKS_OFFSET);
        } catch (IOException e) {
            throw e;
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    @Override
    public void close() {
        try (Arena arena = Arena.ofConfined()) {
            final int ignored = (int) C.CLOSE.invokeExact(arena.allocate(CLibrary.CALL_STATE), descriptor);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    @Override
    public String toString() {
        return "FileSpace{" + path + '}';
    }
}
