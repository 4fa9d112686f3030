package io.slipstream.memory.format;

import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * A field of a block at its absolute offset: a number, a text, a struct, or an array of them. Immutable, for any thread; look it
 * up once with {@link BlockFormat#field(String)} and keep it. The accessors take the offset at which the block begins in the
 * buffer and allocate nothing, {@link #text} excepted. The elements of an array of more dimensions are numbered row by row.
 *
 * <p>An accessor reads where the format says the field is. A block older than {@link #since()} holds something else there, or
 * nothing; where the buffer ends before the field, Agrona's bounds check throws {@link IndexOutOfBoundsException}. A number that is
 * asked of a text or a struct, or a text of anything else, is a {@link FormatException}.
 */
public final class Field {
    private final String path;
    private final Declaration declaration;
    private final List<Integer> dims;
    private final int offset;
    private final int count;
    private final int valueStride;
    private final double[] sentinels;

    Field(final String path, final Declaration declaration, final List<Integer> dims, final int offset) {
        this.path = path;
        this.declaration = declaration;
        this.dims = List.copyOf(dims);
        this.offset = offset;
        final boolean text = declaration.type().isText() && !dims.isEmpty();
        this.count = product(text ? dims.subList(0, dims.size() - 1) : dims);
        this.valueStride = text ? dims.getLast() * declaration.stride() : declaration.stride();
        this.sentinels = new double[declaration.sentinels().size()];
        for (int i = 0; i < sentinels.length; i++) {
            sentinels[i] = declaration.sentinels().get(i);
        }
    }

    private static int product(final List<Integer> factors) {
        int product = 1;
        for (final int factor : factors) {
            product *= factor;
        }
        return product;
    }

    /**
     * Where the field is, by name.
     *
     * @return for instance {@code mParticipantInfo[3].mName}.
     */
    public String path() {
        return path;
    }

    /**
     * The field's own name.
     *
     * @return the last name of the path, without index.
     */
    public String name() {
        return declaration.name();
    }

    /**
     * Where the field is, in bytes.
     *
     * @return offset from the start of the block.
     */
    public int offset() {
        return offset;
    }

    /**
     * How long the field is, all its elements together.
     *
     * @return bytes.
     */
    public int length() {
        return (int) declaration.length(dims);
    }

    /**
     * What one value is.
     *
     * @return the type.
     */
    public FieldType type() {
        return declaration.type();
    }

    /**
     * Name of the struct that this is made of.
     *
     * @return its name; empty for a field that is not a struct.
     */
    public String structName() {
        return declaration.struct() == null ? "" : declaration.struct().name();
    }

    /**
     * Dimensions that are left after the indexes in the path, outermost first; for text the last is its greatest length.
     *
     * @return unmodifiable list; empty for a single value.
     */
    public List<Integer> dims() {
        return dims;
    }

    /**
     * How many values there are: numbers, texts or structs.
     *
     * @return at least 1.
     */
    public int count() {
        return count;
    }

    /**
     * Bytes from one element of the first dimension to the next; the length of the element where there is no dimension.
     *
     * @return bytes; from one struct of an array to the next, for instance.
     */
    public int stride() {
        return dims.size() < 2 ? declaration.stride() : product(dims.subList(1, dims.size())) * declaration.stride();
    }

    /**
     * The first version of the block that has the field.
     *
     * @return version.
     */
    public long since() {
        return declaration.since();
    }

    /**
     * The unit in which the block holds it.
     *
     * @return unit, or empty.
     */
    public String unit() {
        return declaration.unit().stored();
    }

    /**
     * The unit of {@link #si(DirectBuffer, int)}.
     *
     * @return SI unit, or empty.
     */
    public String siUnit() {
        return declaration.unit().si();
    }

    /**
     * SI units in one stored unit.
     *
     * @return factor.
     */
    public double scale() {
        return declaration.unit().scale();
    }

    /**
     * SI value of a stored zero.
     *
     * @return summand.
     */
    public double shift() {
        return declaration.unit().shift();
    }

    /**
     * Stored values that mean "not set".
     *
     * @return unmodifiable list, often empty.
     */
    public List<Double> sentinels() {
        return declaration.sentinels();
    }

    /**
     * The enum or bit set that names the values.
     *
     * @return its name; empty where there is none.
     */
    public String enumName() {
        return declaration.names() == null ? "" : declaration.names().name();
    }

    /**
     * What texts are stored in.
     *
     * @return {@code utf-8}, {@code windows-1252}, {@code gbk} or {@code utf-16le}; empty for a field that is no text.
     */
    public String encoding() {
        return type().isText() ? textEncoding().keyword() : "";
    }

    /** The encoding; null for a field that is no text. */
    TextEncoding textEncoding() {
        return declaration.encoding();
    }

    /** Dimensions of values: of a text all but the last. */
    int lists() {
        return dims.size() - (type().isText() && !dims.isEmpty() ? 1 : 0);
    }

    /** Bytes of one text, its NUL included. */
    int textLength() {
        return dims.isEmpty() ? type().size() : valueStride;
    }

    /** How stored numbers become SI ones. */
    Unit conversion() {
        return declaration.unit();
    }

    /** The enum or bit set; null where there is none. */
    ValueNames names() {
        return declaration.names();
    }

    /**
     * The members of a struct; of an array of structs, those of its first element, which repeat every {@link #stride()} bytes.
     *
     * @return new list in the order of declaration; empty for a field that is not a struct.
     */
    public List<Field> members() {
        if (declaration.struct() == null) {
            return List.of();
        }
        final String prefix = path + "[0]".repeat(dims.size()) + ".";
        return declaration.struct().members().values().stream()
                .map(member -> new Field(prefix + member.name(), member, member.dims(), offset + member.offset()))
                .toList();
    }

    /** Members by name; empty for a field that is not a struct. */
    Map<String, Declaration> memberDeclarations() {
        return declaration.struct() == null ? Map.of() : declaration.struct().members();
    }

    /** Element of the first dimension. */
    Field element(final int index) {
        return new Field(
                path + "[" + index + "]", declaration, dims.subList(1, dims.size()), offset + index * stride());
    }

    /** Member of a single struct. */
    Field member(final Declaration member) {
        return new Field(path + "." + member.name(), member, member.dims(), offset + member.offset());
    }

    /**
     * The value, or the first of them, in SI units.
     *
     * @param buffer that holds the block.
     * @param base where the block begins in it.
     * @return SI value; NaN where the block holds a sentinel.
     */
    public double si(final DirectBuffer buffer, final int base) {
        return convert(rawAt(buffer, base + offset));
    }

    /**
     * One value of an array, in SI units.
     *
     * @param buffer that holds the block.
     * @param base where the block begins in it.
     * @param index of the value, from 0 and less than {@link #count()}.
     * @return SI value; NaN where the block holds a sentinel.
     */
    public double si(final DirectBuffer buffer, final int base, final int index) {
        return convert(rawAt(buffer, base + at(index)));
    }

    /**
     * The value, or the first of them, as the block holds it.
     *
     * @param buffer that holds the block.
     * @param base where the block begins in it.
     * @return stored value, a sentinel where it is one.
     */
    public double raw(final DirectBuffer buffer, final int base) {
        return rawAt(buffer, base + offset);
    }

    /**
     * One value of an array as the block holds it.
     *
     * @param buffer that holds the block.
     * @param base where the block begins in it.
     * @param index of the value, from 0 and less than {@link #count()}.
     * @return stored value, a sentinel where it is one.
     */
    public double raw(final DirectBuffer buffer, final int base, final int index) {
        return rawAt(buffer, base + at(index));
    }

    /**
     * The value, or the first of them, as a whole number; a fraction is cut off.
     *
     * @param buffer that holds the block.
     * @param base where the block begins in it.
     * @return stored value; 0 or 1 for a boolean; the bit pattern for an unsigned 64-bit integer.
     */
    public long integer(final DirectBuffer buffer, final int base) {
        return integerAt(buffer, base + offset);
    }

    /**
     * One value of an array as a whole number; a fraction is cut off.
     *
     * @param buffer that holds the block.
     * @param base where the block begins in it.
     * @param index of the value, from 0 and less than {@link #count()}.
     * @return stored value; 0 or 1 for a boolean; the bit pattern for an unsigned 64-bit integer.
     */
    public long integer(final DirectBuffer buffer, final int base, final int index) {
        return integerAt(buffer, base + at(index));
    }

    /**
     * The text, or the first of them. Allocates.
     *
     * @param buffer that holds the block.
     * @param base where the block begins in it.
     * @return text up to its NUL.
     */
    public String text(final DirectBuffer buffer, final int base) {
        return textAt(buffer, base + offset);
    }

    /**
     * One text of an array. Allocates.
     *
     * @param buffer that holds the block.
     * @param base where the block begins in it.
     * @param index of the text, from 0 and less than {@link #count()}.
     * @return text up to its NUL.
     */
    public String text(final DirectBuffer buffer, final int base, final int index) {
        return textAt(buffer, base + at(index));
    }

    private int at(final int index) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException(path + " has " + count + " values, and no number " + index);
        }
        return offset + index * valueStride;
    }

    private double convert(final double raw) {
        for (final double sentinel : sentinels) {
            if (raw == sentinel) {
                return Double.NaN;
            }
        }
        return declaration.unit().toSi(raw);
    }

    private double rawAt(final DirectBuffer buffer, final int index) {
        return StoredValue.number(buffer, index, declaration.type(), path);
    }

    private long integerAt(final DirectBuffer buffer, final int index) {
        return StoredValue.integer(buffer, index, declaration.type(), path);
    }

    private String textAt(final DirectBuffer buffer, final int index) {
        return StoredValue.text(buffer, index, textLength(), this);
    }

    @Override
    public String toString() {
        return path + " at " + offset + ": " + declaration.type().keyword() + dims;
    }
}
