package io.openedge.cli;

import io.openedge.cli.app.ServiceFiles;
import io.openedge.cli.fn.LocalFunctions;
import io.openedge.cli.fn.LocalFunctions.Source;
import io.openedge.cli.fn.Recording;
import io.openedge.config.Applications;
import io.openedge.function.FunctionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Tries a Python function without a gateway: with one event, or with recorded messages. */
final class FnVerb implements Verb {
    private static final String IMAGE = "openedge-function-python";
    private static final String USAGE = "invoke NAME < EVENT | replay FILE NAME";
    private static final int LIMIT_SECONDS = 30;
    private static final int MOST_SECONDS = 24 * 3600;

    @Override
    public List<Option> places() {
        return List.of(
                new Option("-w", "DIR", "in which paths of service.yml are taken; default: the current folder"),
                new Option("-c", "FILE", "the service.yml, taken in DIR; default: etc/openedge/service.yml"));
    }

    @Override
    public List<Option> options() {
        return List.of(
                new Option(
                        "-s", "SERVICE", "a service of an application instead; then -w and -c are those of a gateway"),
                new Option("-p", "VERSION", "of the runtime: 2.7 or 3; default: the service's, or 3"),
                new Option("-t", "TOPIC", "invoke: of the message; default: test"),
                new Option("-q", "QOS", "invoke: of the message; default: 0"),
                new Option("-W", "SECONDS", "how long a call may take; default: " + LIMIT_SECONDS));
    }

    @Override
    public String operands() {
        return USAGE;
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        List<String> words = arguments.operandsFrom(2, USAGE);
        boolean invoke = words.get(0).equals("invoke") && words.size() == 2;
        if (!invoke && !(words.get(0).equals("replay") && words.size() == 3)) {
            throw new UsageException("needed: " + USAGE);
        }
        Duration limit = Duration.ofSeconds(arguments.number("-W", LIMIT_SECONDS, 1, MOST_SECONDS));
        int qos = arguments.number("-q", 0, 0, 2);
        String topic = arguments.value("-t").orElse("test");
        Source source = arguments.has("-s") ? ofApplication(arguments) : ofFile(arguments);
        List<Recording.Message> messages = invoke ? List.of() : Recording.read(Path.of(words.get(1)));
        try (LocalFunctions functions = functions(source, words.get(words.size() - 1), limit, console)) {
            return invoke
                    ? invoke(functions, topic, qos, System.in.readAllBytes(), console)
                    : replay(functions, words.get(1), messages, console);
        }
    }

    private static LocalFunctions functions(Source source, String name, Duration limit, Console console)
            throws Exception {
        LocalFunctions functions =
                new LocalFunctions(source, name, limit, line -> console.err().println(line), Clock.systemUTC());
        try {
            functions.start();
            return functions;
        } catch (Exception e) {
            functions.close();
            throw new CommandException(source.configuration() + ": the runtime does not start: " + e.getMessage());
        }
    }

    private static int invoke(LocalFunctions functions, String topic, int qos, byte[] event, Console console)
            throws Exception {
        long begin = System.nanoTime();
        try {
            byte[] result = functions.call(topic, qos, event);
            String took = milliseconds(System.nanoTime() - begin);
            print(result, console);
            console.err().println(result.length == 0 ? took + ", no result: nothing is published" : took);
            return OK;
        } catch (FunctionException e) {
            console.complain(e.getMessage() + " (" + milliseconds(System.nanoTime() - begin) + ")");
            return FAILED;
        }
    }

    private static int replay(LocalFunctions functions, String file, List<Recording.Message> messages, Console console)
            throws Exception {
        List<Long> took = new ArrayList<>();
        int errors = 0;
        for (Recording.Message message : messages) {
            long begin = System.nanoTime();
            try {
                print(functions.call(message.topic(), message.qos(), message.payload()), console);
            } catch (FunctionException e) {
                errors++;
                console.complain(file + ": line " + message.line() + ": " + e.getMessage());
            }
            took.add(System.nanoTime() - begin);
        }
        took.sort(null);
        console.err()
                .println("messages: " + messages.size() + ", errors: " + errors
                        + (took.isEmpty()
                                ? ""
                                : ", median " + milliseconds(took.get(took.size() / 2)) + ", most "
                                        + milliseconds(took.get(took.size() - 1))));
        return errors == 0 ? OK : FAILED;
    }

    private static void print(byte[] result, Console console) {
        if (result.length > 0) {
            console.out().write(result, 0, result.length);
            console.out().println();
        }
    }

    private static String milliseconds(long nanoseconds) {
        return String.format(Locale.ROOT, "%.2f ms", nanoseconds / 1e6);
    }

    /** A service.yml by itself: the current folder, or what -w names, is its service's. */
    private static Source ofFile(Arguments arguments) throws Exception {
        Path folder = Path.of(arguments.value("-w").orElse("")).toAbsolutePath().normalize();
        Path file = folder.resolve(arguments.value("-c").orElse("etc/openedge/service.yml"));
        if (!Files.isRegularFile(file)) {
            throw new CommandException(file + ": there is no such file; -c names the service.yml of a function's"
                    + " service, or -s a service");
        }
        return new Source("function", IMAGE + version(arguments, "36"), file, folder, Map.of(), path -> path);
    }

    /** As the application has it, from its volumes: the service need not run. */
    private static Source ofApplication(Arguments arguments) throws Exception {
        WorkDirectory work = WorkDirectory.of(arguments);
        String name = arguments.value("-s").orElseThrow();
        List<ServiceFiles> services = ServiceFiles.of(
                work.path(),
                Applications.read(work.application(), warning -> {}),
                work.config().mode().word());
        ServiceFiles service = services.stream()
                .filter(one -> one.service().name().equals(name)
                        && one.service().module().startsWith(IMAGE))
                .findFirst()
                .orElseThrow(() -> new CommandException("there is no service '" + name + "' with an image " + IMAGE
                        + "…; the application has "
                        + services.stream().map(one -> one.service().name()).collect(Collectors.joining(", "))));
        return new Source(
                name,
                IMAGE + version(arguments, service.service().module().endsWith("27") ? "27" : "36"),
                service.configuration(),
                work.path(),
                service.service().env(),
                path -> service.host(path).toString());
    }

    private static String version(Arguments arguments, String otherwise) throws UsageException {
        return switch (arguments.value("-p").orElse("")) {
            case "" -> otherwise;
            case "2.7" -> "27";
            case "3" -> "36";
            default ->
                throw new UsageException(
                        "-p: '" + arguments.value("-p").get() + "' is not allowed here; allowed: 2.7, 3");
        };
    }
}
