package io.slipstream.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/** How this package reaches functions of the C library, and the error number that they leave behind. */
final class CLibrary {
    static final boolean LINUX = System.getProperty("os.name").equals("Linux");

    /** Layout of the segment that {@link #handle} wants first: it receives the error number. */
    static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();

    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ENOSPC = 28;
    static final int ETIMEDOUT = 110;
    static final int EDQUOT = 122;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private CLibrary() {}

    /** A function whose error number is wanted: its first argument is a segment of {@link #CALL_STATE}. */
    static MethodHandle handle(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        final Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        return plainHandle(name, descriptor, all);
    }

    /** A function whose result says enough. */
    @SuppressWarnings("restricted") // The one place that leaves the JVM; Enable-Native-Access grants it.
    static MethodHandle plainHandle(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    /** What a handle threw that the C library cannot throw. */
    static IllegalStateException unexpected(Throwable thrown) {
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(thrown);
    }
}
