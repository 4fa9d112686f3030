package io.slipstream.replay.imports;

import java.util.Map;

/**
 * What a log says of itself.
 *
 * @param startNs of its first row, ns since the Unix epoch.
 * @param car what was driven; empty if it does not say.
 * @param carClass its kind.
 * @param track where.
 * @param synthetic whether it says that nobody drove.
 * @param metadata whatever else it says, and where its start comes from.
 */
record LogDetails(
        long startNs, String car, String carClass, String track, boolean synthetic, Map<String, String> metadata) {}
