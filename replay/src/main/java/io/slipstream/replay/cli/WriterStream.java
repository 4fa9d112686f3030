package io.slipstream.replay.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/** UTF-8 for a command's output. Its end, as that of a pipe to {@code head}, is an error here: nobody reads any more. */
final class WriterStream extends OutputStream {
    private static final int LONGEST_LETTER = 4;

    private final PrintWriter writer;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final CharBuffer chars = CharBuffer.allocate(1 << 13);
    private ByteBuffer left = ByteBuffer.allocate(LONGEST_LETTER);

    WriterStream(PrintWriter writer) {
        this.writer = writer;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        final ByteBuffer all = ByteBuffer.allocate(left.position() + length)
                .put(left.flip())
                .put(bytes, offset, length)
                .flip();
        while (decoder.decode(all, chars, false).isOverflow()) {
            drain();
        }
        drain();
        // The beginning of a letter whose end comes next.
        left = ByteBuffer.allocate(LONGEST_LETTER).put(all);
        if (writer.checkError()) {
            throw new IOException("nobody reads the output any more");
        }
    }

    private void drain() {
        writer.write(chars.array(), 0, chars.position());
        chars.clear();
    }

    @Override
    public void flush() throws IOException {
        writer.flush();
    }
}
