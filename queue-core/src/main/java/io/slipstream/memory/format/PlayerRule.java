package io.slipstream.memory.format;

/**
 * Which of the participants of a racing game is the player. The block points at the one that is <em>viewed</em>, which in multiplayer is
 * whom the camera follows; so take the name at that index when driving begins, and from then on look the name up.
 *
 * @param participants the array of participants.
 * @param count how many of them are in use.
 * @param viewed index of the one that is viewed; holds a sentinel while there is none.
 * @param name name of the first participant; the others follow at {@code participants.stride()}.
 */
public record PlayerRule(Field participants, Field count, Field viewed, Field name) {}
