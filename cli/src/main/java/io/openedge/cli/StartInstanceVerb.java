package io.openedge.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Starts an instance of a service, with a configuration of its own; one that runs is stopped first. */
final class StartInstanceVerb implements Verb {
    /** How an address begins that leads nowhere from outside the gateway. */
    private static final String IN_FRAMEWORK = "osgi:";

    @Override
    public List<Option> options() {
        return List.of();
    }

    @Override
    public String operands() {
        return "SERVICE INSTANCE [KEY=VALUE...]";
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        List<String> words = arguments.operandsFrom(2, operands());
        String service = Operator.service(words.get(0));
        String instance = Operator.instance(words.get(1));
        Map<String, String> configuration = configuration(words.subList(2, words.size()));
        String address = Operator.askFor(
                WorkDirectory.running(arguments), client -> client.startInstance(service, instance, configuration));
        boolean reachable = !address.isEmpty() && !address.startsWith(IN_FRAMEWORK);
        console.say(
                "instance " + instance + " of service " + service + " is started" + (reachable ? ": " + address : ""));
        return OK;
    }

    private static Map<String, String> configuration(List<String> pairs) throws UsageException {
        Map<String, String> configuration = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new UsageException("'" + pair + "' is not allowed here; allowed: KEY=VALUE");
            }
            String key = pair.substring(0, equals);
            if (configuration.put(key, pair.substring(equals + 1)) != null) {
                throw new UsageException(key + " is given twice");
            }
        }
        return configuration;
    }
}
