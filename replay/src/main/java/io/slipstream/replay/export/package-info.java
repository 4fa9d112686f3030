/**
 * Writes samples of a session to files that other programs read.
 *
 * <p>An {@link io.slipstream.replay.export.Exporter} knows one format; {@link io.slipstream.replay.export.Export} drives it. A file gets
 * its name when it is whole ({@link io.slipstream.replay.export.OutputFile}). This package knows nothing of the command line, and
 * prints nothing.
 */
package io.slipstream.replay.export;
