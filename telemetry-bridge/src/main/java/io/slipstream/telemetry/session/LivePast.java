package io.slipstream.telemetry.session;

import io.slipstream.queue.Message;
import io.slipstream.queue.MessageHandler;
import io.slipstream.queue.MessageQueue;
import io.slipstream.queue.Subscriber;
import io.slipstream.telemetry.codec.KeyframeRule;
import io.slipstream.telemetry.schema.DeltaDecoder;
import io.slipstream.telemetry.schema.KeyframeDecoder;

/**
 * Finds where in a live queue a recording of the past begins: with the last keyframe that was not captured after a moment, so
 * that every frame from that moment on can be restored.
 *
 * <pre>{@code
 * final LivePast past = LivePast.find(live, subscriber, now - 120_000_000_000L);
 * final Recorder recorder = new Recorder(subscriber, new RecordingPlan(sessions).until(now));
 * }</pre>
 *
 * @param reaches whether the queue holds anything from before the moment; if not, a part of what was asked for is gone, or was
 *     never there.
 * @param keyframeNs when the keyframe was captured, ns since the Unix epoch; 0 if there is none.
 */
public record LivePast(boolean reaches, long keyframeNs) {
    private static final int POLL_LIMIT = 256;

    /**
     * Looks for the beginning and moves a subscriber there.
     *
     * @param live the queue.
     * @param subscriber of it; stands before the keyframe then, or at the end if there is none.
     * @param fromNs the moment, ns since the Unix epoch.
     * @return what was found.
     */
    public static LivePast find(MessageQueue live, Subscriber subscriber, long fromNs) {
        final Search search = new Search(fromNs);
        subscriber.toStart();
        subscriber.poll(search::onOldest, 1);
        // A frame builds on a keyframe that is not longer ago than this.
        subscriber.toTime(fromNs - KeyframeRule.EVERY_NS);
        final MessageHandler handler = search::onMessage;
        while (!search.over && subscriber.poll(handler, POLL_LIMIT) > 0) {
            // On.
        }
        if (search.position == MessageQueue.NO_POSITION) {
            subscriber.toEnd();
        } else {
            subscriber.toPosition(search.position);
        }
        return new LivePast(search.oldestNs <= fromNs, search.keyframeNs);
    }

    private static final class Search {
        private final long fromNs;
        private long oldestNs = Long.MAX_VALUE;
        private long position = MessageQueue.NO_POSITION;
        private long keyframeNs;
        private boolean over;

        Search(long fromNs) {
            this.fromNs = fromNs;
        }

        void onOldest(Message message) {
            oldestNs = message.timestamp();
        }

        void onMessage(Message message) {
            if (over || message.schemaId() != SessionSummary.SCHEMA_ID) {
                return;
            }
            final boolean isKeyframe = message.templateId() == KeyframeDecoder.TEMPLATE_ID;
            if (message.timestamp() > fromNs) {
                // A keyframe will do if there was none before; a delta needs one that was.
                final boolean found = position != MessageQueue.NO_POSITION;
                over = found ? isKeyframe || message.templateId() == DeltaDecoder.TEMPLATE_ID : isKeyframe;
                if (found || !isKeyframe) {
                    return;
                }
            }
            if (isKeyframe) {
                position = message.position();
                keyframeNs = message.timestamp();
            }
        }
    }
}
