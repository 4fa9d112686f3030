package io.slipstream.queue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import uk.co.real_logic.sbe.ir.Ir;
import uk.co.real_logic.sbe.ir.IrDecoder;
import uk.co.real_logic.sbe.ir.IrEncoder;
import uk.co.real_logic.sbe.ir.Token;
import uk.co.real_logic.sbe.xml.IrGenerator;
import uk.co.real_logic.sbe.xml.ParserOptions;
import uk.co.real_logic.sbe.xml.XmlSchemaParser;

/**
 * One version of an SBE schema: what a queue must know of the messages published in it. Immutable, safe for any thread.
 */
public final class MessageSchema {
    private static final int MAX_IR_LENGTH = 16 << 20;

    private final Ir ir;
    private final byte[] encoded;

    private MessageSchema(Ir ir, byte[] encoded) {
        this.ir = ir;
        this.encoded = encoded;
    }

    /**
     * Reads a schema from its XML, as the SBE tool takes it.
     *
     * @param xml the schema; closed by the caller.
     * @return the schema.
     * @throws QueueException if the XML is not a valid SBE schema.
     */
    public static MessageSchema fromXml(InputStream xml) {
        JvmFlags.check();
        try {
            final ParserOptions options = ParserOptions.builder()
                    .stopOnError(true)
                    .warningsFatal(false)
                    .suppressOutput(true)
                    .build();
            final byte[] text = xml.readAllBytes();
            final Ir ir = new IrGenerator().generate(XmlSchemaParser.parse(new ByteArrayInputStream(text), options));
            checkHeader(ir);
            final ByteBuffer buffer = ByteBuffer.allocateDirect(Math.max(1 << 16, 64 * text.length));
            final int length;
            try (IrEncoder encoder = new IrEncoder(buffer, ir)) {
                length = encoder.encode();
            }
            final byte[] encoded = new byte[length];
            buffer.get(0, encoded);
            return new MessageSchema(ir, encoded);
        } catch (QueueException e) {
            throw e;
        } catch (Exception e) {
            throw new QueueException("not a valid SBE schema: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a schema's XML from the class path.
     *
     * @param anchor whose class loader and package find the resource.
     * @param resource name of the XML file.
     * @return the schema.
     */
    public static MessageSchema fromResource(Class<?> anchor, String resource) {
        try (InputStream in = anchor.getResourceAsStream(resource)) {
            if (in == null) {
                throw new QueueException("no resource " + resource + " beside " + anchor.getName()
                        + ": put the schema's XML on the class path");
            }
            return fromXml(in);
        } catch (IOException e) {
            throw new QueueException("cannot read resource " + resource + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads a schema from a file: XML, or the SBE tool's binary IR ({@code .sbeir}).
     *
     * @param file to read.
     * @return the schema.
     */
    public static MessageSchema fromFile(Path file) {
        JvmFlags.check();
        try {
            if (Files.size(file) > MAX_IR_LENGTH) {
                throw new QueueException(file + " is too long for a schema: give the SBE XML or its .sbeir");
            }
            final byte[] bytes = Files.readAllBytes(file);
            if (bytes.length > 0 && (bytes[0] == '<' || bytes[0] == (byte) 0xEF)) {
                return fromXml(new ByteArrayInputStream(bytes));
            }
            return fromIr(bytes, file.toString());
        } catch (IOException e) {
            throw new QueueException("cannot read schema " + file + ": " + e.getMessage(), e);
        }
    }

    private static MessageSchema fromIr(byte[] encoded, String name) {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(encoded.length);
        buffer.put(0, encoded);
        try (IrDecoder decoder = new IrDecoder(buffer)) {
            final Ir ir = decoder.decode();
            checkHeader(ir);
            return new MessageSchema(ir, encoded);
        } catch (QueueException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new QueueException(name + " is not an SBE schema in binary IR: " + e.getMessage(), e);
        }
    }

    /** The envelope has room for the standard header alone: four u16 in the standard order. */
    private static void checkHeader(Ir ir) {
        final List<Token> tokens = ir.headerStructure().tokens();
        final int length = tokens.get(0).encodedLength();
        if (length != EnvelopeDescriptor.SBE_HEADER_LENGTH || ir.byteOrder() != java.nio.ByteOrder.LITTLE_ENDIAN) {
            throw new QueueException(
                    "schema " + ir.id() + " has a message header of " + length + " bytes, " + ir.byteOrder()
                            + ": use the standard little-endian header of four uint16 (blockLength, templateId, schemaId,"
                            + " version)");
        }
    }

    /**
     * The schema's id.
     *
     * @return the id in the XML.
     */
    public int id() {
        return ir.id();
    }

    /**
     * The schema's version.
     *
     * @return the version in the XML.
     */
    public int version() {
        return ir.version();
    }

    /**
     * Name of a template.
     *
     * @param templateId to look up.
     * @return the message's name, or null if this version has no such template.
     */
    public String templateName(int templateId) {
        final List<Token> tokens = ir.getMessage(templateId);
        return tokens == null ? null : tokens.get(0).name();
    }

    /**
     * Number of a template.
     *
     * @param name of the message, case ignored.
     * @return the template id, or -1 if this version has no such message.
     */
    public int templateId(String name) {
        for (List<Token> tokens : ir.messages()) {
            if (tokens.get(0).name().equalsIgnoreCase(name)) {
                return tokens.get(0).id();
            }
        }
        return -1;
    }

    Ir ir() {
        return ir;
    }

    byte[] encoded() {
        return encoded;
    }

    @Override
    public String toString() {
        return ir.packageName() + " (schema " + id() + " version " + version() + ")";
    }
}
