package io.slipstream.queue;

import java.nio.charset.Charset;
import java.util.List;
import org.agrona.DirectBuffer;
import uk.co.real_logic.sbe.PrimitiveType;
import uk.co.real_logic.sbe.PrimitiveValue;
import uk.co.real_logic.sbe.ir.Encoding;
import uk.co.real_logic.sbe.ir.Signal;
import uk.co.real_logic.sbe.ir.Token;
import uk.co.real_logic.sbe.otf.TokenListener;
import uk.co.real_logic.sbe.otf.Types;

/** Writes a message that is decoded on the fly as one line of JSON. */
final class JsonTokenWriter implements TokenListener {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private StringBuilder output;
    private boolean first;
    private int compositeLevel;

    void begin(StringBuilder target) {
        output = target;
        compositeLevel = 0;
    }

    @Override
    public void onBeginMessage(Token token) {
        open('{');
    }

    @Override
    public void onEndMessage(Token token) {
        close('}');
    }

    @Override
    public void onEncoding(Token field, DirectBuffer buffer, int index, Token type, int actingVersion) {
        name(compositeLevel > 0 ? type.name() : field.name());
        if (actingVersion < field.version()) {
            output.append("null");
            return;
        }
        final Encoding encoding = type.encoding();
        final int count = type.arrayLength();
        if (type.isConstantEncoding()) {
            constant(encoding);
        } else if (count > 1 && encoding.primitiveType() == PrimitiveType.CHAR) {
            characters(buffer, index, count, encoding);
        } else if (count == 1) {
            number(buffer, index, encoding);
        } else {
            output.append('[');
            for (int i = 0; i < count; i++) {
                output.append(i > 0 ? "," : "");
                number(buffer, index + i * encoding.primitiveType().size(), encoding);
            }
            output.append(']');
        }
    }

    @Override
    public void onEnum(
            Token field, DirectBuffer buffer, int index, List<Token> tokens, int from, int to, int actingVersion) {
        name(name(field, tokens, from));
        final Encoding encoding = tokens.get(from).encoding();
        if (field.isConstantEncoding()) {
            final String reference = field.encoding().constValue().toString();
            quoted(reference.substring(reference.indexOf('.') + 1));
            return;
        }
        if (actingVersion < field.version()) {
            output.append("null");
            return;
        }
        final long value = Types.getLong(buffer, index, encoding);
        for (int i = from + 1; i < to; i++) {
            if (value == tokens.get(i).encoding().constValue().longValue()) {
                quoted(tokens.get(i).name());
                return;
            }
        }
        // The null value, or one that a newer schema added.
        if (value == encoding.applicableNullValue().longValue()) {
            output.append("null");
        } else {
            output.append(value);
        }
    }

    @Override
    public void onBitSet(
            Token field, DirectBuffer buffer, int index, List<Token> tokens, int from, int to, int actingVersion) {
        name(name(field, tokens, from));
        if (actingVersion < field.version()) {
            output.append("null");
            return;
        }
        final long bits = Types.getLong(buffer, index, tokens.get(from).encoding());
        open('[');
        for (int i = from + 1; i < to; i++) {
            if ((bits >>> tokens.get(i).encoding().constValue().longValue() & 1) != 0) {
                comma();
                quoted(tokens.get(i).name());
            }
        }
        close(']');
    }

    @Override
    public void onBeginComposite(Token field, List<Token> tokens, int from, int to) {
        name(name(field, tokens, from));
        compositeLevel++;
        open('{');
    }

    @Override
    public void onEndComposite(Token field, List<Token> tokens, int from, int to) {
        compositeLevel--;
        close('}');
    }

    @Override
    public void onGroupHeader(Token token, int numInGroup) {
        name(token.name());
        open('[');
        if (numInGroup == 0) {
            close(']');
        }
    }

    @Override
    public void onBeginGroup(Token token, int groupIndex, int numInGroup) {
        comma();
        open('{');
    }

    @Override
    public void onEndGroup(Token token, int groupIndex, int numInGroup) {
        close('}');
        if (groupIndex == numInGroup - 1) {
            close(']');
        }
    }

    @Override
    public void onVarData(Token field, DirectBuffer buffer, int index, int length, Token type) {
        name(field.name());
        // A length that lies must not reach an allocation.
        buffer.boundsCheck(index, length);
        final String charset = type.encoding().characterEncoding();
        if (charset != null) {
            final byte[] bytes = new byte[length];
            buffer.getBytes(index, bytes);
            quoted(new String(bytes, Charset.forName(charset)));
        } else {
            output.append('"');
            for (int i = 0; i < length; i++) {
                final byte b = buffer.getByte(index + i);
                output.append(HEX[b >> 4 & 0xF]).append(HEX[b & 0xF]);
            }
            output.append('"');
        }
    }

    private void number(DirectBuffer buffer, int index, Encoding encoding) {
        switch (encoding.primitiveType()) {
            case FLOAT -> {
                final float value = buffer.getFloat(index, encoding.byteOrder());
                if (Float.isFinite(value)) {
                    output.append(value);
                } else {
                    output.append("null");
                }
            }
            case DOUBLE -> {
                final double value = buffer.getDouble(index, encoding.byteOrder());
                if (Double.isFinite(value)) {
                    output.append(value);
                } else {
                    output.append("null");
                }
            }
            case CHAR -> quoted(String.valueOf((char) (buffer.getByte(index) & 0xFF)));
            default -> {
                final long value = Types.getLong(buffer, index, encoding);
                if (value == encoding.applicableNullValue().longValue()) {
                    output.append("null");
                } else if (encoding.primitiveType() == PrimitiveType.UINT64) {
                    output.append(Long.toUnsignedString(value));
                } else {
                    output.append(value);
                }
            }
        }
    }

    private void characters(DirectBuffer buffer, int index, int count, Encoding encoding) {
        int length = 0;
        while (length < count && buffer.getByte(index + length) != 0) {
            length++;
        }
        final byte[] bytes = new byte[length];
        buffer.getBytes(index, bytes);
        final String charset = encoding.characterEncoding();
        quoted(new String(bytes, Charset.forName(charset == null ? "US-ASCII" : charset)));
    }

    private void constant(Encoding encoding) {
        final PrimitiveValue value = encoding.constValue();
        if (encoding.primitiveType() == PrimitiveType.CHAR) {
            quoted(value.toString());
        } else {
            output.append(value);
        }
    }

    private static String name(Token field, List<Token> tokens, int from) {
        // Within a composite the member's own token has the name.
        return field.signal() == Signal.BEGIN_FIELD
                ? field.name()
                : tokens.get(from).name();
    }

    private void name(String name) {
        comma();
        quoted(name);
        output.append(':');
    }

    private void comma() {
        if (!first) {
            output.append(',');
        }
        first = false;
    }

    private void open(char bracket) {
        output.append(bracket);
        first = true;
    }

    private void close(char bracket) {
        output.append(bracket);
        first = false;
    }

    private void quoted(String text) {
        output.append('"');
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                output.append('\\').append(c);
            } else if (c < 0x20) {
                output.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 0xF]);
            } else {
                output.append(c);
            }
        }
        output.append('"');
    }
}
