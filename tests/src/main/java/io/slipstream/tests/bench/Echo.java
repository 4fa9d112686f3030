package io.slipstream.tests.bench;

import java.nio.file.Path;

/** The process that answers: whatever number comes, it sends it back. */
final class Echo {
    static final String READY = "ready";

    private static volatile boolean running = true;

    private Echo() {}

    public static void main(String[] arguments) throws Exception {
        ChildJvm.onParentGone(() -> running = false);
        try (Link link = Link.Kind.valueOf(arguments[0]).open(Path.of(arguments[1]), true)) {
            System.out.println(READY);
            while (running) {
                final long number = link.receive();
                if (number == Link.NOTHING) {
                    Thread.onSpinWait();
                } else {
                    link.send(number);
                }
            }
        }
    }
}
