package io.openedge.app;

import java.util.regex.Pattern;

/** The rules for names of services, volumes, functions and instances. Stateless. */
public final class Names {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,63}");
    private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,199}");

    private Names() {}

    /**
     * @param key the key that holds the name, for the error
     * @param name the name, possibly null
     * @return the name
     * @throws InvalidValueException when it is none
     */
    public static String require(String key, String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new InvalidValueException(
                    key,
                    name == null ? "" : name,
                    "a name of 1 to 64 letters, digits, '_' and '-' that starts with a letter or digit");
        }
        return name;
    }

    /** True for a name that an instance may have; names given through the API are checked with it. */
    public static boolean isInstanceName(String name) {
        return INSTANCE.matcher(name).matches();
    }

    /** The module that an image name stands for: its last path segment without tag and digest. */
    public static String moduleOf(String image) {
        String segment = image.substring(image.lastIndexOf('/') + 1);
        int end = segment.length();
        for (char mark : new char[] {':', '@'}) {
            int at = segment.indexOf(mark);
            if (at >= 0 && at < end) {
                end = at;
            }
        }
        return segment.substring(0, end);
    }
}
