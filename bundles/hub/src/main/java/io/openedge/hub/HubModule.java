package io.openedge.hub;

import io.openedge.hub.session.Limits;
import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** The module {@code openedge-hub}: an MQTT broker. */
@Component(service = Module.class, property = Module.IMAGE + "=openedge-hub")
public final class HubModule implements Module {
    private static final Duration CONFIG_INTERVAL = Duration.ofSeconds(1);

    @Override
    public ModuleInstance start(ModuleContext context) throws Exception {
        ConfigWatch watch = new ConfigWatch(
                ConfigWatch.file(context), () -> context.configuration(HubConfig.class), context.logger());
        HubConfig config = context.configuration(HubConfig.class);
        HubServer.Shares memory = HubServer.Shares.ofHeap();
        Limits limits = Limits.of(config.message(), config.limits(), memory.session());
        if (limits.packet() < config.message().length().max().bytes()) {
            context.logger()
                    .warn(
                            "message.length.max: {} bytes are more than this heap can take; packets of at most {} are taken",
                            config.message().length().max().bytes(),
                            limits.packet());
        }
        List<String> open = config.openToEveryCertificate();
        if (!open.isEmpty()) {
            context.logger()
                    .warn(
                            "certificate.match: is not set: every certificate of certificate.ca can log in as {}, whatever"
                                    + " its subject; allowed: subject, then its CN or an alternative name must be the username",
                            String.join(", ", open));
        }
        HubServer server = HubServer.start(
                config,
                HubServer.broker(
                        config,
                        limits,
                        memory,
                        "hub-" + context.instance(),
                        context.directory(),
                        context::fail,
                        context.logger()),
                "hub-" + context.instance(),
                context.directory(),
                context.locator());
        if (!config.metrics().listen().isEmpty()) {
            try {
                server.expose(config.metrics().listen());
            } catch (IOException e) {
                context.logger().error("{}; the hub serves without it", e.getMessage());
            }
        }
        server.watch(watch, config, CONFIG_INTERVAL);
        server.report(
                config.metrics().report().interval(),
                values -> context.gateway().report(context.service(), context.instance(), values));
        return server;
    }
}
