package io.slipstream.tests.contract;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a peer runs on. */
enum Implementation {
    JVM(null),
    NATIVE(NativePrograms.Flavour.RELEASE),
    ASAN(NativePrograms.Flavour.ASAN),
    TSAN(NativePrograms.Flavour.TSAN);

    private final NativePrograms.Flavour flavour;

    Implementation(NativePrograms.Flavour flavour) {
        this.flavour = flavour;
    }

    boolean isNative() {
        return flavour != null;
    }

    boolean isSanitized() {
        return this == ASAN || this == TSAN;
    }

    /** Why it cannot run here, or null if it can. */
    String missing() {
        return flavour == null ? null : NativePrograms.of(flavour).missing();
    }

    /** Starts a peer. */
    List<String> command() {
        if (flavour != null) {
            return NativePrograms.command(flavour, NativePrograms.of(flavour).program("peer"));
        }
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(System.getProperty("jvm.flags").split(" ", -1)));
        command.addAll(List.of("-ea", "-Xmx512m", "-XX:+UseSerialGC", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), JvmPeer.class.getName()));
        return command;
    }
}
