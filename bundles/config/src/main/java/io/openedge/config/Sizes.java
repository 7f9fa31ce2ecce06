package io.openedge.config;

import io.openedge.app.ByteSize;
import io.openedge.app.InvalidValueException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes in Docker's form; 1k is 1024. Stateless. */
final class Sizes {
    private static final Pattern SIZE = Pattern.compile("(\\d+(\\.\\d+)?) ?([kmgtp]?)i?b?");
    private static final String UNITS = "kmgtp";
    private static final int MAX_LENGTH = 100;

    private Sizes() {}

    static ByteSize parse(String text) {
        Matcher size = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (text.length() > MAX_LENGTH || !size.matches()) {
            throw invalid(text);
        }
        boolean bytes = size.group(3).isEmpty();
        if (bytes && size.group(2) != null) {
            throw invalid(text);
        }
        long unit = bytes ? 1 : 1L << 10 * (UNITS.indexOf(size.group(3)) + 1);
        try {
            return new ByteSize(new BigDecimal(size.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .setScale(0, RoundingMode.DOWN)
                    .longValueExact());
        } catch (ArithmeticException e) {
            throw invalid(text);
        }
    }

    private static InvalidValueException invalid(String text) {
        return new InvalidValueException(
                "", text, "a size such as 512k, 4m, 1.5g or 2t (1k is 1024), or a whole number of bytes");
    }
}
