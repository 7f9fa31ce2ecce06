package io.openedge.master.app;

import io.openedge.system.GatewayException;
import io.openedge.system.GatewayException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a caller of the API may put into the environment of an instance: nothing that changes which code a process loads, as
 * whom or from where, and nothing that the gateway itself says there. Stateless; any thread.
 */
public final class DynamicConfiguration {
    /** All names and values together, in UTF-8. Unit: bytes. */
    static final int MOST = 64 << 10;

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,255}");

    /** Read by loaders of programs, run-times and shells before a program's own code runs. */
    private static final List<String> PREFIXES = List.of(
            "LD_",
            "DYLD_",
            "GCONV_",
            "JAVA_",
            "JDK_",
            "_JAVA_",
            "PYTHON",
            "PERL",
            "RUBY",
            "GEM_",
            "LUA_",
            "DOTNET_",
            "CORECLR_",
            "BASH",
            "OPENSSL_");

    private static final Set<String> NAMES = Set.of(
            "PATH",
            "HOME",
            "SHELL",
            "CLASSPATH",
            "ENV",
            "IFS",
            "PS4",
            "CDPATH",
            "SHELLOPTS",
            "PROMPT_COMMAND",
            "NODE_OPTIONS",
            "NODE_PATH",
            "NODE_EXTRA_CA_CERTS",
            "PHPRC",
            "PHP_INI_SCAN_DIR",
            "COR_PROFILER",
            "GLIBC_TUNABLES",
            "NLSPATH",
            "LOCPATH",
            "HOSTALIASES",
            "RES_OPTIONS");

    private static final String MASTER = "OPENEDGE_MASTER_API";
    private static final Set<String> OURS = Set.of(
            "OPENEDGE_HOME",
            "OPENEDGE_HOST_OS",
            "OPENEDGE_RUNNING_MODE",
            "OPENEDGE_SERVICES",
            "OPENEDGE_SERVICE_NAME",
            "OPENEDGE_SERVICE_TOKEN",
            "OPENEDGE_SERVICE_INSTANCE_NAME");

    private DynamicConfiguration() {}

    /**
     * Lets a configuration pass.
     *
     * @throws GatewayException that names the key that is refused
     */
    public static void check(Map<String, String> configuration) {
        long size = 0;
        for (Map.Entry<String, String> variable : configuration.entrySet()) {
            check(variable.getKey(), variable.getValue());
            size += bytes(variable.getKey()) + bytes(variable.getValue());
            if (size > MOST) {
                throw refused(variable.getKey(), "all keys and values together may have " + MOST + " bytes");
            }
        }
    }

    private static void check(String name, String value) {
        if (!NAME.matcher(name).matches()) {
            throw refused(name, "no name of a variable; allowed: 1 to 256 letters, digits and '_', no digit first");
        }
        if (OURS.contains(name) || name.startsWith(MASTER)) {
            throw refused(name, "the gateway itself says it");
        }
        if (NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith)) {
            throw refused(name, "it changes what a process loads; only env of the service in application.yml may");
        }
        if (value.indexOf('\0') >= 0) {
            throw refused(name, "its value holds a NUL");
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static GatewayException refused(String name, String reason) {
        String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
        return new GatewayException(
                Kind.INVALID, "'" + shown.replaceAll("\\p{Cntrl}", "?") + "' is not allowed here: " + reason);
    }
}
