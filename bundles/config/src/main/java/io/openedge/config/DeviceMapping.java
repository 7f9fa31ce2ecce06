package io.openedge.config;

import io.openedge.app.InvalidValueException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One entry of a service's {@code devices}: {@code HOST[:CONTAINER[:rwm]]}. Immutable.
 *
 * @param host the device of the host
 * @param container its path in the container
 * @param rights some of r, w and m; default rwm
 */
public record DeviceMapping(String host, String container, String rights) {
    private static final Pattern FORM = Pattern.compile("(/[^:]+)(?::(/[^:]+))?(?::([rwm]{1,3}))?");

    /** @throws InvalidValueException without a key when the text is not of this form */
    public static DeviceMapping parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new InvalidValueException("", text, "HOST[:CONTAINER[:rwm]], such as /dev/video0:/dev/video0:r");
        }
        return new DeviceMapping(
                form.group(1),
                form.group(2) == null ? form.group(1) : form.group(2),
                form.group(3) == null ? "rwm" : form.group(3));
    }
}
