package io.slipstream.memory.format;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/**
 * What a program's shared-memory block holds and where. Read from a declarative text, whose language the package describes.
 * Immutable, for any thread.
 *
 * <pre>{@code
 * final BlockFormat format = BlockFormat.read(Path.of("car.format"));
 * final Field speed = format.field("mSpeed");
 * final double metresPerSecond = speed.si(block, 0);
 * }</pre>
 */
public final class BlockFormat {
    private static final int LONGEST_FILE = 4 << 20;

    private final String name;
    private final String title;
    private final List<BlockObject> objects;
    private final FieldTree tree;
    private final NavigableMap<Long, Integer> lengths;
    private final Map<String, Long> constants;
    private final Map<String, ValueNames> valueNames;
    private final Field versionField;
    private final Consistency consistency;
    private final PlayerRule player;

    BlockFormat(
            final String name,
            final String title,
            final List<BlockObject> objects,
            final FieldTree tree,
            final NavigableMap<Long, Integer> lengths,
            final Map<String, Long> constants,
            final Map<String, ValueNames> valueNames,
            final Field versionField,
            final Consistency consistency,
            final PlayerRule player) {
        this.name = name;
        this.title = title;
        this.objects = List.copyOf(objects);
        this.tree = tree;
        this.lengths = Collections.unmodifiableNavigableMap(new TreeMap<>(lengths));
        this.constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
        this.valueNames = Collections.unmodifiableMap(new LinkedHashMap<>(valueNames));
        this.versionField = versionField;
        this.consistency = consistency;
        this.player = player;
    }

    /**
     * A format in a file.
     *
     * @param file of UTF-8 text.
     * @return the format.
     * @throws IOException where the file cannot be read.
     * @throws FormatException where it is not a format.
     */
    public static BlockFormat read(final Path file) throws IOException {
        final long size = Files.size(file);
        if (size > LONGEST_FILE) {
            throw new FormatException(
                    file.toString(), 0, "a file of " + size + " bytes is no format; give the .format file");
        }
        return parse(file.toString(), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
    }

    /**
     * A format in a text.
     *
     * @param sourceName what error messages call the text.
     * @param text the format.
     * @return the format.
     * @throws FormatException that names the line and the remedy.
     */
    public static BlockFormat parse(final String sourceName, final String text) {
        return new FormatParser(sourceName).parse(text);
    }

    /**
     * What the format is called in recordings and options.
     *
     * @return name.
     */
    public String name() {
        return name;
    }

    /**
     * What people call the program, or its block.
     *
     * @return title.
     */
    public String title() {
        return title;
    }

    /**
     * What the program calls the (first) shared-memory object.
     *
     * @return name of the mapping.
     */
    public String objectName() {
        return objects.getFirst().mapping();
    }

    /**
     * Every shared-memory object of the program. A block is all of them one after another, each at a multiple of 8 bytes.
     *
     * @return unmodifiable list, at least one.
     */
    public List<BlockObject> objects() {
        return objects;
    }

    /**
     * The newest version that the format describes.
     *
     * @return version.
     */
    public int newestVersion() {
        return lengths.lastKey().intValue();
    }

    /**
     * Does the format describe this very version?
     *
     * @param version as the block states it.
     * @return false for an older, a newer or an omitted one.
     */
    public boolean knows(final long version) {
        return lengths.containsKey(version);
    }

    /**
     * Bytes of the block in this version; of a version newer than any described, the bytes of its newest described prefix.
     *
     * @param version as the block states it.
     * @return bytes.
     * @throws FormatException for a version that is neither described nor newer.
     */
    public int length(final long version) {
        final Integer length = lengths.get(version > lengths.lastKey() ? lengths.lastKey() : Long.valueOf(version));
        if (length == null) {
            throw new FormatException(
                    name,
                    0,
                    "version " + version + " of the block is not described, only " + lengths.keySet()
                            + "; the mapping may be another program's, or a 'length' line is missing");
        }
        return length;
    }

    /**
     * Every version that is described.
     *
     * @return version to length in bytes, ascending; unmodifiable.
     */
    public NavigableMap<Long, Integer> lengths() {
        return lengths;
    }

    /**
     * Where the block states its version.
     *
     * @return a whole number.
     * @throws FormatException where the block states none.
     */
    public Field versionField() {
        if (versionField == null) {
            throw new FormatException(name, 0, "the block states no version; there is no 'version' line");
        }
        return versionField;
    }

    /** Is there a field that holds the version? */
    boolean statesVersion() {
        return versionField != null;
    }

    /**
     * The version that a block states.
     *
     * @param buffer that holds the block.
     * @param base where the block begins in it.
     * @return version; 0 where the block states none, or nothing was written yet.
     */
    public long version(final DirectBuffer buffer, final int base) {
        return versionField == null ? 0 : versionField.integer(buffer, base);
    }

    /**
     * How a reader knows that a copy of the block is whole.
     *
     * @return the rule.
     */
    public Consistency consistency() {
        return consistency;
    }

    /**
     * How to tell the player among the participants.
     *
     * @return the rule; empty where the format has none.
     */
    public Optional<PlayerRule> player() {
        return Optional.ofNullable(player);
    }

    /**
     * A field, a member, or an element: {@code mSpeed}, {@code mTyreRPS[2]}, {@code mTyreRPS[TYRE_REAR_LEFT]},
     * {@code mParticipantInfo[3].mWorldPosition[0]}. Where there are several objects, the object's name comes first:
     * {@code physics.packetId}. Allocates; keep the field.
     *
     * @param path of the field.
     * @return the field at its absolute offset.
     * @throws FormatException where there is none.
     */
    public Field field(final String path) {
        return tree.find(path);
    }

    /**
     * Is there such a field?
     *
     * @param path of the field.
     * @return true where {@link #field(String)} returns one.
     */
    public boolean has(final String path) {
        try {
            tree.find(path);
            return true;
        } catch (final FormatException e) {
            return false;
        }
    }

    /**
     * Every field that an object declares; {@link Field#members()} leads on into structs.
     *
     * @return unmodifiable, in the order of declaration.
     */
    public Collection<Field> fields() {
        return tree.fields();
    }

    /**
     * Numbers that the format names.
     *
     * @return name to value, unmodifiable.
     */
    public Map<String, Long> constants() {
        return constants;
    }

    /**
     * Every enum and bit set.
     *
     * @return name to values, unmodifiable.
     */
    public Map<String, ValueNames> valueNames() {
        return valueNames;
    }

    /**
     * Name of a field's value.
     *
     * @param field of this format.
     * @param value that the block holds.
     * @return the value's name, or the names of its bits joined by {@code |}; empty where there is none.
     */
    public String enumName(final Field field, final long value) {
        final ValueNames found = field.names();
        if (found == null) {
            return "";
        }
        return found.bits() ? String.join("|", found.namesOf(value)) : found.nameOf(value);
    }

    /**
     * The whole block for people, JSON and tests: numbers in SI units, null where not set (whole ones are Long,
     * BigInteger beyond it; all others Double); names of enums and lists of bits
     * (the number where it has no name); texts; lists for arrays; maps for structs.
     *
     * @param block that begins at offset 0.
     * @param version whose fields to show.
     * @return field to value, in the order of declaration; of several objects, object to such a map.
     * @throws FormatException where the buffer is shorter than the version's block, or the version is not described.
     */
    public Map<String, Object> describe(final DirectBuffer block, final long version) {
        final int length = length(version);
        if (block.capacity() < length) {
            throw new FormatException(
                    name,
                    0,
                    "the block has " + block.capacity() + " bytes, and version " + version + " needs " + length
                            + "; give the whole mapping");
        }
        return BlockDescriber.describe(this, block, version);
    }

    @Override
    public String toString() {
        return name + " (" + title + ")";
    }
}
