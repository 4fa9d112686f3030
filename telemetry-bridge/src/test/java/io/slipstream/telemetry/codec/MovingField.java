package io.slipstream.telemetry.codec;

import java.nio.ByteBuffer;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/** A block of {@code $pcars2$}'s size in which 64 cars and the player's car move with every frame. */
final class MovingField {
    static final int LENGTH = 20_692;

    private static final int SEQUENCE = 7_320;
    private static final int PLAYER = 6_848;
    private static final int PLAYER_END = 7_408;

    private final UnsafeBuffer block = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));
    private final Random random = new Random(1);
    private int frame;

    MovingField() {
        for (int i = 0; i < LENGTH; i += 4) {
            block.putInt(i, random.nextInt());
        }
    }

    UnsafeBuffer block() {
        return block;
    }

    /** Position, lap distance, orientation and speed of 64 cars; half of the player's words; the sequence. */
    void next() {
        frame++;
        for (int car = 0; car < 64; car++) {
            for (int word = 0; word < 4; word++) {
                touch(28 + car * 100 + 68 + word * 4);
            }
            for (int word = 0; word < 3; word++) {
                touch(10_032 + car * 12 + word * 4);
            }
            touch(10_800 + car * 4);
        }
        for (int offset = PLAYER; offset < PLAYER_END; offset += 8) {
            touch(offset);
        }
        block.putInt(SEQUENCE, 2 * frame);
    }

    private void touch(final int offset) {
        block.putInt(offset, block.getInt(offset) * 31 + frame);
    }
}
