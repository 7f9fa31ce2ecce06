package io.openedge.engine.process;

import static org.awaitility.Awaitility.await;

import io.openedge.app.MountSpec;
import io.openedge.app.Resources;
import io.openedge.app.ServiceSpec;
import io.openedge.engine.EngineException;
import io.openedge.engine.Exit;
import io.openedge.engine.Instance;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.ServiceHandle;
import io.openedge.engine.Volumes;
import io.openedge.engine.process.tree.ProcessTable;
import io.openedge.system.Gateway;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.rules.ExternalResource;
import org.junit.rules.TemporaryFolder;

/** A work directory with an engine, volumes and programs as a test wants them; afterwards nothing of it runs. */
final class Scene extends ExternalResource {
    static final Duration LIMIT = Duration.ofSeconds(20);
    static final Duration GRACE = Duration.ofSeconds(5);

    private final TemporaryFolder folder = new TemporaryFolder();
    private final List<NativeEngine> engines = new ArrayList<>();
    private final Map<String, Path> volumes = new HashMap<>();
    private Path work;
    private Path root = Path.of("/");
    private Tools tools = Tools.ofHost();

    @Override
    protected void before() throws IOException {
        folder.create();
        work = folder.newFolder("work").toPath().toRealPath();
    }

    @Override
    protected void after() {
        engines.forEach(NativeEngine::close);
        folder.delete();
    }

    Path work() {
        return work;
    }

    Path home() {
        return folder.getRoot().toPath().resolve("home");
    }

    Path folder() {
        return folder.getRoot().toPath();
    }

    /** The engines that follow find control groups only in a made tree, or none in an empty folder. */
    Scene rootedAt(Path other) {
        root = other;
        return this;
    }

    Scene with(Tools other) {
        tools = other;
        return this;
    }

    NativeEngine engine() {
        NativeEngine engine = new NativeEngine(work, home(), tools, root);
        engines.add(engine);
        return engine;
    }

    /** A volume with a package of that name whose entry is this script. */
    Scene script(String name, String... lines) throws IOException {
        Path bin = Files.createDirectories(volume(name).resolve("bin"));
        Files.writeString(bin.resolve(name), String.join("\n", lines) + "\n");
        Files.writeString(volume(name).resolve("package.yml"), "entry: bin/" + name + "\n");
        return this;
    }

    Path volume(String name) throws IOException {
        Path path = Files.createDirectories(work.resolve("var/db/openedge").resolve(name));
        volumes.put(name, path);
        return path;
    }

    Volumes volumes() {
        return new Volumes(work, volumes);
    }

    Path directory(String service) {
        return work.resolve("var/run/openedge/services").resolve(service);
    }

    String log(String service, String instance) throws IOException {
        Path file = work.resolve("var/log/openedge/services").resolve(service).resolve(instance + ".log");
        return Files.exists(file) ? Files.readString(file) : "";
    }

    void awaitLog(String service, String instance, String text) {
        await(text).atMost(LIMIT).until(() -> log(service, instance).contains(text));
    }

    /** A service whose image is the script of that name. */
    static ServiceSpec service(String name, String image, MountSpec... more) {
        return service(name, image, "", Resources.NONE, more);
    }

    static ServiceSpec service(String name, String image, String user, Resources resources, MountSpec... more) {
        List<MountSpec> mounts = new ArrayList<>(List.of(more));
        mounts.add(new MountSpec(image, "lib/openedge/" + image, false));
        return new ServiceSpec(
                name, image, 1, mounts, null, null, null, null, null, resources, null, null, null, user, null);
    }

    ServiceHandle open(NativeEngine engine, ServiceSpec service) throws EngineException {
        return engine.open(service, volumes());
    }

    static InstanceSpec instance(String service, String name, String... args) {
        return instance(service, name, Map.of(), false, GRACE, args);
    }

    static InstanceSpec instance(
            String service, String name, Map<String, String> more, boolean dynamic, Duration grace, String... args) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put(
                "OPENEDGE_MASTER_API", "unix:///test/" + ProcessHandle.current().pid());
        environment.put("OPENEDGE_SERVICE_NAME", service);
        environment.put("OPENEDGE_SERVICE_INSTANCE_NAME", name);
        return new InstanceSpec(
                service, name, List.of(args), environment, dynamic, grace, (host, port) -> Optional.empty(), gateway());
    }

    private static Gateway gateway() {
        return (Gateway) Proxy.newProxyInstance(
                Scene.class.getClassLoader(), new Class<?>[] {Gateway.class}, (proxy, method, args) -> {
                    if (method.getName().equals("availablePort")) {
                        return freePort();
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    static Exit exit(Instance run) throws Exception {
        return run.exited().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    static void awaitRunning(Instance run) throws Exception {
        run.running().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Those of this host, zombies too, that have this text in their environment. */
    static List<ProcessTable.Entry> bearing(String text) {
        ProcessTable table = ProcessTable.ofHost();
        return table.all().stream()
                .filter(entry -> {
                    try {
                        return Files.readString(
                                        Path.of("/proc/" + entry.pid() + "/environ"),
                                        java.nio.charset.StandardCharsets.ISO_8859_1)
                                .contains(text);
                    } catch (IOException gone) {
                        return false;
                    }
                })
                .toList();
    }

    static List<ProcessTable.Entry> zombies() {
        long self = ProcessHandle.current().pid();
        return ProcessTable.ofHost().all().stream()
                .filter(entry -> entry.dead() && entry.parent() == self)
                .toList();
    }

    static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
