/**
 * MoTeC's log files: {@code .ld}, which holds the samples, and {@code .ldx} beside it, which holds the lap beacons. Read and
 * written without any program of MoTeC's; the layout is what public files and readers show, see {@link
 * io.slipstream.replay.motec.LdDescriptor}. Knows channels and laps, and nothing of how a session is stored.
 */
package io.slipstream.replay.motec;
