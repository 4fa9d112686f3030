package io.slipstream.queue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The schemas of the messages in a queue: {@code schema/<schemaId>-<version>.sbeir} in its directory, SBE's own binary IR,
 * so that any tool can print, filter and convert any message with no generated class. Safe for any thread.
 */
public final class SchemaStore {
    private static final Pattern FILE_NAME = Pattern.compile("(\\d{1,5})-(\\d{1,5})\\.sbeir");

    private final Path directory;
    private final Map<Integer, MessageSchema> schemas = new ConcurrentHashMap<>();

    /**
     * Opens the store of a queue; nothing is read or written yet.
     *
     * @param queueDirectory of the queue.
     */
    public SchemaStore(Path queueDirectory) {
        this.directory = queueDirectory.resolve("schema");
    }

    /**
     * Keeps a schema with the queue. Several processes may do so at once.
     *
     * @param schema to keep.
     * @throws QueueException if the queue holds another schema of the same id and version.
     */
    public void add(MessageSchema schema) {
        final Path file = file(schema.id(), schema.version());
        try {
            Files.createDirectories(directory);
            if (!Files.exists(file)) {
                final Path temporary = Files.createTempFile(directory, ".new-", ".tmp");
                try {
                    Files.write(temporary, schema.encoded());
                    // A link appears whole and only once, whoever else does the same at this moment.
                    Files.createLink(file, temporary);
                } catch (FileAlreadyExistsException e) {
                    // Another process was first; compared below.
                } finally {
                    Files.delete(temporary);
                }
            }
            if (!Arrays.equals(Files.readAllBytes(file), schema.encoded())) {
                throw new QueueException(file + " holds another schema of id " + schema.id() + " and version "
                        + schema.version() + ": raise the version of the schema that changed");
            }
        } catch (IOException e) {
            throw new QueueException("cannot keep " + schema + " in " + file + ": " + e, e);
        }
        schemas.put(key(schema.id(), schema.version()), schema);
    }

    /**
     * Finds a schema: the very version, else the nearest newer one, else the newest older one, since SBE's rules of
     * evolution let either read what it knows.
     *
     * @param schemaId of the schema.
     * @param version wanted.
     * @return the schema, or null if the queue has none of this id.
     */
    public MessageSchema find(int schemaId, int version) {
        final MessageSchema known = schemas.get(key(schemaId, version));
        return known != null ? known : load(schemaId, version);
    }

    /**
     * Tells whether this very version of a schema is known.
     *
     * @param schemaId of the schema.
     * @param version of the schema.
     * @return true if it was added or is in the directory.
     */
    public boolean has(int schemaId, int version) {
        return schemas.containsKey(key(schemaId, version)) || Files.exists(file(schemaId, version));
    }

    /**
     * Finds a template by name in whatever schema has it.
     *
     * @param name of the message, case ignored.
     * @return a filter for it, or null if no schema in the directory knows the name.
     */
    public MessageFilter templateNamed(String name) {
        MessageFilter found = null;
        for (int key : stored()) {
            final MessageSchema schema = find(key >>> 16, key & 0xFFFF);
            final int templateId = schema == null ? -1 : schema.templateId(name);
            if (templateId >= 0) {
                final MessageFilter one = MessageFilter.schema(schema.id()).and(MessageFilter.templates(templateId));
                final MessageFilter before = found;
                found = before == null ? one : message -> before.accept(message) || one.accept(message);
            }
        }
        return found;
    }

    /**
     * Names of the messages that the stored schemas know.
     *
     * @return each once, in the order of the alphabet.
     */
    public SortedSet<String> templateNames() {
        final SortedSet<String> names = new TreeSet<>();
        for (int key : stored()) {
            final MessageSchema schema = find(key >>> 16, key & 0xFFFF);
            if (schema != null) {
                schema.ir().messages().forEach(tokens -> names.add(tokens.get(0).name()));
            }
        }
        return names;
    }

    private MessageSchema load(int schemaId, int version) {
        int best = -1;
        for (int key : stored()) {
            if (key >>> 16 == schemaId) {
                final int candidate = key & 0xFFFF;
                if (best < 0
                        || (candidate >= version
                                ? best < version || candidate < best
                                : best < version && candidate > best)) {
                    best = candidate;
                }
            }
        }
        if (best < 0) {
            return null;
        }
        final MessageSchema schema = MessageSchema.fromFile(file(schemaId, best));
        if (schema.id() != schemaId || schema.version() != best) {
            throw new QueueException(file(schemaId, best) + " holds " + schema + ", not what its name says: delete it");
        }
        if (best == version) {
            schemas.put(key(schemaId, version), schema);
        }
        return schema;
    }

    private int[] stored() {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            final List<Integer> found = new ArrayList<>();
            for (Path path : files) {
                final Matcher matcher = FILE_NAME.matcher(path.getFileName().toString());
                if (matcher.matches()) {
                    final int id = Integer.parseInt(matcher.group(1));
                    final int version = Integer.parseInt(matcher.group(2));
                    if (id <= EnvelopeDescriptor.MAX_U16 && version <= EnvelopeDescriptor.MAX_U16) {
                        found.add(key(id, version));
                    }
                }
            }
            return found.stream().mapToInt(Integer::intValue).sorted().toArray();
        } catch (NoSuchFileException e) {
            return new int[0];
        } catch (IOException e) {
            throw new QueueException("cannot list " + directory + ": " + e, e);
        }
    }

    private Path file(int schemaId, int version) {
        return directory.resolve(schemaId + "-" + version + ".sbeir");
    }

    private static int key(int schemaId, int version) {
        return schemaId << 16 | version;
    }
}
