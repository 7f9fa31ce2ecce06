package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;

/** One application under every engine: users and operators see the same. */
public class ScenarioIT {
    @ClassRule
    public static final ModuleImages IMAGES = new ModuleImages();

    @Rule
    public final Gateway osgi = Gateway.ofExample("osgi");

    @Rule
    public final Gateway processes = Gateway.ofExample("native");

    @Rule
    public final Gateway containers = Gateway.ofExample("docker");

    @Test
    public void theTranscriptDoesNotTellTheEngine() throws Exception {
        for (Gateway gateway :
                List.of(osgi, processes, containers)) { // it would be made after a minute, in the middle of the work
            // this one has grpcio: it is a process by itself where it can be
            gateway.edit(gateway.db("function-sayhi-conf/service.yml"), text -> text + "python: /usr/bin/python3\n");
            // how far a pool grows depends on the machine
            gateway.edit(gateway.db("function-manager-conf/service.yml"), text -> text.replace("max: 10", "max: 1"));
            Files.writeString(gateway.work().resolve("etc/openedge/jvm.options"), "-Dopenedge.archive=off\n");
        }
        List<String> inFramework = new Scenario(osgi, ScenarioIT::killProcess).play();
        List<String> asProcesses = new Scenario(processes, ScenarioIT::killProcess).play();
        List<String> inContainers = new Scenario(containers, ScenarioIT::killContainer).play();

        assertThat(inFramework)
                .contains(
                        "route: {\"id\": 0}",
                        "inspect: function-sayhi36 [function-sayhi36.python36-sayhi.1 running, mine running]",
                        "demand: {\"address\":\"ADDRESS\"}")
                .contains("update: application v2 runs\n", "kept: true", "replaced: true")
                .anyMatch(line -> line.startsWith("error: *status.statusError rpc error: code = Unknown desc ="))
                .anyMatch(line -> line.startsWith("refused: ") && line.contains("LD_PRELOAD"));
        assertThat(String.join("\n", asProcesses)).isEqualTo(String.join("\n", inFramework));
        assertThat(String.join("\n", inContainers)).isEqualTo(String.join("\n", inFramework));
        assertThat(ModuleImages.containersOf(containers)).isEmpty();
    }

    private static void killContainer(Gateway gateway, String instance) throws Exception {
        ModuleImages.docker(
                "kill",
                gateway.instance(instance)
                        .orElseThrow()
                        .path("container")
                        .path("id")
                        .asText());
    }

    /** The process that the gateway names, or in the framework the worker that bears the name of its instance. */
    private static void killProcess(Gateway gateway, String instance) throws Exception {
        long named = gateway.instance(instance)
                .orElseThrow()
                .path("process")
                .path("id")
                .asLong();
        ProcessHandle process = ProcessHandle.of(gateway.pid().orElseThrow()).stream()
                .flatMap(ProcessHandle::descendants)
                .filter(child ->
                        named > 0 ? child.pid() == named : commandLine(child).contains(instance))
                .findFirst()
                .orElseThrow();
        assertThat(process.destroyForcibly()).isTrue();
    }

    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
        } catch (IOException ended) {
            return "";
        }
    }
}
