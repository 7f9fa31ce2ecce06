package io.openedge.config;

import io.openedge.app.AppConfig;
import io.openedge.app.InvalidValueException;
import io.openedge.app.ServiceSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers of users for services of functions: each that names no user gets one of its own. Which one follows from the
 * names of the services, so that it is the same after a restart. Immutable.
 *
 * @param min the first; 0: there are none
 * @param max the last
 */
public record UserRange(int min, int max) {
    /** No users: services run as the gateway, unless they name one. */
    public static final UserRange NONE = new UserRange(0, 0);

    private static final int LEAST = 1000;
    private static final int MOST = 0x7FFF_FFFE;
    private static final Pattern NUMBER = Pattern.compile("0*([0-9]{1,10})(?::.*)?");
    private static final String FUNCTIONS = "openedge-function-";
    private static final String MANAGER = "openedge-function-manager";

    public UserRange {
        if (min != 0 && (min < LEAST || min > MOST)) {
            throw new InvalidValueException("min", min, LEAST + " to " + MOST + ", or 0 for none");
        }
        if (max < min) {
            throw new InvalidValueException("max", max, "min (" + min + ") or more");
        }
    }

    /**
     * The application with a user for each service of functions that runs as a process of this host.
     *
     * @param mode the engine of services that name none
     * @throws InvalidValueException with a key path from the root when there are more services than users
     */
    public AppConfig assign(AppConfig application, String mode) {
        if (min == 0) {
            return application;
        }
        Map<String, Integer> numbers = numbers(application, mode);
        List<ServiceSpec> services = application.services().stream()
                .map(service -> numbers.containsKey(service.name())
                        ? service.as(Integer.toString(numbers.get(service.name())))
                        : service)
                .toList();
        return new AppConfig(application.version(), services, application.volumes());
    }

    /** By name of the service; where two names mean one number, the later in the alphabet takes the next that is free. */
    private Map<String, Integer> numbers(AppConfig application, String mode) {
        List<ServiceSpec> services = application.services();
        Set<Integer> taken = named(services);
        int size = max - min + 1;
        int free = size - taken.size();
        List<String> names = new ArrayList<>();
        for (int s = 0; s < services.size(); s++) {
            if (needsOne(services.get(s), mode)) {
                if (names.size() >= free) {
                    throw new InvalidValueException(
                            "services[" + s + "].user",
                            "",
                            "a user: 'users' of openedge.yml has but " + free + " numbers"
                                    + (taken.isEmpty() ? "" : " that no service names"));
                }
                names.add(services.get(s).name());
            }
        }
        names.sort(null);
        Map<String, Integer> numbers = new HashMap<>();
        for (String name : names) {
            int place = Math.floorMod(name.hashCode(), size);
            while (!taken.add(min + place)) {
                place = (place + 1) % size;
            }
            numbers.put(name, min + place);
        }
        return numbers;
    }

    /** The numbers of this range that services name themselves, with a group behind or without. */
    private Set<Integer> named(List<ServiceSpec> services) {
        Set<Integer> named = new HashSet<>();
        for (ServiceSpec service : services) {
            Matcher number = NUMBER.matcher(service.user());
            if (number.matches()) {
                long user = Long.parseLong(number.group(1));
                if (user >= min && user <= max) {
                    named.add((int) user);
                }
            }
        }
        return named;
    }

    private static boolean needsOne(ServiceSpec service, String mode) {
        return service.user().isEmpty()
                && service.module().startsWith(FUNCTIONS)
                && !service.module().equals(MANAGER)
                && !service.engineIn(mode).equals("docker");
    }
}
