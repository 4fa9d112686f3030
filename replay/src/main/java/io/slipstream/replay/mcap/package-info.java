/**
 * Writes sessions as MCAP files, which Foxglove and other tools of robotics open: the container itself, and what of a session
 * becomes which topic. Knows neither the command line nor how channels are computed.
 */
package io.slipstream.replay.mcap;
