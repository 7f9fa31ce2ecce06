package io.openedge.config;

import io.openedge.app.ByteSize;
import io.openedge.app.InvalidValueException;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The text of a scalar to a value of a type. Stateless. */
final class Scalars {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?");
    private static final Pattern LEADING_ZERO = Pattern.compile("[+-]?0\\d+");
    private static final int MAX_DIGITS = 100;
    private static final Set<String> YES = Set.of("true", "yes", "on");
    private static final Set<String> NO = Set.of("false", "no", "off");

    private Scalars() {}

    /** @throws InvalidValueException without a key when the text is none of the type */
    static Object parse(String text, Class<?> type) {
        if (type == String.class) {
            return text;
        } else if (type == boolean.class || type == Boolean.class) {
            return bool(text);
        } else if (type == int.class || type == Integer.class) {
            return (int) whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
        } else if (type == long.class || type == Long.class) {
            return whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
        } else if (type == double.class || type == Double.class) {
            return number(text, "a number").doubleValue();
        } else if (type == Duration.class) {
            return Durations.parse(text);
        } else if (type == ByteSize.class) {
            return Sizes.parse(text);
        } else if (type == Path.class) {
            return path(text);
        } else if (type.isEnum()) {
            return constant(text, type);
        }
        throw new IllegalArgumentException("no text becomes a " + type.getName());
    }

    /** What a primitive component gets when there is nothing in the file; null for any other type. */
    static @Nullable Object absent(Class<?> type) {
        if (type == boolean.class) {
            return false;
        } else if (type == int.class) {
            return 0;
        } else if (type == long.class) {
            return 0L;
        }
        return type == double.class ? 0.0 : null;
    }

    /** True for a zero, which stands for "the default" where a component can be null. */
    static boolean isZero(Object value) {
        return value instanceof Number number && number.doubleValue() == 0
                || Duration.ZERO.equals(value)
                || ByteSize.ZERO.equals(value);
    }

    private static boolean bool(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        if (YES.contains(word)) {
            return true;
        } else if (NO.contains(word)) {
            return false;
        }
        throw new InvalidValueException("", text, "true or false (also yes, no, on, off)");
    }

    private static long whole(String text, long min, long max) {
        String allowed = max == Long.MAX_VALUE ? "a whole number" : "a whole number from " + min + " to " + max;
        BigDecimal number = number(text, "a whole number");
        if (LEADING_ZERO.matcher(text).matches()) {
            // 010 is ten for some readers and eight for others
            throw new InvalidValueException("", text, allowed + ", without leading zeros");
        }
        if (number.compareTo(BigDecimal.valueOf(min)) < 0 || number.compareTo(BigDecimal.valueOf(max)) > 0) {
            throw new InvalidValueException("", text, allowed);
        }
        try {
            return number.longValueExact();
        } catch (ArithmeticException e) {
            throw new InvalidValueException("", text, allowed);
        }
    }

    private static BigDecimal number(String text, String allowed) {
        if (text.length() > MAX_DIGITS || !NUMBER.matcher(text).matches()) {
            throw new InvalidValueException("", text, allowed);
        }
        return new BigDecimal(text);
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InvalidValueException("", text, "a path");
        }
    }

    private static Object constant(String text, Class<?> type) {
        Object[] constants = type.getEnumConstants();
        String name = text.replace('-', '_').toUpperCase(Locale.ROOT);
        for (Object constant : constants) {
            if (((Enum<?>) constant).name().equals(name)) {
                return constant;
            }
        }
        String words = Arrays.stream(constants)
                .map(constant ->
                        ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .collect(Collectors.joining(", "));
        throw new InvalidValueException("", text, words);
    }
}
