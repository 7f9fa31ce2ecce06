package io.openedge.master;

import io.openedge.app.ConfigException;
import io.openedge.config.ConfigReader;
import io.openedge.config.FileTrouble;
import io.openedge.config.GatewayConfig;
import io.openedge.config.GatewayFiles;
import io.openedge.config.RunningGateway;
import io.openedge.config.Warning;
import io.openedge.master.feature.FeatureException;
import io.openedge.master.feature.FeatureStock;
import io.openedge.master.log.RootLog;
import io.openedge.master.supervise.Engines;
import io.openedge.master.supervise.Supervisor;
import io.openedge.master.update.Deployment;
import io.openedge.master.update.Deployments;
import io.openedge.master.update.Recovery;
import io.openedge.master.work.SystemTime;
import io.openedge.master.work.Workers;
import io.openedge.system.Gateways;
import io.openedge.system.HostStats;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the gateway up, step by step. Thread rule: each step once, in the order of the methods, on one thread. */
final class Boot {
    private static final Logger LOG = LoggerFactory.getLogger(Boot.class);

    /** No gateway of this kind is older. */
    private static final Instant NEVER_SET = Instant.parse("2020-01-01T00:00:00Z");

    private final BundleContext context;
    private final Installation installation;
    private final Engines engines;
    private final HostStats host;
    private final Consumer<String> fatal;

    Boot(BundleContext context, Engines engines, HostStats host, Consumer<String> fatal) {
        this.context = context;
        this.installation = Installation.of(context);
        this.engines = engines;
        this.host = host;
        this.fatal = fatal;
    }

    /**
     * Reads the configuration, takes the pid file and offers the API.
     *
     * @throws BootException when there can be no gateway
     */
    Running open() throws BootException {
        try {
            List<Warning> warnings = new ArrayList<>();
            GatewayConfig config = ConfigReader.read(installation.conf(), GatewayConfig.class, warnings::add);
            GatewayFiles files = GatewayFiles.of(installation.workDirectory(), config);
            files.createFolders();
            PidFile pidFile = PidFile.take(files.pidFile())
                    .orElseThrow(() -> new BootException(
                            "the gateway is already running: another process holds " + files.pidFile()));
            return open(config, files, pidFile, warnings);
        } catch (ConfigException e) {
            throw new BootException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new BootException("the folders or the pid file of the gateway cannot be written: "
                    + FileTrouble.sentence(e) + "; openedge.yml names their places");
        }
    }

    /** The warnings wait until the log is where the operator looks for it. */
    private Running open(GatewayConfig config, GatewayFiles files, PidFile pidFile, List<Warning> warnings)
            throws ConfigException, IOException {
        try {
            RootLog.configure(config.logger(), files.workDirectory(), installation.foreground());
            warnings.forEach(warning -> LOG.warn("{}", warning.message()));
            return running(config, files, pidFile);
        } catch (ConfigException | RuntimeException | Error e) {
            pidFile.close();
            throw e;
        }
    }

    private Running running(GatewayConfig config, GatewayFiles files, PidFile pidFile) {
        Workers workers = new Workers();
        SystemTime time = new SystemTime();
        Supervisor supervisor = new Supervisor(workers, time, engines, host, installation.stats());
        Core core = new Core(config, files, installation, supervisor, engines, workers, time, host::hardware, fatal);
        LOG.info("gateway {} in {}, mode {}", installation.version(), files.workDirectory(), core.mode());
        if (time.now().isBefore(NEVER_SET)) {
            LOG.warn(
                    "the clock says {}: it was never set; until it is, certificates are not valid yet and times are wrong",
                    time.now());
        }
        return new Running(
                pidFile,
                record(new RunningGateway(files, config.grace())),
                workers,
                time,
                supervisor,
                core,
                context.registerService(Gateways.class, core, Running.properties(config.grace())));
    }

    /** For commands that come when openedge.yml is another one. */
    private static RunningGateway record(RunningGateway gateway) {
        try {
            gateway.write();
        } catch (IOException e) {
            LOG.warn("where the gateway is to be met cannot be written down: {}", FileTrouble.sentence(e));
        }
        return gateway;
    }

    /**
     * Ends an update that a crash cut off, loads features and application and starts the services. An application that
     * cannot be used is shown as an error: the gateway stays up, so that another can be put in its place.
     *
     * @throws BootException when a feature cannot be loaded
     */
    void start(Core core) throws BootException {
        String story = new Recovery(installation.application(), core.mode()).run();
        Deployments deployments =
                new Deployments(installation.workDirectory(), installation.application(), core.mode(), core.users());
        try {
            FeatureStock features =
                    new FeatureStock(context, installation.home(), installation.moreFeatures(), core.mode());
            Core.Start start = application(deployments, story);
            features.load(start.deployment().application());
            core.run(start, deployments, new InstalledFeatures(features, engines));
        } catch (FeatureException e) {
            throw new BootException(String.valueOf(e.getMessage()));
        }
    }

    private Core.Start application(Deployments deployments, String story) {
        try {
            Deployment current = deployments.current(warning -> LOG.warn("{}", warning.message()));
            if (current == Deployment.NONE) {
                LOG.info("there is no {}: no service is started", installation.application());
            }
            return new Core.Start(current, "", story);
        } catch (ConfigException e) {
            LOG.error("no service is started: {}", e.getMessage());
            return new Core.Start(deployments.unusable(), String.valueOf(e.getMessage()), story);
        }
    }
}
