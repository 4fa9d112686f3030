package io.slipstream.telemetry.bridge;

import io.slipstream.memory.BlockName;
import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Field;
import io.slipstream.memory.format.FieldType;
import io.slipstream.memory.format.SeqlockWriter;
import io.slipstream.telemetry.block.BlockDescriptor;
import io.slipstream.telemetry.block.BlockTrailer;
import io.slipstream.telemetry.block.MappedBlock;
import io.slipstream.telemetry.formats.GameFormats;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;

/** A block, written as a game does: two cars on a track, and other numbers in the player's fields each frame. */
final class GameBlock implements AutoCloseable {
    static final BlockFormat FORMAT = GameFormats.load("pcars2");
    static final int SEQUENCE = FORMAT.field("mSequenceNumber").offset();

    /** What may take any value without an event. */
    private static final List<Field> MOVING = List.of(
            FORMAT.field("mSpeed"),
            FORMAT.field("mThrottle"),
            FORMAT.field("mTyreTemp"),
            FORMAT.field("mSuspensionTravel"),
            FORMAT.field("mRideHeight"),
            FORMAT.field("mWorldVelocity"));

    private final MappedBlock block;
    private final SplittableRandom random = new SplittableRandom(7);
    private final UnsafeBuffer frame;
    private SeqlockWriter writer;
    private final int length;

    GameBlock(final Path path, final long version) throws IOException {
        this(new BlockName.MappedFile(path), version);
    }

    GameBlock(final BlockName name, final long version) throws IOException {
        this(name, version, BlockDescriptor.PAGE_SIZE * 6);
    }

    GameBlock(final Path path, final long version, final int mapped) throws IOException {
        this(new BlockName.MappedFile(path), version, mapped);
    }

    private GameBlock(final BlockName name, final long version, final int mapped) throws IOException {
        block = MappedBlock.create(name, mapped);
        length = FORMAT.knows(version) ? FORMAT.length(version) : mapped - BlockDescriptor.TRAILER_LENGTH;
        writer = new SeqlockWriter(block.buffer(), SEQUENCE);
        frame = aFrame(length, version);
    }

    /** A race of two cars that has just begun. */
    static UnsafeBuffer aFrame(final int length, final long version) {
        final UnsafeBuffer frame = new UnsafeBuffer(new byte[length]);
        set(frame, "mVersion", (double) version);
        set(frame, "mGameState", 2);
        set(frame, "mSessionState", 5);
        set(frame, "mNumParticipants", 2);
        text(frame, "mTrackLocation", "Spa");
        text(frame, "mCarName", "Kart");
        set(frame, "mTrackLength", 7004);
        set(frame, "mLastLapTime", -1);
        set(frame, "mCurrentTime", -1);
        for (int i = 0; i < 2; i++) {
            set(frame, "mParticipantInfo[" + i + "].mIsActive", 1);
            set(frame, "mParticipantInfo[" + i + "].mCurrentLap", 1);
            text(frame, "mParticipantInfo[" + i + "].mName", i == 0 ? "Ada" : "Bob");
        }
        return frame;
    }

    static void set(final UnsafeBuffer buffer, final String path, final double value) {
        final Field field = FORMAT.field(path);
        if (field.type() == FieldType.F32) {
            buffer.putFloat(field.offset(), (float) value, ByteOrder.LITTLE_ENDIAN);
        } else if (field.type() == FieldType.BOOL8) {
            buffer.putByte(field.offset(), (byte) value);
        } else {
            buffer.putInt(field.offset(), (int) value, ByteOrder.LITTLE_ENDIAN);
        }
    }

    private static void text(final UnsafeBuffer buffer, final String path, final String text) {
        buffer.putBytes(FORMAT.field(path).offset(), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Signs the block as a live simulator's or player's. */
    GameBlock signed(final boolean synthetic) {
        BlockTrailer.write(block.buffer(), synthetic, false);
        return this;
    }

    GameBlock signOff() {
        BlockTrailer.signOff(block.buffer());
        return this;
    }

    /** Writes another frame and gives it as readers must find it. */
    byte[] write() {
        for (final Field field : MOVING) {
            for (int i = 0; i < field.count(); i++) {
                frame.putFloat(field.offset() + 4 * i, (float) random.nextDouble(100), ByteOrder.LITTLE_ENDIAN);
            }
        }
        writer.write(frame, length);
        final byte[] whole = new byte[length];
        block.buffer().getBytes(0, whole);
        return whole;
    }

    /** The next frame has this sequence number, as after the game was started again. */
    GameBlock sequence(final int even) {
        block.buffer().putIntVolatile(SEQUENCE, even - 2);
        return this;
    }

    /** The next frames state this version. */
    GameBlock version(final long version) {
        set(frame, "mVersion", (double) version);
        return this;
    }

    UnsafeBuffer live() {
        return block.buffer();
    }

    BlockName name() {
        return block.name();
    }

    @Override
    public void close() throws IOException {
        block.close();
    }
}
