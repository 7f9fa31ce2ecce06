package io.openedge.timer;

import io.openedge.app.ConfigException;
import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.osgi.service.component.annotations.Component;

/** The image openedge-timer. */
@Component(property = Module.IMAGE + "=openedge-timer")
public final class TimerModule implements Module {
    @Override
    public ModuleInstance start(ModuleContext context) throws ConfigException {
        ScheduledExecutorService thread =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, context.instance() + "-timer"));
        return start(context, thread, InstantSource.system());
    }

    /**
     * Starts with a time of the caller's; a hub that is away is waited for.
     *
     * @param thread closed with the instance
     */
    static ModuleInstance start(ModuleContext context, ScheduledExecutorService thread, InstantSource clock)
            throws ConfigException {
        TimerConfig config = context.configuration(TimerConfig.class);
        MqttClientConfig session = config.hub().session(clientId(config, context), List.of());
        MqttClient hub = context.connect(session, Delivery::acknowledge);
        return TimerInstance.start(context, config, hub, thread, clock);
    }

    /** The hub wants one of a session that is kept, and takes no dot in it. */
    private static String clientId(TimerConfig config, ModuleContext context) {
        String configured = config.hub().clientId();
        return configured.isEmpty() ? context.instance().replace('.', '-') : configured;
    }
}
