package io.slipstream.tests.contract;

/** A subscriber of a peer. */
final class PeerSubscriber {
    private final Peer peer;
    private final int worker;
    private final long id;
    private boolean resumed;

    PeerSubscriber(Peer peer, int worker, long id) {
        this.peer = peer;
        this.worker = worker;
        this.id = id;
    }

    String openRequest(long queue, String name) {
        return "subscriber queue=" + queue + " subscriber=" + id + (name == null ? "" : " name=" + name);
    }

    void opened(Answer answer) {
        resumed = answer.number("resumed") == 1;
    }

    boolean resumed() {
        return resumed;
    }

    /** Reads what is there. */
    Read read(String... options) {
        return new Read(ask("read", options));
    }

    /** Moves past some messages at most. */
    Read read(long limit, String... options) {
        return new Read(ask("read limit=" + limit, options));
    }

    /** Reads until it has handled some messages, or a minute has passed. */
    Read until(long messages, String... options) {
        return new Read(startUntil(messages, options).answer());
    }

    Peer.Pending startUntil(long messages, String... options) {
        return start("read until=" + messages, options);
    }

    /** Position of the next message, which is read; -1 if there is none. */
    Item next() {
        final Read read = read(1, "list=1", "gaps=1");
        return read.items().isEmpty() ? null : read.items().get(0);
    }

    PeerSubscriber toStart() {
        ask("seek to=start").ok();
        return this;
    }

    PeerSubscriber toEnd() {
        ask("seek to=end").ok();
        return this;
    }

    Answer toPosition(long position) {
        return ask("seek to=position value=" + position);
    }

    PeerSubscriber toTime(long timestamp) {
        ask("seek to=time value=" + timestamp).ok();
        return this;
    }

    /** Such as "source=2", "templates=1,3", "schema=903"; nothing for all. */
    PeerSubscriber filter(String... wanted) {
        ask("filter", wanted).ok();
        return this;
    }

    /** Whether there is something to read, at the latest after a time. */
    boolean await(long timeoutNs) {
        return startWait(timeoutNs).answer().number("ready") == 1;
    }

    Peer.Pending startWait(long timeoutNs) {
        return start("wait timeout=" + timeoutNs);
    }

    void done() {
        ask("done").ok();
    }

    Answer stats() {
        return ask("stats").ok();
    }

    void close() {
        ask("close").ok();
    }

    private Answer ask(String command, String... options) {
        return start(command, options).answer();
    }

    private Peer.Pending start(String command, String... options) {
        return peer.start(
                worker, command + " subscriber=" + id + (options.length == 0 ? "" : " ") + String.join(" ", options));
    }
}
