package io.openedge.app;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a container may do beyond Docker's default. Immutable.
 *
 * @param capabilities of the kernel that are added, as {@code NET_ADMIN}
 * @param escalate whether a program may gain rights by starting another one (setuid); else it cannot
 */
public record Privileges(List<String> capabilities, boolean escalate) {
    /** Nothing. */
    public static final Privileges NONE = new Privileges(null, false);

    private static final Pattern CAPABILITY = Pattern.compile("[A-Z][A-Z_]*");

    public Privileges {
        capabilities = capabilities == null ? List.of() : List.copyOf(capabilities);
        for (String capability : capabilities) {
            if (!CAPABILITY.matcher(capability).matches() || capability.startsWith("CAP_")) {
                throw new InvalidValueException(
                        "capabilities", capability, "a capability of the kernel without CAP_, such as NET_ADMIN");
            }
        }
    }
}
