package io.slipstream.memory;

import java.lang.foreign.MemorySegment;

/** The functions of Windows' {@code kernel32.dll} that shared memory needs, by their documented names. */
interface Kernel32 {
    /** What a call returned, and {@code GetLastError} right after it. */
    record Answer(MemorySegment value, int error) {
        boolean isNull() {
            return value.address() == 0;
        }
    }

    /** {@code CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, size, name)}. */
    Answer createFileMapping(long size, String name);

    /** {@code OpenFileMappingW(access, FALSE, name)}. */
    Answer openFileMapping(int access, String name);

    /** {@code MapViewOfFile(mapping, access, 0, 0, size)}; size 0 is all of it. */
    Answer mapViewOfFile(MemorySegment mapping, int access, long size);

    /** {@code RegionSize} of {@code VirtualQuery(address)}; 0 if it failed. */
    long regionSize(MemorySegment address);

    /** {@code UnmapViewOfFile(view)}. */
    void unmapViewOfFile(MemorySegment view);

    /** {@code CloseHandle(handle)}. */
    void closeHandle(MemorySegment handle);

    /** {@code LoadLibraryW(file)}: the address at which the DLL is. */
    Answer loadLibrary(String file);

    /** {@code FreeLibrary(module)}. */
    void freeLibrary(MemorySegment module);
}
