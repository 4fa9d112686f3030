package io.slipstream.telemetry.simulator;

import io.slipstream.memory.format.BlockFormat;
import org.agrona.MutableDirectBuffer;

/**
 * Writes a race into a block of Project CARS 2 and Automobilista 2, version 14: every field that the game would fill, in
 * the units and with the unset values that recordings of the game show. It leaves the sequence number to whoever guards
 * the block against torn reads. Nothing is allocated and no name is looked up while it writes frames.
 *
 * <p>Not safe for several threads.
 */
final class Pcars2Writer {
    static final int VERSION = 14;
    static final int EXITED = 0;
    static final int PLAYING = 2;
    static final int RESTARTING = 5;

    private final BlockFormat format;
    private final SessionFields session;
    private final PlayerFields player;
    private final ParticipantFields participants;
    private final int sequence;

    Pcars2Writer(final BlockFormat format) {
        this.format = format;
        session = new SessionFields(format);
        player = new PlayerFields(format);
        participants = new ParticipantFields(format);
        sequence = format.field("mSequenceNumber").offset();
    }

    /** Bytes of the block. */
    int length() {
        return format.length(VERSION);
    }

    /** Empty the block and write what stays the same over a race. */
    void prepare(final MutableDirectBuffer block, final Race race, final String[] names) {
        block.setMemory(0, sequence, (byte) 0);
        final int after = sequence + BlockWriter.WORD;
        block.setMemory(after, length() - after, (byte) 0);
        session.prepare(block, format, race);
        player.prepare(block, format, race.spec());
        participants.prepare(block, race, names);
    }

    /** Write one frame of a prepared block. */
    void write(final MutableDirectBuffer block, final Race race, final int gameState) {
        session.write(block, race, gameState);
        player.write(block, race);
        participants.write(block, race);
    }
}
