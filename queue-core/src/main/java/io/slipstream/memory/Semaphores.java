package io.slipstream.memory;

import java.nio.file.Path;

/** Which semaphore a name means. */
final class Semaphores {
    private static final String QT_PREFIX = "qipc_systemsem_";

    private Semaphores() {}

    static Semaphore open(BlockName name, int initialValue) throws SharedMemoryException {
        if (!CLibrary.LINUX) {
            throw new SharedMemoryException(
                    SharedMemoryError.LOCK_ERROR,
                    name + ": semaphores are there on Linux only; use a FastLock or a file");
        }
        return switch (name) {
            case BlockName.Qt qt -> SystemVSemaphore.ofFile(name, qtFile(qt.key()), initialValue);
            case BlockName.QtNative(BlockName.QtKeyType type, String key) ->
                switch (type) {
                    case POSIX -> PosixSemaphore.open(name, key, initialValue);
                    case SYSTEM_V -> SystemVSemaphore.ofFile(name, Path.of(key), initialValue);
                    case WINDOWS -> throw refused(name);
                };
            case BlockName.Posix posix -> PosixSemaphore.open(name, "/" + posix.name(), initialValue);
            case BlockName.SystemV systemV -> SystemVSemaphore.ofKey(name, systemV.value(), initialValue);
            default -> throw refused(name);
        };
    }

    static Path qtFile(String key) {
        return SystemVKeys.qtDirectory().resolve(SystemVKeys.qtName(QT_PREFIX, key));
    }

    private static SharedMemoryException refused(BlockName name) {
        return new SharedMemoryException(
                SharedMemoryError.KEY_ERROR,
                name + ": there are no semaphores of this kind here; use qt:, posix: or systemv:");
    }
}
