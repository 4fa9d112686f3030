package io.slipstream.memory.format;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A block of shared memory, read and written by name as its format says. For people's tools: every call allocates.
 *
 * <pre>{@code
 * final FormattedBlock block = FormattedBlock.over(format, shared.buffer(), "qt:press");
 * block.get("rollers[2].temperature");  // 350.15, in K
 * block.setText("state", "RUNNING");
 * }</pre>
 *
 * <p>Every read is of a whole state of the block: what the format's consistency rule promises, and no more where it has none. Every
 * write is of all that it was given or, where one value is refused, of nothing; under a seqlock it is one frame, and readers see all
 * of it or nothing. Numbers are in SI units. A whole number that has a unit is rounded to the nearest that the block can hold; one
 * that has none must be whole. A number beyond the type's is refused, not cut.
 *
 * <p>A block states its version, and a field newer than that is refused; of a version that is newer than any described, what is
 * described of the newest is there.
 *
 * <p><b>Threads:</b> any. Under a seqlock, those who write through this class keep one another out, and take over from a writer that
 * died while it wrote; a program that writes without looking is kept out by nothing. Writers of any other block must agree on a
 * lock.
 */
public final class FormattedBlock {
    private final BlockFormat format;
    private final String name;
    private final UnsafeBuffer buffer;
    private final LiveBlock live;

    private FormattedBlock(final BlockFormat format, final UnsafeBuffer buffer, final String name) {
        this.format = format;
        this.name = name;
        this.buffer = buffer;
        this.live = new LiveBlock(format, buffer, name);
    }

    /**
     * A block over memory.
     *
     * @param format of the block.
     * @param memory that begins with the block, and may be longer; of a format with several objects all of them, as
     *     {@link BlockFormat#objects()} says. It must stay attached while the block is in use. If it is a view of a read-only
     *     {@link java.nio.ByteBuffer}, nothing can be set.
     * @param name what messages call the block.
     * @return the block; nothing of it has been read.
     * @throws FormatException where the memory is shorter than a block of the format's oldest version.
     */
    public static FormattedBlock over(final BlockFormat format, final UnsafeBuffer memory, final String name) {
        final FormattedBlock block = new FormattedBlock(format, memory, name);
        block.live.length(format.lengths().firstKey());
        return block;
    }

    /**
     * What the block holds and where.
     *
     * @return format.
     */
    public BlockFormat format() {
        return format;
    }

    /**
     * What messages call the block.
     *
     * @return name.
     */
    public String name() {
        return name;
    }

    /**
     * Every field that the format declares, those of later versions included.
     *
     * @return unmodifiable, in the order of declaration.
     */
    public Collection<Field> fields() {
        return format.fields();
    }

    /**
     * The whole block, as {@link BlockFormat#describe} gives it.
     *
     * @return field to value, in the order of declaration.
     * @throws BlockUnavailableException where no whole state could be read, or the memory was cut off.
     * @throws FormatException where the memory is shorter than the version's block, or the version is not described.
     */
    public Map<String, Object> describe() throws BlockUnavailableException {
        final Snapshot snapshot = live.snapshot();
        return format.describe(snapshot.block(), snapshot.version());
    }

    /**
     * One field: a number (Long where it is whole and has no unit, BigInteger beyond that, else Double, in SI units), null where it is not
     * set; a Boolean; a text; the name of an enum's value; the list of a set's bits; a list for an array, a map for a struct.
     *
     * @param path of the field, as {@link BlockFormat#field} takes it.
     * @return the value.
     * @throws BlockUnavailableException where no whole state could be read, or the memory was cut off.
     * @throws FormatException where there is no such field in the block's version.
     */
    public Object get(final String path) throws BlockUnavailableException {
        return get(List.of(path)).get(path);
    }

    /**
     * Several fields of one and the same state of the block.
     *
     * @param paths of the fields.
     * @return path to value, in the order given.
     * @throws BlockUnavailableException where no whole state could be read, or the memory was cut off.
     * @throws FormatException where there is no such field in the block's version.
     */
    public Map<String, Object> get(final Collection<String> paths) throws BlockUnavailableException {
        final Map<String, Field> fields = new LinkedHashMap<>();
        paths.forEach(path -> fields.put(path, format.field(path)));
        final Snapshot snapshot = live.snapshot();
        final Map<String, Object> values = new LinkedHashMap<>();
        fields.forEach((path, field) -> {
            requireVersion(field, snapshot.version());
            values.put(path, snapshot.value(field));
        });
        return values;
    }

    /**
     * Sets one field.
     *
     * @param path of the field.
     * @param value as {@link #get(String)} gives it; of a struct any of its members; null or NaN stores the first value that the
     *     format gives for "not set"; an enum's value by name or number, a bit set's by the list of names, or as a text of names joined
     *     by {@code |}, or by number.
     * @throws BlockUnavailableException where other programs kept the block busy, or the memory was cut off.
     * @throws FormatException where there is no such field in the block's version, or the value does not fit it; nothing was stored.
     */
    public void set(final String path, final Object value) throws BlockUnavailableException {
        final ValueEncoder encoder = new ValueEncoder(format);
        encoder.encode(format.field(path), value, false);
        write(encoder);
    }

    /**
     * Sets several fields at once. A block to which nobody has written yet needs its version among them.
     *
     * @param values path to value, as {@link #set(String, Object)} takes them.
     * @throws BlockUnavailableException where other programs kept the block busy, or the memory was cut off.
     * @throws FormatException where there is no such field in the block's version, or a value does not fit it; nothing was stored.
     */
    public void set(final Map<String, ?> values) throws BlockUnavailableException {
        final ValueEncoder encoder = new ValueEncoder(format);
        values.forEach((path, value) -> encoder.encode(format.field(path), value, false));
        write(encoder);
    }

    /**
     * Sets one field to a number as the block holds it, in the unit that it stores; to a sentinel, for instance.
     *
     * @param path of the field: a number, or an element of an array of them.
     * @param value in {@link Field#unit()}; NaN stores NaN where the field has a fraction.
     * @throws BlockUnavailableException where other programs kept the block busy, or the memory was cut off.
     * @throws FormatException where there is no such field in the block's version, or the number does not fit it; nothing was stored.
     */
    public void setRaw(final String path, final Number value) throws BlockUnavailableException {
        final ValueEncoder encoder = new ValueEncoder(format);
        encoder.encode(format.field(path), value, true);
        write(encoder);
    }

    /**
     * Sets one field to what a person typed: a number in SI units, whole ones also hexadecimal after {@code 0x}; {@code null} for one that
     * is not set; {@code true} or {@code false}; the name of an enum's value, or its number; the names of bits joined by {@code |}; a
     * text as it is; all elements of an array of anything but texts, row by row, parted by commas: {@code 1,2,3}.
     *
     * @param path of the field.
     * @param text the value.
     * @throws BlockUnavailableException where other programs kept the block busy, or the memory was cut off.
     * @throws FormatException where there is no such field in the block's version, or the text is no value of it; nothing was stored.
     */
    public void setText(final String path, final String text) throws BlockUnavailableException {
        setText(Map.of(path, text));
    }

    /**
     * Sets several fields at once to what a person typed. A block to which nobody has written yet needs its version among them.
     *
     * @param texts path to value, as {@link #setText(String, String)} takes them.
     * @throws BlockUnavailableException where other programs kept the block busy, or the memory was cut off.
     * @throws FormatException where there is no such field in the block's version, or a text is no value of it; nothing was stored.
     */
    public void setText(final Map<String, String> texts) throws BlockUnavailableException {
        final ValueEncoder encoder = new ValueEncoder(format);
        texts.forEach((path, text) -> {
            final Field field = format.field(path);
            encoder.encode(field, ValueText.parse(field, text), false);
        });
        write(encoder);
    }

    private void write(final ValueEncoder encoder) throws BlockUnavailableException {
        if (buffer.byteBuffer() != null && buffer.byteBuffer().isReadOnly()) {
            throw new FormatException(name, 0, "was attached to be read only; attach to it to read and write");
        }
        live.write(encoder);
    }

    /** A whole copy, for one who compares several. */
    Snapshot snapshot() throws BlockUnavailableException {
        return live.snapshot();
    }

    private static void requireVersion(final Field field, final long version) {
        if (field.since() > version) {
            throw new FormatException(
                    field.path(),
                    0,
                    "is in blocks of version " + field.since() + " and later, and this one states version " + version);
        }
    }
}
