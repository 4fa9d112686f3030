/**
 * Makes sessions of other programs' logs: a {@link io.slipstream.replay.imports.LogSource} reads one kind of file, {@link
 * io.slipstream.replay.imports.SessionImport} writes the session, whose block format is made from the log's channels ({@link
 * io.slipstream.replay.imports.ImportedFormat}) and kept beside it. Knows nothing of the command line, and prints nothing.
 */
package io.slipstream.replay.imports;
