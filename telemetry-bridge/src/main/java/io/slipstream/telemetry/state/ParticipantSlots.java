package io.slipstream.telemetry.state;

import io.slipstream.memory.format.BlockFormat;
import org.agrona.DirectBuffer;

/** What a block says of each participant, for the mappers and the detector. Immutable; for any thread; allocates nothing. */
final class ParticipantSlots {
    final int most;
    final Slot count;
    final TextSlot name;
    final Slot[] active;
    final Slot[] position;
    final Slot[] lapDistance;
    final Slot[] racePosition;
    final Slot[] lapsCompleted;
    final Slot[] lap;
    final Slot[] sector;

    ParticipantSlots(final BlockFormat format) {
        most = format.field("mParticipantInfo").count();
        count = new Slot(format, "mNumParticipants");
        name = TextSlot.member(format, "mParticipantInfo", "mName");
        active = members(format, "mIsActive");
        position = members(format, "mWorldPosition");
        lapDistance = members(format, "mCurrentLapDistance");
        racePosition = members(format, "mRacePosition");
        lapsCompleted = members(format, "mLapsCompleted");
        lap = members(format, "mCurrentLap");
        sector = members(format, "mCurrentSector");
    }

    private Slot[] members(final BlockFormat format, final String member) {
        final Slot[] slots = new Slot[most];
        for (int i = 0; i < most; i++) {
            slots[i] = new Slot(format, "mParticipantInfo[" + i + "]." + member);
        }
        return slots;
    }

    /** Places in use, whether or not the one in it is active. */
    int count(final DirectBuffer block, final long version) {
        return Math.clamp(count.integer(block, version), 0, most);
    }

    boolean isActive(final DirectBuffer block, final long version, final int index) {
        return active[index].isSet(block, version);
    }
}
