package io.slipstream.memory.format;

/**
 * A block format that cannot be used as written. The message names the source, the line and the remedy, and is meant to be
 * shown to the user as it is.
 */
public final class FormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Name of the text that was parsed. */
    private final String source;

    /** Line of the fault, from 1; 0 where it is of the text as a whole. */
    private final int line;

    /** What is wrong, without saying where. */
    private final String problem;

    /**
     * Says what is wrong, where, and what to do about it.
     *
     * @param source name of the text that was parsed, a file name as a rule.
     * @param line line of the fault, from 1; 0 where it is of the text as a whole.
     * @param problem what is wrong and the remedy.
     */
    public FormatException(final String source, final int line, final String problem) {
        super(line > 0 ? source + ":" + line + ": " + problem : source + ": " + problem);
        this.source = source;
        this.line = line;
        this.problem = problem;
    }

    /**
     * The text that was parsed.
     *
     * @return its name.
     */
    public String source() {
        return source;
    }

    /**
     * Where the fault is.
     *
     * @return line number from 1; 0 where the fault is of the text as a whole.
     */
    public int line() {
        return line;
    }

    /** What is wrong and the remedy, for a caller that knows better where. */
    String problem() {
        return problem;
    }
}
