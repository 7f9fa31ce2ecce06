package io.openedge.engine.process;

import io.openedge.directory.ServiceUser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The environment of a service's processes: the gateway's, so that programs find interpreters and languages, without
 * what is the gateway's own; then the instance's. Immutable; any thread.
 *
 * @param home the installation
 * @param user of the service; empty: the gateway's
 */
record ProcessEnvironment(String home, Optional<ServiceUser> user) {
    /** What starts the program reads these itself, and would do so with the gateway's rights: they are set at last. */
    static final String LATER = "OPENEDGE_LAUNCH_";

    private static final Pattern OWN = Pattern.compile("JAVA_.*|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|OPENEDGE_.*");
    private static final Pattern READ_BY_LAUNCH = Pattern.compile(
            "LD_.*|GLIBC_TUNABLES|GCONV_PATH|LOCPATH|NLSPATH|MALLOC_.*|LC_.*|LANG|LANGUAGE|IFS|POSIXLY_CORRECT");

    /** Changes the environment that the gateway would hand on. */
    void apply(Map<String, String> environment, Map<String, String> instance) {
        environment.keySet().removeIf(name -> OWN.matcher(name).matches());
        environment.put("OPENEDGE_HOME", home);
        environment.put("OPENEDGE_JAVA_HOME", System.getProperty("java.home")); // for modules: JAVA_HOME is taken away
        user.ifPresent(other -> {
            environment.put("HOME", other.home());
            environment.put("USER", other.name());
            environment.put("LOGNAME", other.name());
        });
        instance.forEach((name, value) -> {
            if (!name.startsWith(LATER)) {
                environment.put(name, value);
            }
        });
        postpone(environment);
    }

    private static void postpone(Map<String, String> environment) {
        List<String> names = new ArrayList<>(environment.keySet());
        names.removeIf(name -> !READ_BY_LAUNCH.matcher(name).matches());
        for (int number = 0; number < names.size(); number++) {
            String name = names.get(number);
            environment.put(LATER + number, name + "=" + environment.remove(name));
        }
    }
}
