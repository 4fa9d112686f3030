package io.slipstream.tests.contract;

/** A message as a reader lists it. */
record Item(long position, int source, long sequence, int template, int length, long timestamp) {
    static Item parse(String text) {
        final String[] parts = text.split(":", -1);
        return new Item(
                Long.parseLong(parts[0]),
                Integer.parseInt(parts[1]),
                Long.parseLong(parts[2]),
                Integer.parseInt(parts[3]),
                Integer.parseInt(parts[4]),
                Long.parseLong(parts[5]));
    }
}
