package io.openedge.module.runtime;

import ch.qos.logback.classic.LoggerContext;
import io.openedge.mqtt.client.MqttClients;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.LoggerFactory;

/**
 * The contexts of all modules of one host: an engine in the framework, or the program that runs a single module. Makes
 * them, and keeps what they share: instances that log to the same file write through one appender.
 *
 * <p>Thread rule: any thread.
 */
public final class ModuleContexts implements AutoCloseable {
    private final LogFiles files;
    private final LoggerNames names = new LoggerNames();
    private final Connector connector;
    private final Set<InstanceContext> open = ConcurrentHashMap.newKeySet();

    /** Loggers are made where the process logs. */
    public ModuleContexts() {
        this((LoggerContext) LoggerFactory.getILoggerFactory(), MqttClients::connect);
    }

    ModuleContexts(LoggerContext logging, Connector connector) {
        this.files = new LogFiles(logging);
        this.connector = connector;
    }

    /** Makes the context of an instance and its logger. Errors of its configuration wait until it is asked for. */
    public HostedContext open(ModuleSetup setup) {
        InstanceContext context = new InstanceContext(setup, files, names, connector, open::remove);
        open.add(context);
        return context;
    }

    /** Closes the contexts that are still open. */
    @Override
    public void close() {
        List.copyOf(open).forEach(InstanceContext::close);
    }
}
