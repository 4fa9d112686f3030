package io.slipstream.tests.memory;

import io.slipstream.memory.BlockAccess;
import io.slipstream.memory.BlockName;
import io.slipstream.memory.ProcessLock;
import io.slipstream.memory.RegionLock;
import io.slipstream.memory.SemaphoreLock;
import io.slipstream.memory.SharedBlock;
import io.slipstream.memory.SharedMemoryException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process of its own that does with blocks and locks what it is told, a command a line, and answers each with a line. */
public final class BlockPeer {
    private SharedBlock block;
    private ProcessLock lock;

    private BlockPeer() {}

    /**
     * Serves until standard input ends.
     *
     * @param arguments none.
     * @throws IOException if standard input cannot be read.
     */
    public static void main(String[] arguments) throws IOException {
        final BlockPeer peer = new BlockPeer();
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            final int blank = line.indexOf(' ');
            final String command = blank < 0 ? line : line.substring(0, blank);
            String answer;
            try {
                answer = peer.answer(command, blank < 0 ? "" : line.substring(blank + 1));
            } catch (SharedMemoryException e) {
                answer = "error " + e.error().qtCode() + ' ' + e.getMessage();
            } catch (InterruptedException e) {
                answer = "interrupted";
            }
            System.out.println(answer);
        }
    }

    private String answer(String command, String argument) throws SharedMemoryException, InterruptedException {
        switch (command) {
            case "create" -> {
                final int blank = argument.lastIndexOf(' ');
                block = SharedBlock.create(
                        BlockName.parse(argument.substring(0, blank)), Long.parseLong(argument.substring(blank + 1)));
                return "ok";
            }
            case "attach" -> block = SharedBlock.attach(BlockName.parse(argument), BlockAccess.READ_WRITE);
            case "detach" -> block.close();
            case "lock" -> {
                lock = block.lock();
                lock.lock();
            }
            case "semaphore" -> {
                lock = SemaphoreLock.open(BlockName.parse(argument));
                lock.lock();
            }
            case "region" -> {
                lock = RegionLock.exclusive(Path.of(argument), 0, 0);
                lock.lock();
            }
            case "unlock" -> lock.unlock();
            case "read" -> {
                return block.segment().getString(0);
            }
            case "write" -> block.segment().setString(0, argument);
            case "count" -> count(Integer.parseInt(argument));
            default -> {
                return "no such command";
            }
        }
        return "ok";
    }

    private void count(int times) throws SharedMemoryException, InterruptedException {
        final ProcessLock held = lock == null ? block.lock() : lock;
        for (int i = 0; i < times; i++) {
            held.lock();
            block.segment().set(ValueLayout.JAVA_LONG, 0, block.segment().get(ValueLayout.JAVA_LONG, 0) + 1);
            held.unlock();
        }
    }
}
