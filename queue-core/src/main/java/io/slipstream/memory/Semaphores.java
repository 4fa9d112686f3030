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
                    case POSIX -> PosixSemaphore.open(name, key, initialValue, true);
                    case SYSTEM_V -> SystemVSemaphore.ofFile(name, Path.of(key), initialValue);
                    case WINDOWS -> throw refused(name);
                };
            case BlockName.Posix posix -> PosixSemaphore.open(name, "/" + posix.name(), initialValue, false);
            case BlockName.SystemV systemV -> SystemVSemaphore.ofKey(name, systemV.value(), initialValue);
            default -> throw refused(name);
        };
    }

    static boolean exists(BlockName name) throws SharedMemoryException {
        if (!CLibrary.LINUX) {
            return false;
        }
        return switch (name) {
            case BlockName.Qt qt -> SystemVSemaphore.find(qtFile(qt.key())) >= 0;
            case BlockName.QtNative(BlockName.QtKeyType type, String key) ->
                switch (type) {
                    case POSIX -> PosixSemaphore.exists(key);
                    case SYSTEM_V -> SystemVSemaphore.find(Path.of(key)) >= 0;
                    case WINDOWS -> throw refused(name);
                };
            case BlockName.Posix posix -> PosixSemaphore.exists("/" + posix.name());
            case BlockName.SystemV systemV -> SystemVSemaphore.find(systemV.value()) >= 0;
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
