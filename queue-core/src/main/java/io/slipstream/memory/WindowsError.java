package io.slipstream.memory;

/** What Windows refused, in Qt's terms. */
final class WindowsError {
    static final int ALREADY_EXISTS = 183;
    private static final int FILE_NOT_FOUND = 2;
    private static final int PATH_NOT_FOUND = 3;
    private static final int ACCESS_DENIED = 5;
    private static final int INVALID_HANDLE = 6;
    private static final int NOT_ENOUGH_MEMORY = 8;
    private static final int DISK_FULL = 112;
    private static final int INVALID_PARAMETER = 87;
    private static final int INVALID_NAME = 123;
    private static final int MOD_NOT_FOUND = 126;
    private static final int BAD_PATHNAME = 161;
    private static final int BAD_EXE_FORMAT = 193;
    private static final int FILENAME_EXCED_RANGE = 206;
    private static final int NO_SYSTEM_RESOURCES = 1450;
    private static final int COMMITMENT_LIMIT = 1455;

    private WindowsError() {}

    static SharedMemoryError error(int code) {
        return switch (code) {
            case ALREADY_EXISTS -> SharedMemoryError.ALREADY_EXISTS;
            case FILE_NOT_FOUND, MOD_NOT_FOUND -> SharedMemoryError.NOT_FOUND;
            case ACCESS_DENIED -> SharedMemoryError.PERMISSION_DENIED;
            case NOT_ENOUGH_MEMORY, DISK_FULL, NO_SYSTEM_RESOURCES, COMMITMENT_LIMIT ->
                SharedMemoryError.OUT_OF_RESOURCES;
            case PATH_NOT_FOUND, INVALID_HANDLE, INVALID_NAME, BAD_PATHNAME, BAD_EXE_FORMAT, FILENAME_EXCED_RANGE ->
                SharedMemoryError.KEY_ERROR;
            case INVALID_PARAMETER -> SharedMemoryError.INVALID_SIZE;
            default -> SharedMemoryError.UNKNOWN_ERROR;
        };
    }

    /** An exception for a call that failed. */
    static SharedMemoryException failure(BlockName name, String call, String nativeName, int code) {
        return new SharedMemoryException(
                error(code),
                name + ": " + call + "(" + nativeName + ") failed with error " + code + ": "
                        + remedy(code, nativeName));
    }

    private static String remedy(int code, String nativeName) {
        return switch (code) {
            case ALREADY_EXISTS -> "there is such a block already; attach to it";
            case FILE_NOT_FOUND ->
                "no program has such a block; start the one that makes it first, or mend the name: case counts";
            case MOD_NOT_FOUND -> "there is no such DLL, or one that it needs is missing";
            case ACCESS_DENIED ->
                nativeName.startsWith("Global\\")
                        ? "the privilege SeCreateGlobalPrivilege is wanted for new names under Global\\: run as an"
                                + " administrator or a service, or use Local\\"
                        : "its owner lets others not in; run as the same user, or attach to read only";
            case INVALID_HANDLE -> "a mutex, event or semaphore has that name, or will have it; give another";
            case PATH_NOT_FOUND, INVALID_NAME, BAD_PATHNAME, FILENAME_EXCED_RANGE ->
                "Windows has no such names: no \\ but after Local or Global, and at most 260 characters";
            case BAD_EXE_FORMAT -> "the file is no DLL, or one of a 32-bit program";
            case INVALID_PARAMETER -> "ask for another size";
            case NOT_ENOUGH_MEMORY, DISK_FULL, NO_SYSTEM_RESOURCES, COMMITMENT_LIMIT ->
                "end programs, or make the page file larger";
            default -> "'net helpmsg " + code + "' tells more";
        };
    }
}
