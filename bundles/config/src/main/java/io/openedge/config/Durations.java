package io.openedge.config;

import io.openedge.app.InvalidValueException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations in Go's form. Stateless. */
final class Durations {
    private static final Pattern PART = Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
    private static final Pattern WHOLE = Pattern.compile("[+-]?(?:" + PART.pattern() + ")+");
    private static final Pattern BARE = Pattern.compile("[+-]?\\d+");
    private static final int MAX_LENGTH = 100;
    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "μs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    private Durations() {}

    static Duration parse(String text) {
        if (text.length() > MAX_LENGTH || !(isBare(text) || WHOLE.matcher(text).matches())) {
            throw invalid(text);
        }
        BigDecimal nanos = isBare(text) ? new BigDecimal(text) : sum(text);
        try {
            return Duration.ofNanos(nanos.setScale(0, RoundingMode.DOWN).longValueExact());
        } catch (ArithmeticException e) {
            throw invalid(text);
        }
    }

    /** True for a number without a unit. */
    static boolean isBare(String text) {
        return BARE.matcher(text).matches();
    }

    private static BigDecimal sum(String text) {
        BigDecimal sum = BigDecimal.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            sum = sum.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(NANOS.get(part.group(2)))));
        }
        return text.startsWith("-") ? sum.negate() : sum;
    }

    private static InvalidValueException invalid(String text) {
        return new InvalidValueException("", text, "a duration such as 500ms, 30s, 1m30s or 1.5h, up to 290 years");
    }
}
