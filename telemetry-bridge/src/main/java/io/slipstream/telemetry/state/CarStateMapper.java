package io.slipstream.telemetry.state;

import io.slipstream.memory.format.BlockFormat;
import io.slipstream.telemetry.schema.CarFlagsEncoder;
import io.slipstream.telemetry.schema.CarStateEncoder;
import io.slipstream.telemetry.schema.VectorEncoder;
import io.slipstream.telemetry.schema.WheelsEncoder;
import org.agrona.DirectBuffer;

/**
 * One block to one {@code CarState}, in SI units. What the block has not set, or its version lacks, becomes the field's null
 * value: NaN for floats.
 *
 * <p>Lap, place, distance and position are those of the player's own participant. The car's physics exist once in a block and
 * belong to whom it <em>views</em>: while the camera is on another car they are that car's, and the lap time, which would be
 * taken for the player's, is left null.
 *
 * <p><b>Threads:</b> one. Allocates nothing after construction.
 */
public final class CarStateMapper {
    private static final int HEADLIGHT = 0x01;
    private static final int ENGINE_ACTIVE = 0x02;
    private static final int ENGINE_WARNING = 0x04;
    private static final int SPEED_LIMITER = 0x08;
    private static final int HANDBRAKE = 0x20;

    private static final int TYRE_ATTACHED = 0x01;
    private static final int TYRE_ON_GROUND = 0x04;
    private static final int WHEELS = 4;

    private final CarSlots slots;
    private final ParticipantSlots participants;

    /**
     * Looks every field up.
     *
     * @param format of the blocks to come.
     * @throws IllegalArgumentException if the format lacks a field, naming it.
     */
    public CarStateMapper(final BlockFormat format) {
        slots = new CarSlots(format);
        participants = new ParticipantSlots(format);
    }

    /**
     * Maps a block.
     *
     * @param block at 0 of the buffer, as long as its version says.
     * @param version that the block states.
     * @param player the player's participant, from {@link PlayerAnchor}; {@link PlayerAnchor#NONE} for none.
     * @param frameNumber of the frame.
     * @param out wrapped encoder; every field is written.
     */
    public void map(
            final DirectBuffer block,
            final long version,
            final int player,
            final long frameNumber,
            final CarStateEncoder out) {
        out.frameNumber(frameNumber);
        mapMotion(block, version, out);
        mapEngine(block, version, out);
        mapControls(block, version, out);
        mapTyres(block, version, out);
        mapSuspension(block, version, out);
        mapStates(block, version, player, out);
        mapParticipant(block, version, player, out);
    }

    private void mapMotion(final DirectBuffer block, final long version, final CarStateEncoder out) {
        vector(slots.orientation, block, version, out.orientation());
        vector(slots.velocity, block, version, out.velocity());
        vector(slots.worldVelocity, block, version, out.worldVelocity());
        vector(slots.angularVelocity, block, version, out.angularVelocity());
        vector(slots.acceleration, block, version, out.acceleration());
        out.speed(slots.speed.si(block, version)).odometer(slots.odometer.si(block, version));
    }

    private void mapEngine(final DirectBuffer block, final long version, final CarStateEncoder out) {
        out.engineSpeed(slots.engineSpeed.si(block, version))
                .maxEngineSpeed(slots.maxEngineSpeed.si(block, version))
                .engineTorque(slots.engineTorque.si(block, version))
                .boostPressure(slots.boostPressure.si(block, version))
                .fuel(slots.fuelFraction.si(block, version) * slots.fuelCapacity.si(block, version))
                .fuelCapacity(slots.fuelCapacity.si(block, version))
                .oilTemperature(slots.oilTemperature.si(block, version))
                .oilPressure(slots.oilPressure.si(block, version))
                .waterTemperature(slots.waterTemperature.si(block, version))
                .waterPressure(slots.waterPressure.si(block, version))
                .fuelPressure(slots.fuelPressure.si(block, version))
                .aeroDamage(slots.aeroDamage.si(block, version))
                .engineDamage(slots.engineDamage.si(block, version));
    }

    private void mapControls(final DirectBuffer block, final long version, final CarStateEncoder out) {
        out.throttle(slots.throttle.si(block, version))
                .brake(slots.brake.si(block, version))
                .clutch(slots.clutch.si(block, version))
                .steering(slots.steering.si(block, version))
                .throttleInput(slots.throttleInput.si(block, version))
                .brakeInput(slots.brakeInput.si(block, version))
                .clutchInput(slots.clutchInput.si(block, version))
                .steeringInput(slots.steeringInput.si(block, version))
                .brakeBias(slots.brakeBias.si(block, version))
                .gear(int8(slots.gear.integer(block, version)))
                .gears(int8(unsetBelow(slots.gears.integer(block, version), 0)));
    }

    private void mapTyres(final DirectBuffer block, final long version, final CarStateEncoder out) {
        wheels(slots.wheelSpeed, block, version, out.wheelSpeed());
        wheels(slots.tyreSlipSpeed, block, version, out.tyreSlipSpeed());
        wheels(slots.tyreTemperature, block, version, out.tyreTemperature());
        wheels(slots.tyreTreadTemperature, block, version, out.tyreTreadTemperature());
        wheels(slots.tyreLayerTemperature, block, version, out.tyreLayerTemperature());
        wheels(slots.tyreCarcassTemperature, block, version, out.tyreCarcassTemperature());
        wheels(slots.tyreRimTemperature, block, version, out.tyreRimTemperature());
        wheels(slots.tyreAirTemperature, block, version, out.tyreAirTemperature());
        wheels(slots.tyrePressure, block, version, out.tyrePressure());
        wheels(slots.tyreWear, block, version, out.tyreWear());
        wheels(slots.tyreHeightAboveGround, block, version, out.tyreHeightAboveGround());
    }

    private void mapSuspension(final DirectBuffer block, final long version, final CarStateEncoder out) {
        wheels(slots.brakeTemperature, block, version, out.brakeTemperature());
        wheels(slots.brakeDamage, block, version, out.brakeDamage());
        wheels(slots.suspensionTravel, block, version, out.suspensionTravel());
        wheels(slots.suspensionVelocity, block, version, out.suspensionVelocity());
        wheels(slots.suspensionDamage, block, version, out.suspensionDamage());
        wheels(slots.rideHeight, block, version, out.rideHeight());
    }

    private void mapStates(final DirectBuffer block, final long version, final int player, final CarStateEncoder out) {
        final boolean own = player != PlayerAnchor.NONE && slots.viewed.integer(block, version) == player;
        final float lapTime = slots.lapTime.si(block, version);
        out.lapTime(own ? lapTime : Float.NaN);
        out.gameState(uint8(slots.gameState.integer(block, version)))
                .sessionState(uint8(slots.sessionState.integer(block, version)))
                .raceState(uint8(ofPlayer(slots.raceState, slots.raceStates, block, version, player, own)))
                .pitMode(uint8(ofPlayer(slots.pitMode, slots.pitModes, block, version, player, own)));

        // The game holds the flag up before the first timed lap too, when there is no lap to invalidate.
        final boolean invalidated = (own || player == PlayerAnchor.NONE)
                ? slots.lapInvalidated.isSet(block, version) && lapTime >= 0
                : slots.lapsInvalidated.isSet(block, version, player);
        final long carFlags = slots.carFlags.integer(block, version);
        out.flags().clear();
        out.flags()
                .lapInvalidated(invalidated)
                .abs(slots.antiLockActive.isSet(block, version))
                .airborne(isAirborne(block, version));
        carFlags(carFlags == Slot.MISSING ? 0 : carFlags, out.flags());
    }

    private static void carFlags(final long bits, final CarFlagsEncoder out) {
        out.pitLimiter((bits & SPEED_LIMITER) != 0)
                .handbrake((bits & HANDBRAKE) != 0)
                .headlights((bits & HEADLIGHT) != 0)
                .engineActive((bits & ENGINE_ACTIVE) != 0)
                .engineWarning((bits & ENGINE_WARNING) != 0);
    }

    /** The player's own field while the player is viewed, the player's place in the array while another is. */
    private static long ofPlayer(
            final Slot single,
            final Slot array,
            final DirectBuffer block,
            final long version,
            final int player,
            final boolean own) {
        return (own || player == PlayerAnchor.NONE)
                ? single.integer(block, version)
                : array.integer(block, version, player);
    }

    private void mapParticipant(
            final DirectBuffer block, final long version, final int player, final CarStateEncoder out) {
        if (player == PlayerAnchor.NONE) {
            out.position().x(Float.NaN).y(Float.NaN).z(Float.NaN);
            out.lapDistance(Float.NaN)
                    .lap(CarStateEncoder.lapNullValue())
                    .lapsCompleted(CarStateEncoder.lapsCompletedNullValue())
                    .racePosition(CarStateEncoder.racePositionNullValue())
                    .sector(CarStateEncoder.sectorNullValue());
            return;
        }
        vector(participants.position[player], block, version, out.position());
        out.lapDistance(participants.lapDistance[player].si(block, version))
                .lap(uint32(unsetBelow(participants.lap[player].integer(block, version), 1)))
                .lapsCompleted(uint32(participants.lapsCompleted[player].integer(block, version)))
                .racePosition(uint16(unsetBelow(participants.racePosition[player].integer(block, version), 1)))
                .sector(int8(unsetBelow(participants.sector[player].integer(block, version), 0)));
    }

    /** All four wheels off the ground; a car without wheels, as in menus, does not fly. */
    private boolean isAirborne(final DirectBuffer block, final long version) {
        boolean attached = false;
        for (int i = 0; i < WHEELS; i++) {
            final long flags = slots.tyreFlags.integer(block, version, i);
            if (flags == Slot.MISSING || (flags & TYRE_ON_GROUND) != 0) {
                return false;
            }
            attached |= (flags & TYRE_ATTACHED) != 0;
        }
        return attached;
    }

    static void vector(final Slot slot, final DirectBuffer block, final long version, final VectorEncoder out) {
        out.x(slot.si(block, version, 0)).y(slot.si(block, version, 1)).z(slot.si(block, version, 2));
    }

    private static void wheels(final Slot slot, final DirectBuffer block, final long version, final WheelsEncoder out) {
        out.frontLeft(slot.si(block, version, 0))
                .frontRight(slot.si(block, version, 1))
                .rearLeft(slot.si(block, version, 2))
                .rearRight(slot.si(block, version, 3));
    }

    static long unsetBelow(final long value, final long least) {
        return value < least ? Slot.MISSING : value;
    }

    /** A value that does not fit is damage in the block, and null says so better than its low bits. */
    static byte int8(final long value) {
        return value > Byte.MIN_VALUE && value <= Byte.MAX_VALUE ? (byte) value : CarStateEncoder.gearNullValue();
    }

    static short uint8(final long value) {
        return value >= 0 && value < 0xFF ? (short) value : CarStateEncoder.raceStateNullValue();
    }

    static int uint16(final long value) {
        return value >= 0 && value < 0xFFFF ? (int) value : CarStateEncoder.racePositionNullValue();
    }

    static long uint32(final long value) {
        return value >= 0 && value < 0xFFFF_FFFFL ? value : CarStateEncoder.lapNullValue();
    }
}
