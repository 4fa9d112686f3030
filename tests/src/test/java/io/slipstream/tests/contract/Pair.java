package io.slipstream.tests.contract;

/** Who shares a queue. */
enum Pair {
    JVM_JVM(Implementation.JVM, Implementation.JVM),
    NATIVE_NATIVE(Implementation.NATIVE, Implementation.NATIVE),
    JVM_NATIVE(Implementation.JVM, Implementation.NATIVE),
    NATIVE_JVM(Implementation.NATIVE, Implementation.JVM),
    ASAN_ASAN(Implementation.ASAN, Implementation.ASAN),
    ASAN_JVM(Implementation.ASAN, Implementation.JVM),
    JVM_ASAN(Implementation.JVM, Implementation.ASAN),
    TSAN_TSAN(Implementation.TSAN, Implementation.TSAN),
    TSAN_JVM(Implementation.TSAN, Implementation.JVM);

    private final Implementation first;
    private final Implementation second;

    Pair(Implementation first, Implementation second) {
        this.first = first;
        this.second = second;
    }

    Implementation first() {
        return first;
    }

    Implementation second() {
        return second;
    }

    boolean hasJvm() {
        return first == Implementation.JVM || second == Implementation.JVM;
    }

    boolean isSanitized() {
        return first.isSanitized() || second.isSanitized();
    }

    /** A number of rounds or messages, fewer where a sanitizer makes each of them slow. */
    int times(int count) {
        return isSanitized() ? Math.max(1, count / 10) : count;
    }

    @Override
    public String toString() {
        return first + " and " + second;
    }
}
