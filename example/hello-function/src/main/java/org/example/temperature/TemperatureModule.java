package org.example.temperature;

import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionMessage;
import io.openedge.module.Module;
import io.openedge.module.ModuleContext;
import io.openedge.module.ModuleInstance;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Component;

/** The image temperature: a runtime with one function, fahrenheit. */
@Component(property = Module.IMAGE + "=temperature")
public final class TemperatureModule implements Module {
    @Override
    public ModuleInstance start(ModuleContext context) {
        return new Temperature();
    }

    /** One instance. It holds nothing, so there is nothing to close. */
    private static final class Temperature implements ModuleInstance, FunctionEndpoint {
        private final Version version = FrameworkUtil.getBundle(TemperatureModule.class).getVersion();

        @Override
        public Optional<FunctionEndpoint> endpoint() {
            return Optional.of(this);
        }

        /** Called on the function manager's thread: this is quick, so it computes right there. */
        @Override
        public CompletionStage<FunctionMessage> call(FunctionMessage message) {
            if (!message.functionName().equals("fahrenheit")) {
                return CompletableFuture.failedFuture(new FunctionException(
                        FunctionException.Kind.NOT_FOUND, "function not found: " + message.functionName()));
            }
            String event = new String(message.payload(), StandardCharsets.UTF_8).strip();
            try {
                double celsius = Double.parseDouble(event);
                String result = String.format(
                        Locale.ROOT, "{\"fahrenheit\": %.1f, \"by\": \"%s\"}", celsius * 9 / 5 + 32, version);
                return CompletableFuture.completedFuture(
                        message.withPayload(result.getBytes(StandardCharsets.UTF_8)));
            } catch (NumberFormatException e) {
                return CompletableFuture.failedFuture(
                        new FunctionException(FunctionException.Kind.USER_CODE, "no number: " + event));
            }
        }

        @Override
        public void close() {}
    }
}
