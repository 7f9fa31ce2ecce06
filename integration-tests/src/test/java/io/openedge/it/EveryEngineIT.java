package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;

/**
 * One application with services under all three engines: the hub in the framework, a timer as a process, and under each engine
 * a manager that calls functions under each engine. They reach each other by the names of their services.
 */
public class EveryEngineIT {
    private static final List<String> ENGINES = List.of("osgi", "native", "docker");

    @ClassRule
    public static final ModuleImages IMAGES = new ModuleImages();

    @Rule
    public final Gateway gateway = Gateway.ofExample();

    @Before
    public void writeTheApplication() throws IOException {
        StringBuilder services = new StringBuilder("services:\n" + service("localhub", "openedge-hub", "osgi", 1, ""));
        StringBuilder volumes = new StringBuilder("volumes:\n" + volume("localhub-conf"));
        gateway.edit(gateway.db("localhub-conf/service.yml"), text -> text.replace("127.0.0.1:", "0.0.0.0:"));
        services.append(service("timer", "openedge-timer", "native", 1, ""));
        volumes.append(volume("timer-conf"));
        write("timer-conf/service.yml", hub() + "timer: {interval: 1s}\npublish: {topic: tick, payload: {}}\n");
        for (String engine : ENGINES) {
            services.append(service("manager-" + engine, "openedge-function-manager", engine, 1, ""));
            volumes.append(volume("manager-" + engine + "-conf"));
            write("manager-" + engine + "-conf/service.yml", manager(engine));
            services.append(service(
                    "function-" + engine, "openedge-function-python36", engine, 0, ", {name: code, path: code}"));
            volumes.append(volume("function-" + engine + "-conf"));
            write("function-" + engine + "-conf/service.yml", functions(engine));
        }
        write(
                "code/where.py",
                "import os\ndef handler(event, context):\n    return os.environ['OPENEDGE_RUNNING_MODE']\n");
        write("application.yml", services.toString() + volumes + "  - {name: code, path: var/db/openedge/code}\n");
    }

    private static String service(String name, String image, String engine, int replica, String mounts) {
        return "  - {name: " + name + ", image: " + image + ", engine: " + engine + ", replica: " + replica
                + ", mounts: [{name: " + name + "-conf, path: etc/openedge, readonly: true}" + mounts + "]}\n";
    }

    private static String volume(String name) {
        return "  - {name: " + name + ", path: var/db/openedge/" + name + "}\n";
    }

    private String hub() {
        return "hub: {address: 'tcp://localhub:" + gateway.port() + "', username: test, password: hahaha}\n";
    }

    private String manager(String engine) {
        return hub() + "rules:\n"
                + ENGINES.stream()
                        .map(other -> "  - {clientid: " + engine + "-" + other
                                + ", subscribe: {topic: ask}, function: {name: " + engine + "-" + other
                                + "}, publish: {topic: " + engine + "/" + other + "}}\n")
                        .collect(Collectors.joining())
                + "functions:\n"
                + ENGINES.stream()
                        .map(other -> "  - {name: " + engine + "-" + other + ", service: function-" + other + "}\n")
                        .collect(Collectors.joining());
    }

    private static String functions(String engine) {
        return "python: /usr/bin/python3\nfunctions:\n"
                + ENGINES.stream()
                        .map(caller ->
                                "  - {name: " + caller + "-" + engine + ", handler: where.handler, codedir: code}\n")
                        .collect(Collectors.joining());
    }

    private void write(String file, String text) throws IOException {
        Path path = gateway.db(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    @Test
    public void eachEngineFindsWhatTheOthersRun() throws Exception {
        gateway.start().expect(0);

        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("tick");
            user.awaitMessage("tick");
            for (String caller : ENGINES) {
                user.subscribe(caller + "/+");
            }
            user.publish("ask", "{}");
            for (String caller : ENGINES) {
                for (String engine : ENGINES) {
                    assertThat(user.awaitMessage(caller + "/" + engine))
                            .as("%s calls %s", caller, engine)
                            .isEqualTo('"' + engine + '"');
                }
            }
        }
        assertThat(ModuleImages.docker("exec", "manager-docker", "sh", "-c", "cat /proc/[0-9]*/maps"))
                .as("the archive of classes of its image")
                .contains("/opt/openedge/lib/module.jsa");
        assertThat(ModuleImages.containersOf(gateway)).hasSize(1 + ENGINES.size());
        gateway.stop().expect(0);
        assertThat(ModuleImages.containersOf(gateway)).isEmpty();
    }
}
