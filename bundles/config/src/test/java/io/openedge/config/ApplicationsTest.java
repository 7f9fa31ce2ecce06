package io.openedge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.AppConfig;
import io.openedge.app.ByteSize;
import io.openedge.app.ConfigException;
import io.openedge.app.InvalidValueException;
import io.openedge.app.Privileges;
import io.openedge.app.RestartPolicy;
import io.openedge.app.ServiceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** application.yml: what is read, refused and warned of. */
public class ApplicationsTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<Warning> warnings = new ArrayList<>();

    private Path file(String... lines) throws IOException {
        return Files.writeString(folder.getRoot().toPath().resolve("application.yml"), String.join("\n", lines));
    }

    private Path service(String... lines) throws IOException {
        return file("services:\n  - name: s\n    image: i\n    "
                + String.join("\n    ", lines)
                + "\nvolumes: [{name: v, path: p}]");
    }

    private AppConfig read(Path file) throws ConfigException {
        return Applications.read(file, warnings::add);
    }

    @Test
    public void theOldDockerApplicationIsReadAsItsOperatorMeantIt() throws Exception {
        AppConfig app = read(Path.of(
                "../../integration-tests/src/test/resources/compat/old-docker/var/db/openedge/application.yml"));

        assertThat(warnings).isEmpty();
        assertThat(app.version()).isEqualTo("V2");
        ServiceSpec hub = app.services().get(0);
        assertThat(hub.module()).isEqualTo("openedge-hub");
        assertThat(hub.env())
                .containsAllEntriesOf(Map.of("MASK", "0777", "FLAG", "yes", "RELEASE", "1.10", "SINCE", "2019-05-10"));
        assertThat(hub.restart().backoff().max()).isEqualTo(Duration.ofSeconds(90));
        assertThat(hub.restart().backoff().min()).isEqualTo(Duration.ofSeconds(1));
        assertThat(hub.resources().memory().limit()).isEqualTo(new ByteSize(512L << 20));
        assertThat(hub.resources().cpu().setCpus()).isEqualTo("0-1");
        assertThat(hub.mounts().get(0).readOnly()).isTrue();
        ServiceSpec timer = app.services().get(4);
        assertThat(timer.restart().policy()).isEqualTo(RestartPolicy.Policy.NO);
        assertThat(timer.ports()).containsExactly("8022:22");
        assertThat(timer.mounts().get(0).readOnly()).isTrue();
        assertThat(app.services().get(3).replica()).isZero();
        assertThat(app.volumes().get(0).meta().version()).isEqualTo("1.10");
    }

    @Test
    public void theOldDockerApplicationWarnsInOsgiMode() throws Exception {
        Path file =
                Path.of("../../integration-tests/src/test/resources/compat/old-docker/var/db/openedge/application.yml");

        Applications.read(file, "osgi", warnings::add);

        assertThat(warnings)
                .containsExactly(
                        new Warning(file + ":3: services[0]: service localhub:"
                                + " no effect under the engine osgi: ports, resources"),
                        new Warning(file + ":58: services[4]: service timer: no effect under the engine osgi: ports;"
                                + " of 8022:22 the port that is really open is 22"));
    }

    @Test
    public void theOldNativeApplicationIsRead() throws Exception {
        Path file =
                Path.of("../../integration-tests/src/test/resources/compat/old-native/var/db/openedge/application.yml");

        assertThat(Applications.read(file, "native", warnings::add).services()).hasSize(5);
        assertThat(warnings).isEmpty();
    }

    @Test
    public void anEmptyOrCutFileIsNeverAnEmptyApplication() throws Exception {
        for (String text : List.of(
                "", "# nothing\n", "--- ", "~", "{}", "version: v2\n", "volumes: []", "version: v2\nservices:\n")) {
            Path file = file(text);
            assertThatThrownBy(() -> read(file))
                    .as(text)
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(file + ":1: is empty or was cut; an application that runs nothing says 'services: []'");
        }
        assertThat(read(file("services: []"))).isEqualTo(AppConfig.NONE);
    }

    @Test
    public void aFileThatWasCutAnywhereInItsServicesIsRefused() throws Exception {
        String whole = Files.readString(Path.of(
                "../../integration-tests/src/test/resources/compat/old-native/var/db/openedge/application.yml"));
        int mounts = whole.indexOf("mounts:");
        int lastVolume = whole.lastIndexOf("- name:");
        for (int length = mounts + 40; length < lastVolume; length += 7) {
            Path file = file(whole.substring(0, length));
            assertThatThrownBy(() -> read(file)).as("cut at %d", length).isInstanceOf(ConfigException.class);
        }
    }

    @Test
    public void pathsThatClimbOutAreRefused() throws Exception {
        for (String path : List.of("..", "../x", "a/../../b", "/../etc", "/a/b/../../..")) {
            Path mount = service("mounts: [{name: v, path: " + path + "}]");
            assertThatThrownBy(() -> read(mount))
                    .as(path)
                    .hasMessage(mount + ":4: services[0].mounts[0].path: '" + path
                            + "' is not allowed here; allowed: a path that stays inside: it is joined to its root");
            Path volume = file("services: []", "volumes:", "  - name: v", "    path: " + path);
            assertThatThrownBy(() -> read(volume)).hasMessageStartingWith(volume + ":4: volumes[0].path: '" + path);
        }
        Path root = service("mounts: [{name: v, path: /}]");
        assertThatThrownBy(() -> read(root)).hasMessageEndingWith("allowed: a folder below the root of the service");
    }

    @Test
    public void aNameOfOneLetterCanBeNoContainer() throws Exception {
        Path file = service("engine: docker");
        assertThatThrownBy(() -> Applications.read(file, "osgi", warning -> {}))
                .hasMessageEndingWith(
                        "services[0].name: 's' is not allowed here; allowed: under the engine docker a name of"
                                + " at least two characters");
    }

    @Test
    public void whatAContainerMayDoIsRead() throws Exception {
        ServiceSpec spec = read(service("privileges: {capabilities: [NET_ADMIN], escalate: true}", "readonly: true"))
                .services()
                .get(0);
        assertThat(spec.privileges()).isEqualTo(new Privileges(List.of("NET_ADMIN"), true));
        assertThat(spec.readOnly()).isTrue();
        Path wrong = service("privileges: {capabilities: [CAP_NET_ADMIN]}");
        assertThatThrownBy(() -> read(wrong))
                .hasMessageContaining("services[0].privileges.capabilities: 'CAP_NET_ADMIN' is not allowed here;");
    }

    @Test
    public void whatCanBeNoNameOfAVariableIsRefusedWithItsPlace() throws Exception {
        for (String name : List.of("a=b", "", "a b", "=")) {
            Path file = service("env: {'" + name + "': c}");
            assertThatThrownBy(() -> read(file))
                    .hasMessage(file + ":4: services[0].env: '" + name
                            + "' is not allowed here; allowed: names of variables, without = and blanks");
        }
        assertThat(read(service("env: {my-app.level: '1', _A2: b}")).services()).hasSize(1);
    }

    @Test
    public void aThousandReplicasAreTheMost() throws Exception {
        assertThat(read(service("replica: 1000")).services()).hasSize(1);
        Path file = service("replica: 1001");
        assertThatThrownBy(() -> read(file))
                .hasMessage(file + ":4: services[0].replica: '1001' is not allowed here; allowed: 0 to 1000");
    }

    @Test
    public void pathsAreJoined() {
        Path root = Path.of("/work");
        assertThat(Applications.join(root, "/data/x")).isEqualTo(Path.of("/work/data/x"));
        assertThat(Applications.join(root, "data/./y/../x")).isEqualTo(Path.of("/work/data/x"));
        assertThat(Applications.join(root, "..data")).isEqualTo(Path.of("/work/..data"));
        assertThatThrownBy(() -> Applications.join(root, "//../workshop")).isInstanceOf(InvalidValueException.class);
    }

    @Test
    public void namesAreCheckedWithTheirLine() throws Exception {
        Path unknown = service("mounts:", "  - {name: w, path: p}");
        assertThatThrownBy(() -> read(unknown))
                .hasMessage(unknown + ":5: services[0].mounts[0].name: 'w' is not allowed here;"
                        + " allowed: the name of a volume of this application: v");
        Path twice = file("services: [{name: a, image: i},", "  {name: a, image: i}]");
        assertThatThrownBy(() -> read(twice)).hasMessageStartingWith(twice + ":2: services[1].name: 'a' is not");
        Path wrong = file("services:", "  - image: i", "    name: a.b");
        assertThatThrownBy(() -> read(wrong)).hasMessageStartingWith(wrong + ":3: services[0].name: 'a.b' is not");
    }

    @Test
    public void portsAreDockersForms() throws Exception {
        read(service("ports: ['0.0.0.0:1883:1883', 1884:1884/tcp, 9884:8884, 80, '127.0.0.1::80', '[::1]:80:80/udp',"
                + " 8000-8010:9000-9010, '8000-8010:80']"));
        for (String wrong : List.of(
                "x", "1:2:3", "70000:1", "1:0", "1:70000", "300.0.0.1:1:1", "1:1/icmp", "8-7:8-7", "1-3:1-2", "1:1 ")) {
            Path file = service("ports: [80,", "  '" + wrong + "']");
            assertThatThrownBy(() -> read(file))
                    .as(wrong)
                    .hasMessageStartingWith(file + ":5: services[0].ports[1]: '" + wrong + "' is not allowed here");
        }
        assertThat(PublishedPort.parse("[::1]:1884:1883/udp"))
                .isEqualTo(new PublishedPort(
                        "::1", new PublishedPort.Range(1884, 1884), new PublishedPort.Range(1883, 1883), "udp"));
    }

    @Test
    public void devicesAreDockersForms() throws Exception {
        read(service("devices: [/dev/a, '/dev/a:/dev/b', '/dev/a:/dev/b:rw', '/dev/a:r']"));
        for (String wrong : List.of("dev/a", "/dev/a:/dev/b:x", "/dev/a:b", "/dev/a:/b:r:w")) {
            Path file = service("devices: ['" + wrong + "']");
            assertThatThrownBy(() -> read(file))
                    .as(wrong)
                    .hasMessageStartingWith(file + ":4: services[0].devices[0]: ");
        }
        assertThat(DeviceMapping.parse("/dev/a:r")).isEqualTo(new DeviceMapping("/dev/a", "/dev/a", "r"));
    }

    @Test
    public void underOsgiTheOnlyArgumentIsTheConfiguration() throws Exception {
        Applications.read(service("args: [-c, etc/other.yml]"), "osgi", warnings::add);
        for (List<String> args : List.of(List.of("-v"), List.of("-c"), List.of("-c", "a", "b"))) {
            Path file = service("args: [" + String.join(", ", args) + "]");
            assertThat(read(file).services().get(0).args()).isEqualTo(args);
            assertThatThrownBy(() -> Applications.read(file, "osgi", warnings::add))
                    .hasMessage(file + ":4: services[0].args: '" + args
                            + "' is not allowed here; allowed: under the engine osgi only -c FILE");
            Applications.read(file, "native", warnings::add);
        }
        Path own = service("engine: osgi", "args: [-v]");
        assertThatThrownBy(() -> Applications.read(own, "docker", warnings::add))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    public void underOsgiNoHealthProbeIsACommand() throws Exception {
        Path file = service("health: {command: [/bin/true]}");
        assertThatThrownBy(() -> Applications.read(file, "osgi", warnings::add))
                .isInstanceOf(ConfigException.class)
                .hasMessage(file + ":4: services[0].health.command: '[/bin/true]' is not allowed here; allowed: under"
                        + " the engine osgi, where no command runs inside an instance, only tcp, http or mqtt");
        Applications.read(file, "native", warnings::add);
        Applications.read(service("health: {tcp: '1883'}"), "osgi", warnings::add);
    }

    @Test
    public void keysWithoutEffectAreOneWarningAService() throws Exception {
        AppConfig app = read(service(
                "ports: [1884:1883, 80:80]", "devices: [/dev/a]", "runtime: nvidia", "resources: {pids: {limit: 3}}"));

        assertThat(Applications.ineffective(app, "docker")).isEmpty();
        assertThat(Applications.ineffective(app, "native"))
                .containsExactly(new Warning("services[0]: service s: no effect under the engine native:"
                        + " ports, devices, runtime; of 1884:1883 the port that is really open is 1883"));
        assertThat(Applications.ineffective(app, "osgi"))
                .containsExactly(new Warning("services[0]: service s: no effect under the engine osgi:"
                        + " ports, devices, runtime, resources; of 1884:1883 the port that is really open is 1883"));
        assertThat(warnings).isEmpty();
        assertThat(Arrays.asList("docker", "native"))
                .allSatisfy(mode -> assertThat(Applications.ineffective(AppConfig.NONE, mode))
                        .isEmpty());
    }
}
