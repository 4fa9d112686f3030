package io.slipstream.memory;

import java.io.IOException;
import java.util.List;

/** A program that runs once: says whether it is the first, and what later ones were started with. */
final class InstancePeer {
    private InstancePeer() {}

    public static void main(String[] arguments) throws IOException {
        final List<String> rest = List.of(arguments).subList(1, arguments.length);
        try (SingleInstance instance = SingleInstance.start(arguments[0], rest, start -> {
            if (start.arguments().contains("refuse")) {
                throw new IllegalArgumentException("not today");
            }
            System.out.println("later " + start.arguments());
        })) {
            if (!instance.isFirst()) {
                System.out.println("handed over");
                System.exit(SingleInstance.HANDED_OVER);
            }
            System.out.println("first");
            System.in.read();
        } catch (SharedMemoryException e) {
            System.out.println("failed " + e.getMessage());
            System.exit(1);
        }
    }
}
