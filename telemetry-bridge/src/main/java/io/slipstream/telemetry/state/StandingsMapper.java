package io.slipstream.telemetry.state;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.telemetry.schema.StandingsEncoder;
import org.agrona.DirectBuffer;

/**
 * One block to one {@code Standings}: a row for each active participant, in the block's order. What is not set becomes the
 * field's null value.
 *
 * <p><b>Threads:</b> one. Allocates nothing after construction.
 */
public final class StandingsMapper {
    private final ParticipantSlots participants;
    private final Slot speeds;
    private final Slot lastLapTimes;
    private final Slot fastestLapTimes;
    private final Slot raceStates;
    private final Slot pitModes;

    /**
     * Looks every field up.
     *
     * @param format of the blocks to come.
     * @throws IllegalArgumentException if the format lacks a field, naming it.
     */
    public StandingsMapper(final BlockFormat format) {
        participants = new ParticipantSlots(format);
        speeds = new Slot(format, "mSpeeds");
        lastLapTimes = new Slot(format, "mLastLapTimes");
        fastestLapTimes = new Slot(format, "mFastestLapTimes");
        raceStates = new Slot(format, "mRaceStates");
        pitModes = new Slot(format, "mPitModes");
    }

    /**
     * Maps a block.
     *
     * @param block at 0 of the buffer, as long as its version says.
     * @param version that the block states.
     * @param player the player's participant, from {@link PlayerAnchor}; {@link PlayerAnchor#NONE} for none.
     * @param frameNumber of the frame.
     * @param out wrapped encoder, with room for as many cars as a block can hold.
     * @return cars in the message.
     */
    public int map(
            final DirectBuffer block,
            final long version,
            final int player,
            final long frameNumber,
            final StandingsEncoder out) {
        out.frameNumber(frameNumber).player((short) player);
        final int count = participants.count(block, version);
        int active = 0;
        for (int i = 0; i < count; i++) {
            if (participants.isActive(block, version, i)) {
                active++;
            }
        }
        final StandingsEncoder.CarsEncoder cars = out.carsCount(active);
        for (int i = 0; i < count; i++) {
            if (participants.isActive(block, version, i)) {
                map(block, version, i, cars.next());
            }
        }
        return active;
    }

    private void map(
            final DirectBuffer block, final long version, final int index, final StandingsEncoder.CarsEncoder car) {
        car.index(index)
                .racePosition(CarStateMapper.uint16(
                        CarStateMapper.unsetBelow(participants.racePosition[index].integer(block, version), 1)))
                .lapsCompleted(CarStateMapper.uint32(participants.lapsCompleted[index].integer(block, version)))
                .lap(CarStateMapper.uint32(
                        CarStateMapper.unsetBelow(participants.lap[index].integer(block, version), 1)));
        CarStateMapper.vector(participants.position[index], block, version, car.position());
        car.lapDistance(participants.lapDistance[index].si(block, version))
                .speed(speeds.si(block, version, index))
                .lastLapTime(lastLapTimes.si(block, version, index))
                .fastestLapTime(fastestLapTimes.si(block, version, index))
                .sector(CarStateMapper.int8(
                        CarStateMapper.unsetBelow(participants.sector[index].integer(block, version), 0)))
                .active((short) 1)
                .raceState(CarStateMapper.uint8(raceStates.integer(block, version, index)))
                .pitMode(CarStateMapper.uint8(pitModes.integer(block, version, index)));
    }
}
