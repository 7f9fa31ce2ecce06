package org.example.hello;

import io.openedge.app.InvalidValueException;
import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import io.openedge.mqtt.Delivery;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttHandler;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttSubscription;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;

/** The image hello: answers what comes in on one topic with a greeting on another. */
@Component(property = Module.IMAGE + "=hello")
public final class HelloModule implements Module {
    /**
     * etc/openedge/service.yml.
     *
     * @param hub where it listens and answers
     * @param listen topic of names
     * @param answer topic of greetings; default: hello
     */
    public record Config(MqttClientConfig hub, String listen, String answer) {
        public Config {
            if (hub == null) {
                throw new InvalidValueException("hub", "", "address: the hub's address");
            }
            if (listen == null) {
                throw new InvalidValueException("listen", "", "a topic");
            }
            answer = answer == null ? "hello" : answer;
        }
    }

    @Override
    public ModuleInstance start(ModuleContext context) throws Exception {
        return new Hello(context, context.configuration(Config.class));
    }

    /** At work until it is closed. */
    private static final class Hello implements ModuleInstance, MqttHandler {
        private final Version version = FrameworkUtil.getBundle(HelloModule.class).getVersion();
        private final Logger logger;
        private final String answer;
        private final MqttClient hub;

        Hello(ModuleContext context, Config config) throws Exception {
            logger = context.logger();
            answer = config.answer();
            MqttSubscription names = new MqttSubscription(config.listen(), 1);
            hub = context.connect(config.hub().session(context.instance(), List.of(names)), this);
        }

        @Override
        public void onConnected() {
            logger.info("hello {} listens", version);
        }

        @Override
        public void onMessage(Delivery delivery) {
            String name = new String(delivery.message().payload(), StandardCharsets.UTF_8);
            String greeting = "Hello " + name + ", this is version " + version;
            hub.publish(new MqttMessage(answer, greeting.getBytes(StandardCharsets.UTF_8), 1, false))
                    .thenRun(delivery::acknowledge);
        }

        @Override
        public void close() {
            hub.close();
        }
    }
}
