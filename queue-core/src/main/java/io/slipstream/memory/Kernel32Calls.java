package io.slipstream.memory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/**
 * {@link Kernel32} through {@code java.lang.foreign}. {@code DWORD} and {@code BOOL} are ints, handles and {@code SIZE_T} as wide as
 * a pointer, texts UTF-16 with a zero behind them. {@code MEMORY_BASIC_INFORMATION} of 64-bit Windows:
 *
 * <pre>
 *    0  BaseAddress           16  AllocationProtect (u32)    32  State (u32)     40  Type (u32)
 *    8  AllocationBase        24  RegionSize                 36  Protect (u32)   48  its length
 * </pre>
 *
 * <p>The tests drive it against a library of these names built for Linux; on Windows itself it has not been run.
 */
final class Kernel32Calls implements Kernel32 {
    private static final int PAGE_READWRITE = 4;
    private static final long INVALID_HANDLE_VALUE = -1;
    private static final int REGION_SIZE_OFFSET = 24;
    private static final int REGION_LENGTH = 48;
    private static final MemoryLayout CALL_STATE = Linker.Option.captureStateLayout();

    private final MethodHandle createFileMapping;
    private final MethodHandle openFileMapping;
    private final MethodHandle mapViewOfFile;
    private final MethodHandle virtualQuery;
    private final MethodHandle unmapViewOfFile;
    private final MethodHandle closeHandle;
    private final MethodHandle loadLibrary;
    private final MethodHandle freeLibrary;
    private final VarHandle error;

    /**
     * Finds the functions.
     *
     * @param library that has them.
     * @param errorState where a call leaves its error: {@code GetLastError} on Windows.
     */
    Kernel32Calls(SymbolLookup library, String errorState) {
        error = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement(errorState));
        createFileMapping = handle(
                library,
                errorState,
                "CreateFileMappingW",
                FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
        openFileMapping = handle(
                library, errorState, "OpenFileMappingW", FunctionDescriptor.of(ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
        mapViewOfFile = handle(
                library,
                errorState,
                "MapViewOfFile",
                FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
        virtualQuery = handle(
                library, errorState, "VirtualQuery", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, JAVA_LONG));
        unmapViewOfFile = handle(library, errorState, "UnmapViewOfFile", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        closeHandle = handle(library, errorState, "CloseHandle", FunctionDescriptor.of(JAVA_INT, ADDRESS));
        loadLibrary = handle(library, errorState, "LoadLibraryW", FunctionDescriptor.of(ADDRESS, ADDRESS));
        freeLibrary = handle(library, errorState, "FreeLibrary", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    @SuppressWarnings("restricted") // As in CLibrary: Enable-Native-Access grants it.
    private static MethodHandle handle(
            SymbolLookup library, String errorState, String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker()
                .downcallHandle(library.findOrThrow(name), descriptor, Linker.Option.captureCallState(errorState));
    }

    private static final class System32 {
        @SuppressWarnings("restricted") // A library of Windows itself.
        private static final Kernel32 INSTANCE =
                new Kernel32Calls(SymbolLookup.libraryLookup("kernel32", Arena.global()), "GetLastError");
    }

    /** Those of this Windows. */
    static Kernel32 system() {
        return System32.INSTANCE;
    }

    static boolean isWindows() {
        return System.getProperty("os.name").startsWith("Windows");
    }

    private static MemorySegment text(Arena arena, String text) {
        return arena.allocateFrom(text, StandardCharsets.UTF_16LE);
    }

    private Answer answer(Object value, MemorySegment state) {
        return new Answer((MemorySegment) value, (int) error.get(state, 0L));
    }

    @Override
    public Answer createFileMapping(long size, String name) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CALL_STATE);
            final MemorySegment handle = (MemorySegment) createFileMapping.invokeExact(
                    state,
                    MemorySegment.ofAddress(INVALID_HANDLE_VALUE),
                    MemorySegment.NULL,
                    PAGE_READWRITE,
                    (int) (size >>> 32),
                    (int) size,
                    text(arena, name));
            return answer(handle, state);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    @Override
    public Answer openFileMapping(int access, String name) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CALL_STATE);
            final MemorySegment handle =
                    (MemorySegment) openFileMapping.invokeExact(state, access, 0, text(arena, name));
            return answer(handle, state);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    @Override
    public Answer mapViewOfFile(MemorySegment mapping, int access, long size) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CALL_STATE);
            final MemorySegment view = (MemorySegment) mapViewOfFile.invokeExact(state, mapping, access, 0, 0, size);
            return answer(view, state);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    @Override
    public long regionSize(MemorySegment address) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CALL_STATE);
            final MemorySegment region = arena.allocate(REGION_LENGTH, 8);
            final long length = (long) virtualQuery.invokeExact(state, address, region, (long) REGION_LENGTH);
            return length < REGION_LENGTH ? 0 : region.get(JAVA_LONG, REGION_SIZE_OFFSET);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    @Override
    public void unmapViewOfFile(MemorySegment view) {
        release(unmapViewOfFile, view);
    }

    @Override
    public void closeHandle(MemorySegment handle) {
        release(closeHandle, handle);
    }

    @Override
    public Answer loadLibrary(String file) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment state = arena.allocate(CALL_STATE);
            final MemorySegment module = (MemorySegment) loadLibrary.invokeExact(state, text(arena, file));
            return answer(module, state);
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }

    @Override
    public void freeLibrary(MemorySegment module) {
        release(freeLibrary, module);
    }

    /** What is released was ours: there is nobody whom a refusal would help. */
    private static void release(MethodHandle function, MemorySegment what) {
        try (Arena arena = Arena.ofConfined()) {
            final int done = (int) function.invokeExact(arena.allocate(CALL_STATE), what);
            assert done != 0 : function;
        } catch (Throwable e) {
            throw CLibrary.unexpected(e);
        }
    }
}
