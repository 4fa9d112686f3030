package io.slipstream.memory.format;

import java.util.Map;

/**
 * A struct's members, laid out. Immutable.
 *
 * @param name of the struct.
 * @param members in the order of declaration.
 * @param size bytes of one, padding at the end included.
 * @param alignment that it needs where it stands.
 * @param values numbers and texts that one holds, every array element counted.
 */
record Struct(String name, Map<String, Declaration> members, int size, int alignment, long values) {}
