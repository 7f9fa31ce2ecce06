package io.openedge.agent;

import io.openedge.app.ConfigException;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttSubscription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** An agent at work. Thread rule: {@link #close} from any thread. */
final class AgentInstance implements ModuleInstance {
    private static final String VOLUMES = "var/db/openedge/volumes";
    private static final long END_SECONDS = 10;

    private final Cloud cloud;
    private final MqttClient mqtt;
    private final ScheduledExecutorService reports;
    private final ExecutorService workers;

    private AgentInstance(Cloud cloud, MqttClient mqtt, ScheduledExecutorService reports, ExecutorService workers) {
        this.cloud = cloud;
        this.mqtt = mqtt;
        this.reports = reports;
        this.workers = workers;
    }

    /**
     * Starts; a cloud that is away is waited for.
     *
     * @throws ConfigException when something of the configuration is wrong
     */
    static AgentInstance start(ModuleContext context, AgentConfig config) throws ConfigException, IOException {
        Places places = new Places(volumes(context));
        Memory memory = Memory.open(places.state(), context.logger());
        Cloud cloud = new Cloud(config.remote().http(), context.directory());
        ReportWriter writer = new ReportWriter(config.remote(), context.directory());
        Cleaner cleaner = new Cleaner(places, memory, context.logger());
        ScheduledExecutorService reports =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, context.instance() + "-reports"));
        Reporter reporter = new Reporter(
                config.remote(), context.gateway(), memory, cleaner, cloud, writer, reports, context.logger());
        Volumes volumes = new Volumes(places, memory, cloud, config.limits(), context.logger());
        Deployer deployer =
                new Deployer(memory, volumes, cleaner, context.gateway(), reporter::trouble, context.logger());
        Intake intake = new Intake(memory, reporter::news, context.logger());
        ExecutorService workers =
                Executors.newFixedThreadPool(2, task -> new Thread(task, context.instance() + "-events"));
        MqttClient mqtt = context.connect(session(config.remote()), intake);
        workers.execute(failing(context, intake));
        workers.execute(failing(context, deployer));
        reporter.start(mqtt);
        return new AgentInstance(cloud, mqtt, reports, workers);
    }

    private static Path volumes(ModuleContext context) throws ConfigException {
        Path folder = context.resolve(VOLUMES);
        if (!Files.isDirectory(folder)) {
            throw new ConfigException(folder + ": there is no such folder; allowed: a mount of a volume with the path"
                    + " var/db/openedge at " + VOLUMES);
        }
        return folder;
    }

    private static MqttClientConfig session(AgentConfig.Remote remote) {
        String id = remote.mqtt().clientId();
        return remote.mqtt()
                .session(
                        id, List.of(new MqttSubscription(remote.desire().topic().replace("%s", id), 1)));
    }

    private static Runnable failing(ModuleContext context, Runnable work) {
        return () -> {
            try {
                work.run();
            } catch (RuntimeException e) {
                context.fail(e);
            }
        };
    }

    /** Ends what is under way where it is: the next start goes on with it. */
    @Override
    public void close() {
        mqtt.close();
        workers.shutdownNow();
        reports.shutdownNow();
        cloud.close();
        try {
            workers.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
            reports.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
