package io.slipstream.memory.format;

/**
 * A number, a text, an enum's value or a bit set that changed, as {@link FormattedBlock#get(String)} gives it.
 *
 * @param path of the field: one value, no array or struct.
 * @param before what it was; null where it was not set, or the block's version had no such field.
 * @param after what it is; null likewise.
 */
public record FieldChange(String path, Object before, Object after) {}
