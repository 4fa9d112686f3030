package io.slipstream.queue;

/**
 * Without these flags Agrona fails with an error that names no remedy, and Chronicle degrades silently, to read-only at
 * worst; so they are checked before either is touched.
 */
final class JvmFlags {
    private static final Module OURS = JvmFlags.class.getModule();

    private JvmFlags() {}

    static void check() {
        final Module base = Object.class.getModule();
        require(base.isExported("sun.nio.ch", OURS), "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED");
        require(base.isOpen("java.lang.reflect", OURS), "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED");
        require(base.isOpen("jdk.internal.misc", OURS), "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED");
    }

    private static void require(boolean granted, String flag) {
        if (!granted) {
            throw new MissingJvmFlagException("the queue engine needs a JVM flag that is missing: start java with "
                    + flag + ", or with -jar from a jar whose manifest carries it");
        }
    }
}
