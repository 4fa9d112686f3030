package io.slipstream.memory.format;

import java.util.List;

/**
 * One declared field, at an offset relative to what declares it. Immutable.
 *
 * @param name of the field.
 * @param type of one value.
 * @param struct what a struct is made of; null for every other type.
 * @param dims every dimension as declared, outermost first; for text the last is its greatest length.
 * @param offset from the start of the struct or object, in bytes.
 * @param stride bytes from one element of the innermost dimension to the next.
 * @param since first version that has it.
 * @param unit of a number.
 * @param sentinels stored values that mean "not set".
 * @param names of values or bits; null for none.
 * @param encoding of a text; null for every other type.
 */
record Declaration(
        String name,
        FieldType type,
        Struct struct,
        List<Integer> dims,
        int offset,
        int stride,
        long since,
        Unit unit,
        List<Double> sentinels,
        ValueNames names,
        TextEncoding encoding) {

    /** Bytes of the whole field: every element, and the gaps that a stride leaves between them. */
    long length() {
        return length(dims);
    }

    /** Bytes of the part of the field that {@code some} of its trailing dimensions span. */
    long length(final List<Integer> some) {
        long elements = 1;
        for (final int dim : some) {
            elements *= dim;
        }
        return (elements - 1) * stride + elementSize();
    }

    /** Bytes of one element of the innermost dimension. */
    int elementSize() {
        return struct == null ? type.size() : struct.size();
    }
}
