/** Where a game's block is: under a name, or a mapping that Wine made, found through {@code /proc}. */
package io.slipstream.telemetry.source;
