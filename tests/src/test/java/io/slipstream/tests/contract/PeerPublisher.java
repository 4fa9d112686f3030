package io.slipstream.tests.contract;

import java.util.LinkedHashMap;
import java.util.Map;

/** A publisher of a peer; it numbers what it publishes. */
final class PeerPublisher {
    private final Peer peer;
    private final int worker;
    private final long id;
    private final Map<String, String> options = new LinkedHashMap<>();
    private long sequence;
    private String positions = "0";

    /** What was published. */
    record Published(long count, long first, long last) {}

    PeerPublisher(Peer peer, int worker, long id) {
        this.peer = peer;
        this.worker = worker;
        this.id = id;
        with("min", 64);
    }

    long id() {
        return id;
    }

    /** Sequence number of the next message. */
    long sequence() {
        return sequence;
    }

    /** Digest of all positions that it was given. */
    String positions() {
        return positions;
    }

    /** An option of every publish to come. */
    PeerPublisher with(String key, Object value) {
        options.put(key, value.toString());
        return this;
    }

    PeerPublisher without(String key) {
        options.remove(key);
        return this;
    }

    PeerPublisher lengths(int min, int max) {
        return with("min", min).with("max", max);
    }

    Peer.Pending start(long count) {
        final StringBuilder request = new StringBuilder("publish publisher=" + id + " count=" + count);
        request.append(" first=").append(sequence);
        options.forEach(
                (key, value) -> request.append(' ').append(key).append('=').append(value));
        sequence += count;
        return peer.start(worker, request.toString());
    }

    Published finish(Peer.Pending pending) {
        final Answer answer = pending.answer();
        positions = answer.text("positions");
        if (answer.has("stopped")) {
            throw new AssertionError("stopped: " + answer);
        }
        return new Published(answer.number("published"), answer.number("first"), answer.number("last"));
    }

    Published publish(long count) {
        return finish(start(count));
    }

    /** Publishes one message that is expected to be refused; it takes no sequence number. */
    Answer tryPublish() {
        final Answer answer = start(1).answer();
        sequence--;
        return answer;
    }

    /** Publishes until refused, for instance because a file is full. */
    Answer publishUntilRefused(long most) {
        final long before = sequence;
        final Answer answer = start(most).answer();
        sequence = before + answer.number("published");
        positions = answer.text("positions");
        return answer;
    }

    /** Claims room for a body, and fills part of it. */
    Answer claim(int length, int used, String... more) {
        return peer.ask(
                worker,
                "claim publisher=" + id + " length=" + length + " used=" + used + " sequence=" + sequence + " "
                        + String.join(" ", more));
    }

    long commit() {
        final Answer answer = tryCommit().ok();
        sequence++;
        positions = answer.text("positions");
        return answer.number("position");
    }

    Answer tryCommit() {
        return ask("commit");
    }

    Answer abort() {
        return ask("abort");
    }

    void pretouch(int length) {
        peer.ask(worker, "pretouch publisher=" + id + " length=" + length).ok();
    }

    Answer stats() {
        return ask("stats");
    }

    void close() {
        ask("close").ok();
    }

    private Answer ask(String command) {
        return peer.ask(worker, command + " publisher=" + id);
    }
}
