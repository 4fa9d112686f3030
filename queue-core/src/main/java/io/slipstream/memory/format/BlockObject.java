package io.slipstream.memory.format;

/**
 * One shared-memory object that a program offers.
 *
 * @param name what the format calls it.
 * @param mapping what the program calls it.
 * @param offset where it begins in the block, in bytes.
 * @param length bytes of it, in the newest version.
 */
public record BlockObject(String name, String mapping, int offset, int length) {}
