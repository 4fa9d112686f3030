package io.slipstream.telemetry.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipstream.queue.MessageClaim;
import io.slipstream.queue.Publisher;
import io.slipstream.telemetry.schema.Flag;
import io.slipstream.telemetry.schema.FlagChangedDecoder;
import io.slipstream.telemetry.schema.GapDecoder;
import io.slipstream.telemetry.schema.LapCompletedDecoder;
import io.slipstream.telemetry.schema.MarkerDecoder;
import io.slipstream.telemetry.schema.PitChangedDecoder;
import io.slipstream.telemetry.schema.PitMode;
import io.slipstream.telemetry.schema.SectorCompletedDecoder;
import io.slipstream.telemetry.schema.SessionEndedDecoder;
import io.slipstream.telemetry.schema.SessionStartedDecoder;
import io.slipstream.telemetry.schema.SourceChangedDecoder;
import io.slipstream.telemetry.schema.SourceStatus;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.sbe.MessageDecoderFlyweight;
import org.agrona.sbe.MessageEncoderFlyweight;
import org.junit.jupiter.api.Test;

class EventMessagesTest {
    private final LastMessage publisher = new LastMessage();
    private final EventMessages events = new EventMessages(publisher);

    private <D extends MessageDecoderFlyweight> D last(final D decoder) {
        assertThat(publisher.templateId).as("template published").isEqualTo(decoder.sbeTemplateId());
        assertThat(publisher.timestamp).as("timestamp published").isEqualTo(99);
        decoder.wrap(publisher.buffer, 0, decoder.sbeBlockLength(), decoder.sbeSchemaVersion());
        return decoder;
    }

    @Test
    void shouldEncodeEveryEvent() {
        events.onSessionStarted(99, 7, new EventSink.SessionDetails(7004f, 3, 5, "Käfer", "Vintage", "Spa", "GP"));
        final SessionStartedDecoder started = last(new SessionStartedDecoder());
        assertThat(started.lapLength()).isEqualTo(7004f);
        assertThat(started.lapsInEvent()).isEqualTo(3);
        assertThat(started.sessionState()).isEqualTo((short) 5);
        assertThat(started.car()).isEqualTo("Käfer");
        assertThat(started.carClass()).isEqualTo("Vintage");
        assertThat(started.track()).isEqualTo("Spa");
        assertThat(started.variation()).isEqualTo("GP");

        events.onLapCompleted(99, 8, 4, 90.123456, 30f, Float.NaN, 31f, true, false);
        final LapCompletedDecoder lap = last(new LapCompletedDecoder());
        assertThat(lap.frameNumber()).isEqualTo(8);
        assertThat(lap.lap()).isEqualTo(4);
        assertThat(lap.time()).isEqualTo(90.123456);
        assertThat(lap.sector1()).isEqualTo(30f);
        assertThat(lap.sector2()).isNaN();
        assertThat(lap.invalidated()).isEqualTo((short) 1);
        assertThat(lap.whole()).isZero();

        events.onSectorCompleted(99, 9, 4, 2, 31.5f);
        assertThat(last(new SectorCompletedDecoder()).sector()).isEqualTo((byte) 2);
        assertThat(last(new SectorCompletedDecoder()).time()).isEqualTo(31.5f);
        events.onSessionEnded(99, 10, 12);
        assertThat(last(new SessionEndedDecoder()).lapsCompleted()).isEqualTo(12);
        events.onFlagChanged(99, 11, 11);
        assertThat(last(new FlagChangedDecoder()).flag()).isEqualTo(Flag.CHEQUERED);
        events.onFlagChanged(99, 11, 12);
        assertThat(last(new FlagChangedDecoder()).flag())
                .as("a flag unknown here")
                .isEqualTo(Flag.NULL_VAL);
        events.onPitChanged(99, 12, 4);
        assertThat(last(new PitChangedDecoder()).mode()).isEqualTo(PitMode.IN_GARAGE);
        events.onPitChanged(99, 12, -1);
        assertThat(last(new PitChangedDecoder()).mode()).isEqualTo(PitMode.NULL_VAL);
        events.onGap(99, 13, 5, 30_000_000);
        assertThat(last(new GapDecoder()).missed()).isEqualTo(5);
        assertThat(last(new GapDecoder()).duration()).isEqualTo(30_000_000);
        events.onSourceChanged(99, SourceStatus.LOST, "/dev/shm/$pcars2$");
        assertThat(last(new SourceChangedDecoder()).status()).isEqualTo(SourceStatus.LOST);
    }

    @Test
    void shouldEncodeAMarker() {
        events.onMarker(99, "Käfer überholt");
        assertThat(last(new MarkerDecoder()).label()).isEqualTo("Käfer überholt");
        events.onMarker(99, "");
        assertThat(last(new MarkerDecoder()).label()).isEmpty();
        publisher.templateId = 0;
        assertThatThrownBy(() -> events.onMarker(99, "x".repeat(EventMessages.LONGEST_LABEL + 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1025 bytes")
                .hasMessageContaining("1024");
        assertThat(publisher.templateId).as("template published").isZero();
    }

    /** Keeps what was published last. */
    private static final class LastMessage implements Publisher {
        private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4096]);
        private int templateId;
        private long timestamp;

        @Override
        public <E extends MessageEncoderFlyweight> E wrap(final E encoder) {
            encoder.wrap(buffer, 0);
            return encoder;
        }

        @Override
        public long publish(final MessageEncoderFlyweight encoder) {
            throw new AssertionError("events carry the frame's time, not the present");
        }

        @Override
        public long publish(final MessageEncoderFlyweight encoder, final long time) {
            templateId = encoder.sbeTemplateId();
            timestamp = time;
            return 0;
        }

        @Override
        public long publish(final DirectBuffer source, final int offset, final int length, final long time) {
            throw new AssertionError("not used");
        }

        @Override
        public MessageClaim claim(final int length) {
            throw new AssertionError("not used");
        }

        @Override
        public void pretouch(int bytes) {
            // No file behind it.
        }

        @Override
        public long lastPosition() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
