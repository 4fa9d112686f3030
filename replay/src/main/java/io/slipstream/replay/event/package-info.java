/**
 * The events of a session, of any type, as its schemas describe them. Knows neither frames' contents nor what becomes of the
 * events.
 */
package io.slipstream.replay.event;
