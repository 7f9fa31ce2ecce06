package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An application that is worked with as a user and an operator do, step by step; what they get to see is written down
 * without what differs from run to run. The transcript must not tell which engine ran it.
 */
final class Scenario {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String FUNCTION = "function-sayhi36";
    private static final String POOLED = FUNCTION + ".python36-sayhi.1";
    private static final String OWN = "mine";

    private final Gateway gateway;
    private final Killer killer;
    private final List<String> transcript = new ArrayList<>();

    /** Kills what computes in an instance, as a fault of its code would. */
    @FunctionalInterface
    interface Killer {
        void kill(Gateway gateway, String instance) throws Exception;
    }

    /** @param gateway with the work directory of an example, not started */
    Scenario(Gateway gateway, Killer killer) {
        this.gateway = gateway;
        this.killer = killer;
    }

    List<String> play() throws Exception {
        note("start", gateway.start().expect(0).err());
        services();
        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("t/#");
            publishIsRouted(user);
            functionsAnswer(user, 1);
            user.awaitMessage("t/py2hi"); // the other function's instance has come up too, or cannot here
            services();
            whatTheHubReports();
            anInstanceOnDemand();
            whatComputesIsKilled(user);
            aServiceRestarts();
            anUpdateTouchesWhatChanged();
        }
        try (HubClient user = new HubClient(gateway.port())) {
            functionsAnswerAgain(user.subscribe("t/#"));
        }
        allStops();
        return transcript;
    }

    private void note(String step, String what) {
        transcript.add(step + ": " + what);
    }

    private void publishIsRouted(HubClient user) {
        user.publish("t", "{\"id\": 0}");
        note("route", user.awaitMessage("t/topic", "\"id\": 0"));
    }

    private void functionsAnswer(HubClient user, int id) throws IOException {
        user.publish("t", "{\"id\": " + id + "}");
        note("function", sorted(user.awaitMessage("t/py3hi", "\"id\": " + id)));
        String list = "[" + id + "]"; // the function raises: it takes a dict
        user.publish("t", list);
        String payload = Base64.getEncoder().encodeToString(list.getBytes(StandardCharsets.UTF_8));
        note("error", inWords(user.awaitMessage("t/py3hi", payload)));
    }

    /** What is published before the function manager is back is nobody's. */
    private void functionsAnswerAgain(HubClient user) throws IOException {
        await("the manager is back")
                .atMost(LIMIT)
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> user.publish("t", "{\"id\": 3}").received().stream()
                        .anyMatch(line -> line.startsWith("t/py3hi ") && line.contains("\"id\": 3")));
        note("again", sorted(user.awaitMessage("t/py3hi", "\"id\": 3")));
    }

    private void services() throws Exception {
        for (JsonNode service : gateway.inspect().path("services")) {
            TreeSet<String> instances = new TreeSet<>();
            service.path("instances")
                    .forEach(instance -> instances.add(instance.path("name").asText() + " "
                            + instance.path("status").asText()));
            note("inspect", service.path("name").asText() + " " + instances);
        }
    }

    private void whatTheHubReports() throws Exception {
        await("the hub reports").atMost(LIMIT).until(() -> reported().size() > 3);
        note("report", reported().toString());
    }

    private TreeSet<String> reported() throws IOException, InterruptedException {
        TreeSet<String> keys = new TreeSet<>();
        gateway.instance("localhub").ifPresent(hub -> hub.fieldNames().forEachRemaining(keys::add));
        keys.removeAll(List.of("process", "container", "cpu_stats", "mem_stats"));
        return keys;
    }

    private void anInstanceOnDemand() throws Exception {
        String address = call("start", "{\"KEY\": \"value\"}").expect(0).out();
        note("demand", address.replaceAll("osgi:" + OWN + "|127\\.0\\.0\\.1:\\d+", "ADDRESS"));
        gateway.awaitState(OWN, "running");
        services();
        note("refused", call("start", "{\"LD_PRELOAD\": \"x\"}").out());
        note("stopped", call("stop", "").expect(0).out());
        await("it is gone").atMost(LIMIT).until(() -> gateway.instance(OWN).isEmpty());
    }

    private Outcome call(String verb, String body) throws IOException, InterruptedException {
        return gateway.call("PUT", "/v1/services/" + FUNCTION + "/instances/" + OWN + "/" + verb, body);
    }

    private void whatComputesIsKilled(HubClient user) throws Exception {
        int before = restarts(POOLED);
        killer.kill(gateway, POOLED);
        await("it is started again").atMost(LIMIT).until(() -> restarts(POOLED) > before);
        gateway.awaitState(POOLED, "running");
        functionsAnswer(user, 2);
    }

    private int restarts(String instance) throws IOException, InterruptedException {
        Optional<JsonNode> found = gateway.instance(instance);
        return found.map(node -> node.path("restarts").asInt()).orElse(0);
    }

    private void aServiceRestarts() throws Exception {
        note(
                "restart",
                gateway.command("restart", "localhub", "-w", gateway.work().toString())
                        .expect(0)
                        .out());
        gateway.awaitState("localhub", "running");
    }

    private void anUpdateTouchesWhatChanged() throws Exception {
        String hub = begun("localhub");
        String manager = begun("function-manager");
        Path next = Files.createDirectories(gateway.work().resolve("next")).resolve("application.yml");
        String now = Files.readString(gateway.db("application.yml"));
        Files.writeString(
                next,
                now.replace("version: v1", "version: v2")
                        .replace(
                                "image: openedge-function-manager",
                                "image: openedge-function-manager\n    env: {A: b}"));
        note("plan", update("--dry-run").expect(0).out());
        note("update", update().expect(0).out());
        note("kept", String.valueOf(begun("localhub").equals(hub)));
        note("replaced", String.valueOf(!begun("function-manager").equals(manager)));
        services();
    }

    private Outcome update(String... options) throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(List.of("update", "-w", gateway.work().toString()));
        line.addAll(List.of(options));
        line.add("next");
        return gateway.command(line.toArray(String[]::new));
    }

    private String begun(String instance) throws IOException, InterruptedException {
        return gateway.instance(instance).orElseThrow().path("start_time").asText();
    }

    private void allStops() throws Exception {
        List<ProcessHandle> all = ProcessHandle.of(gateway.pid().orElseThrow()).stream()
                .flatMap(ProcessHandle::descendants)
                .toList();
        note("stop", gateway.stop().expect(0).err());
        await("its processes are gone").atMost(LIMIT).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
        Path services = gateway.work().resolve("var/run/openedge/services");
        try (Stream<Path> left = Files.exists(services) ? Files.list(services) : Stream.empty()) {
            assertThat(left).as("folders of services").isEmpty();
        }
    }

    private static String sorted(String json) throws IOException {
        TreeSet<String> members = new TreeSet<>();
        JSON.readTree(json).properties().forEach(member -> members.add(member.toString()));
        return members.toString();
    }

    /** An error without the message that it answers. */
    private static String inWords(String json) throws IOException {
        JsonNode error = JSON.readTree(json);
        return error.path("errorType").asText() + " "
                + error.path("errorMessage").asText();
    }
}
