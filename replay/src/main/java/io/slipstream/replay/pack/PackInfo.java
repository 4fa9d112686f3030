package io.slipstream.replay.pack;

import io.slipstream.telemetry.session.SessionInfo;
import java.nio.file.Path;

/**
 * What a packed session says of itself. Only its head and its tail are read for this: {@code whole} means that nothing is missing at
 * its end, not that all of it was checked.
 *
 * @param file where it is.
 * @param session summary of the session, as it was packed; null where that part of the file is damaged.
 * @param whole true if the file has its end.
 * @param parts that it is made of; -1 if it has no end.
 * @param messages in it; -1 if it has no end.
 * @param frames among them; -1 if it has no end.
 * @param plainBytes of the messages, not packed; -1 if it has no end.
 * @param bytes of the file.
 */
public record PackInfo(
        Path file,
        SessionInfo session,
        boolean whole,
        long parts,
        long messages,
        long frames,
        long plainBytes,
        long bytes) {}
