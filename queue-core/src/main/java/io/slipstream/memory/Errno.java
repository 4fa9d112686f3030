package io.slipstream.memory;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** What the system refused, in Qt's terms. */
final class Errno {
    private Errno() {}

    /** The error of a call that failed with this number. EINVAL means a size here: keys and flags are our own. */
    static SharedMemoryError error(int errno) {
        return switch (errno) {
            case CLibrary.EPERM, CLibrary.EACCES -> SharedMemoryError.PERMISSION_DENIED;
            case CLibrary.EINVAL -> SharedMemoryError.INVALID_SIZE;
            case CLibrary.EEXIST -> SharedMemoryError.ALREADY_EXISTS;
            case CLibrary.ENOENT, CLibrary.EIDRM -> SharedMemoryError.NOT_FOUND;
            case CLibrary.EMFILE, CLibrary.ENFILE, CLibrary.ENOMEM, CLibrary.ENOSPC, CLibrary.EDQUOT ->
                SharedMemoryError.OUT_OF_RESOURCES;
            default -> SharedMemoryError.UNKNOWN_ERROR;
        };
    }

    /** An exception for a call that failed. */
    static SharedMemoryException failure(BlockName name, String nativeName, String call, int errno) {
        final SharedMemoryError error = error(errno);
        return new SharedMemoryException(
                error,
                name + " (" + nativeName + "): " + call + " failed: " + CLibrary.message(errno) + "; " + remedy(error));
    }

    /** An exception for a file that cannot be had. */
    static SharedMemoryException failure(BlockName name, String nativeName, IOException e) {
        final SharedMemoryError error = switch (e) {
            case NoSuchFileException _ -> SharedMemoryError.NOT_FOUND;
            case FileAlreadyExistsException _ -> SharedMemoryError.ALREADY_EXISTS;
            case AccessDeniedException _ -> SharedMemoryError.PERMISSION_DENIED;
            default -> {
                final String message = String.valueOf(e.getMessage());
                yield message.contains("No space left")
                                || message.contains("Too many open files")
                                || message.contains("Disk quota")
                                || message.contains("Map failed")
                                || message.contains("Cannot allocate memory")
                        ? SharedMemoryError.OUT_OF_RESOURCES
                        : message.contains("Operation not permitted")
                                ? SharedMemoryError.PERMISSION_DENIED
                                : SharedMemoryError.UNKNOWN_ERROR;
            }
        };
        final String what = switch (error) {
            case NOT_FOUND -> "there is no such block";
            case ALREADY_EXISTS -> "there is such a block already";
            case PERMISSION_DENIED -> "permission denied";
            default -> e instanceof ClosedByInterruptException ? "the thread was interrupted" : e.getMessage();
        };
        return new SharedMemoryException(error, name + " (" + nativeName + "): " + what + "; " + remedy(error), e);
    }

    /** An exception for the removal of a block that nobody can remove. */
    static SharedMemoryException goesByItself(BlockName name, String when) {
        return new SharedMemoryException(
                SharedMemoryError.UNKNOWN_ERROR, name + " cannot be removed: it goes by itself when " + when);
    }

    static String remedy(SharedMemoryError error) {
        return switch (error) {
            case PERMISSION_DENIED -> "run as the user who made it, or have its permissions widened";
            case INVALID_SIZE -> "ask for another size";
            case KEY_ERROR -> "mend the key";
            case ALREADY_EXISTS -> "attach to it, or remove it once no program uses it";
            case NOT_FOUND -> "start the program that makes it first, or mend the name";
            case LOCK_ERROR -> "see who holds the lock";
            case OUT_OF_RESOURCES -> "end programs, remove blocks that nobody uses, or raise the system's limit";
            case UNKNOWN_ERROR -> "see the system's log";
        };
    }
}
