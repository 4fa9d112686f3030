package io.slipstream.tests.bench;

import java.util.List;

/** Something that is measured beside a peer. */
interface Benchmark {
    /** What to call it on the command line. */
    String name();

    /** What it measures, in a line. */
    String about();

    /** Measures; what it says on the way goes to {@link Settings#say}. */
    List<Row> run(Settings settings) throws Exception;
}
