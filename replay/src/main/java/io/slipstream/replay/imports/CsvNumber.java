package io.slipstream.replay.imports;

import java.util.Locale;

/** Numbers in cells. */
final class CsvNumber {
    private CsvNumber() {}

    /** Does a cell say that there is no value? */
    static boolean isMissing(String cell) {
        return switch (cell.length()) {
            case 0 -> true;
            case 1 -> cell.equals("-");
            case 2 -> cell.equals("--");
            case 3 -> cell.equalsIgnoreCase("nan") || cell.equalsIgnoreCase("n/a");
            case 4 -> cell.equalsIgnoreCase("null");
            default -> false;
        };
    }

    /** The number; true and false are 1 and 0; NaN for what is none. */
    static double parse(String cell, boolean decimalComma) {
        final String text = decimalComma ? cell.replace(',', '.') : cell;
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "on" -> 1;
            case "false", "off" -> 0;
            case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> number(text);
        };
    }

    private static double number(String text) {
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            // Java takes more for a number: 1d, 0x1p3.
            if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                return Double.NaN;
            }
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
