package io.slipstream.tests.wine;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A block of a prefix that the environment names, which a test cannot change for itself. */
public final class WineBlock {
    private WineBlock() {}

    /**
     * Attaches to a block, or makes one, writes a text into it and waits for "enough".
     *
     * @param arguments {@code attach NAME}, or {@code create NAME BYTES TEXT}; NAME may have %XX, for locales that cannot say it.
     */
    public static void main(String[] arguments) {
        try {
            final BlockName name = BlockName.parse(URLDecoder.decode(arguments[1], StandardCharsets.UTF_8));
            if (arguments[0].equals("attach")) {
                SharedBlock.attach(name, BlockAccess.READ_ONLY).close();
            } else {
                create(name, Long.parseLong(arguments[2]), arguments[3]);
            }
        } catch (SharedMemoryException e) {
            System.err.println(e.error() + " " + e.getMessage());
            System.exit(1);
        }
    }

    private static void create(BlockName name, long size, String text) throws SharedMemoryException {
        try (SharedBlock block = SharedBlock.create(name, size)) {
            block.segment().setString(0, text);
            try {
                SharedBlock.create(name, size).close();
            } catch (SharedMemoryException e) {
                System.err.println("there twice: " + e.error());
            }
            System.err.println("created " + block);
            final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!block.segment().getString(0).equals("enough") && System.nanoTime() - deadline < 0) {
                LockSupport.parkNanos(1_000_000);
            }
            System.err.println("read: " + block.segment().getString(0));
        }
    }
}
