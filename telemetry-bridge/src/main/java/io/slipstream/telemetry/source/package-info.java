/** Where a game's block is: a file that is shared memory, or a mapping that Wine made, found through {@code /proc}. */
package io.slipstream.telemetry.source;
