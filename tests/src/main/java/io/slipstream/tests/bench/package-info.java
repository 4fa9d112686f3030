/** The benchmarks: each beside a peer in the same run, reported as ratios. Run with {@code tests/bench}. */
package io.slipstream.tests.bench;
