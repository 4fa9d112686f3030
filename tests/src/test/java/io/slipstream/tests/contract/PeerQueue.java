package io.slipstream.tests.contract;

/** A queue that a peer has open. */
final class PeerQueue {
    private final Peer peer;
    private final long id;
    private int maxLength;

    PeerQueue(Peer peer, long id) {
        this.peer = peer;
        this.id = id;
    }

    Peer peer() {
        return peer;
    }

    long id() {
        return id;
    }

    String openRequest(Settings settings) {
        return "open queue=" + id + " " + settings;
    }

    void opened(Answer answer) {
        maxLength = (int) answer.number("max");
    }

    /** Longest body. */
    int maxLength() {
        return maxLength;
    }

    Answer ask(String command) {
        return peer.ask(0, command.replaceFirst(" |$", " queue=" + id + " "));
    }

    /** Sets the clock that stands still. */
    void clock(long now) {
        ask("clock now=" + now).ok();
    }

    void wake() {
        ask("wake").ok();
    }

    long firstPosition() {
        return ask("bounds").number("first");
    }

    long lastPosition() {
        return ask("bounds").number("last");
    }

    PeerPublisher publisher() {
        return publisher(0);
    }

    /** A publisher whose worker is another one than that of the subscribers, so that both can be busy at once. */
    PeerPublisher publisher(int worker) {
        final PeerPublisher publisher = new PeerPublisher(peer, worker, peer.newHandle());
        peer.ask(worker, "publisher queue=" + id + " publisher=" + publisher.id())
                .ok();
        return publisher;
    }

    PeerSubscriber subscriber() {
        return subscriber(0, null);
    }

    PeerSubscriber subscriber(int worker) {
        return subscriber(worker, null);
    }

    PeerSubscriber subscriber(String name) {
        return subscriber(0, name);
    }

    private PeerSubscriber subscriber(int worker, String name) {
        final PeerSubscriber subscriber = new PeerSubscriber(peer, worker, peer.newHandle());
        subscriber.opened(peer.ask(worker, subscriber.openRequest(id, name)).ok());
        return subscriber;
    }

    /** Tries to make one. */
    Answer trySubscriber(String name) {
        return peer.ask(0, new PeerSubscriber(peer, 0, peer.newHandle()).openRequest(id, name));
    }

    Answer tryPublisher() {
        return peer.ask(0, "publisher queue=" + id + " publisher=" + peer.newHandle());
    }

    void close() {
        ask("close").ok();
    }
}
