package io.slipstream.replay.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;

/** The bytes of an export, on their way to a file or a stream. */
final class TargetStream implements AutoCloseable {
    private final OutputFile file;
    private final OutputStream out;

    private TargetStream(OutputFile file, OutputStream out) {
        this.file = file;
        this.out = out;
    }

    /** The caller buffers what it writes. */
    static TargetStream open(ExportTarget target) throws IOException {
        return switch (target) {
            case ExportTarget.Stream stream -> new TargetStream(null, stream.out());
            case ExportTarget.File(var path, var replace) -> {
                final OutputFile file = OutputFile.create(path, replace);
                try {
                    yield new TargetStream(file, Files.newOutputStream(file.temporary()));
                } catch (IOException e) {
                    file.close();
                    throw e;
                }
            }
        };
    }

    OutputStream out() {
        return out;
    }

    /** Everything has been written. */
    void complete() throws IOException {
        out.flush();
        if (file != null) {
            out.close();
            file.complete();
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            try (file) {
                out.close();
            }
        }
    }
}
