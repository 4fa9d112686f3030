package io.slipstream.memory;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The word in shared memory through which processes wake each other, as {@link WakeDescriptor} has it: bit 0 says that somebody
 * sleeps, the others are the generation. Whoever has news calls {@link #signal}; whoever waits for news does so in a
 * {@link Waiter}.
 *
 * <p><b>Threads:</b> any. Nothing here allocates. The memory must be there at every call.
 */
public final class WakeWord {
    private static final VarHandle I32 =
            ValueLayout.JAVA_INT.withOrder(LITTLE_ENDIAN).varHandle();

    private final MemorySegment word;

    private WakeWord(MemorySegment word) {
        this.word = word;
    }

    /**
     * The word at a place in shared memory.
     *
     * @param memory that others share.
     * @param offset of the word, a multiple of 4.
     * @return the word, whatever it says.
     */
    public static WakeWord at(MemorySegment memory, long offset) {
        return new WakeWord(memory.asSlice(offset, Integer.BYTES, Integer.BYTES));
    }

    /**
     * Wakes all who sleep, in every process. The news must be there to be seen, and a full fence passed, before the call.
     * With nobody asleep this is one load.
     */
    public void signal() {
        int value = (int) I32.getVolatile(word, 0L);
        while ((value & WakeDescriptor.SLEEPER) != 0) {
            final int seen = (int) I32.compareAndExchange(word, 0L, value, value + 1);
            if (seen == value) {
                wakeAll();
                return;
            }
            value = seen;
        }
    }

    private void wakeAll() {
        if (Futex.SUPPORTED) {
            Futex.wakeAll(word);
        }
    }

    /** Announces a sleeper; what he looks at after this call is newer than what was there when he was announced. */
    int announce() {
        int value = (int) I32.getVolatile(word, 0L);
        while ((value & WakeDescriptor.SLEEPER) == 0) {
            final int seen = (int) I32.compareAndExchange(word, 0L, value, value | WakeDescriptor.SLEEPER);
            value = seen == value ? value | WakeDescriptor.SLEEPER : seen;
        }
        VarHandle.fullFence();
        return value;
    }

    MemorySegment memory() {
        return word;
    }
}
