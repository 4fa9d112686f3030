package io.slipstream.telemetry.state;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.memory.format.Field;
import io.slipstream.telemetry.formats.GameFormats;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/** A block built field by field. It begins as a race at a track with two cars, the player's first and viewed. */
final class Blocks {
    static final BlockFormat FORMAT = GameFormats.load("pcars2");

    final UnsafeBuffer buffer;
    private final long version;

    Blocks(final long version) {
        this.version = version;
        buffer = new UnsafeBuffer(new byte[FORMAT.length(version)]);
        set("mVersion", (double) version)
                .set("mGameState", 2)
                .set("mSessionState", 5)
                .set("mNumParticipants", 2);
        text("mTrackLocation", "Spa")
                .text("mTrackVariation", "GP")
                .text("mCarName", "Kart")
                .text("mCarClassName", "K");
        set("mTrackLength", 7004).set("mLapsInEvent", 3).set("mLastLapTime", -1).set("mCurrentTime", -1);
        for (int i = 0; i < 2; i++) {
            set("mParticipantInfo[" + i + "].mIsActive", 1);
            set("mParticipantInfo[" + i + "].mCurrentLap", 1);
            text("mCarNames[" + i + "]", "Kart");
            set("mLastLapTimes[" + i + "]", -123);
            set("mRaceStates[" + i + "]", 2);
            for (int sector = 1; sector <= 3; sector++) {
                set("mCurrentSector" + sector + "Times[" + i + "]", -1);
                set("mCurrentSector" + sector + "Time", -1);
            }
        }
        text("mParticipantInfo[0].mName", "Ada").text("mParticipantInfo[1].mName", "Bob");
    }

    Blocks() {
        this(14);
    }

    private Blocks(final byte[] dump) {
        buffer = new UnsafeBuffer(dump);
        version = FORMAT.version(buffer, 0);
    }

    /** A real dump; the test is skipped where the captures are absent. */
    static Blocks dump(final String name) throws IOException {
        final Path file = Path.of(System.getProperty("slipstream.root", ".."))
                .resolve("../shared/captures")
                .resolve(name);
        assumeTrue(Files.isRegularFile(file), "skipped: no real capture " + file.normalize());
        return new Blocks(Files.readAllBytes(file));
    }

    long version() {
        return version;
    }

    Blocks set(final String path, final double value) {
        return set(path, 0, value);
    }

    Blocks set(final String path, final int index, final double value) {
        final Field field = FORMAT.field(path);
        final int offset = field.offset() + index * field.type().size();
        switch (field.type()) {
            case F32 -> buffer.putFloat(offset, (float) value, LITTLE_ENDIAN);
            case U32, I32 -> buffer.putInt(offset, (int) (long) value, LITTLE_ENDIAN);
            case BOOL8 -> buffer.putByte(offset, (byte) value);
            default -> throw new IllegalArgumentException(path + " is " + field.type());
        }
        return this;
    }

    Blocks text(final String path, final String text) {
        return bytes(path, text.getBytes(StandardCharsets.UTF_8));
    }

    Blocks bytes(final String path, final byte[] text) {
        final Field field = FORMAT.field(path);
        buffer.putBytes(field.offset(), text);
        buffer.putByte(field.offset() + text.length, (byte) 0);
        return this;
    }
}
