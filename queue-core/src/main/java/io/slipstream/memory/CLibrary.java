package io.slipstream.memory;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/** How this package reaches functions of the C library, and the error number that they leave behind. */
final class CLibrary {
    static final boolean LINUX = System.getProperty("os.name").equals("Linux");

    /** Layout of the segment that {@link #handle} wants first: it receives the error number. */
    static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int EACCES = 13;
    static final int EEXIST = 17;
    static final int EINVAL = 22;
    static final int ENFILE = 23;
    static final int EMFILE = 24;
    static final int ENOSPC = 28;
    static final int EIDRM = 43;
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

    /** What the C library says of an error number, for people. */
    @SuppressWarnings("restricted") // The text ends at its NUL, wherever that is.
    static String message(int errno) {
        try {
            return ((MemorySegment) Strerror.HANDLE.invokeExact(errno))
                    .reinterpret(Long.MAX_VALUE)
                    .getString(0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static final class Strerror {
        static final MethodHandle HANDLE =
                plainHandle("strerror", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
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
