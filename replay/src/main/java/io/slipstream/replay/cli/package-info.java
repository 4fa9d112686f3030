/** The {@code slipstream} command line. Results go to standard output, progress and messages to standard error. */
package io.slipstream.replay.cli;
