package io.openedge.module.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.read.ListAppender;
import io.openedge.app.ConfigException;
import io.openedge.config.LoggerConfig;
import io.openedge.function.FunctionClientConfig;
import io.openedge.function.FunctionConnection;
import io.openedge.function.FunctionEndpoint;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionMessage;
import io.openedge.function.FunctionServerConfig;
import io.openedge.function.FunctionTransport;
import io.openedge.module.ServiceLocator;
import io.openedge.mqtt.MqttClient;
import io.openedge.mqtt.MqttClientConfig;
import io.openedge.mqtt.MqttException;
import io.openedge.mqtt.MqttHandler;
import io.openedge.mqtt.MqttMessage;
import io.openedge.mqtt.MqttVersion;
import io.openedge.system.Gateway;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a module finds in its context, and what is left of it afterwards. */
public class ModuleContextsTest {
    /** A module's configuration. */
    record Config(String topic, LoggerConfig logger) {}

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final LoggerContext logging = new LoggerContext();
    private final ListAppender<ILoggingEvent> gatewayLog = new ListAppender<>();
    private final List<Client> clients = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private final ModuleContexts contexts = new ModuleContexts(logging, this::connect);
    private BooleanSupplier stopping = () -> false;
    private Path directory;

    @Before
    public void startLogging() throws IOException {
        directory = folder.newFolder("service").toPath();
        logging.setMDCAdapter(new LogbackMDCAdapter());
        gatewayLog.start();
        logging.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(gatewayLog);
        logging.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
    }

    @After
    public void stopLogging() {
        contexts.close();
        logging.stop();
    }

    @Test
    public void aModuleReadsItsConfiguration() throws Exception {
        write("etc/openedge/service.yml", "topic: t\n");

        assertThat(open("hub").configuration(Config.class).topic()).isEqualTo("t");
    }

    @Test
    public void anArgumentNamesAnotherConfiguration() throws Exception {
        write("etc/openedge/service.yml", "topic: t\n");
        write("etc/other.yml", "topic: other\n");

        assertThat(topic("-c", "etc/other.yml")).isEqualTo("other");
        assertThat(topic("-c", "/etc/other.yml"))
                .as("below the root of the service")
                .isEqualTo("other");
        assertThat(topic("-c", directory.resolve("etc/other.yml").toString())).isEqualTo("other");
    }

    @Test
    public void aConfigurationThatIsMissingOrWrongIsAnError() throws Exception {
        assertThatThrownBy(() -> open("hub").configuration(Config.class))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("service.yml");
        write("etc/openedge/service.yml", "topic: t\nlogger: {level: loud}\n");
        assertThatThrownBy(() -> open("hub").configuration(Config.class))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("loud");
    }

    @Test
    public void anErrorNamesTheFileOfTheVolumeAndNotTheLinkToIt() throws Exception {
        Path volume = folder.newFolder("volume").toPath().toRealPath();
        Files.writeString(volume.resolve("service.yml"), "topic: [a]\n");
        Files.createDirectories(directory.resolve("etc"));
        Files.createSymbolicLink(directory.resolve("etc/openedge"), volume);

        assertThatThrownBy(() -> open("hub").configuration(Config.class))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(volume.resolve("service.yml") + ":1: topic: ");
    }

    @Test
    public void anUnknownKeyIsAWarningInTheInstancesLog() throws Exception {
        write("etc/openedge/service.yml", "topic: t\ntypo: 1\n");

        open("hub").configuration(Config.class);

        assertThat(gatewayLog.list).singleElement().satisfies(event -> {
            assertThat(event.getLoggerName()).isEqualTo("service.hub.hub");
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            assertThat(event.getFormattedMessage()).contains("typo");
        });
    }

    @Test
    public void namesThatNeverComeAgainDoNotFillTheMemory() {
        for (int i = 0; i < LoggerNames.MOST; i++) {
            open("random-" + i).close();
        }
        HostedContext first = open("one");
        HostedContext second = open("two");
        assertThat(first.logger().getName()).isEqualTo("service.hub.more1");
        assertThat(second.logger().getName()).isEqualTo("service.hub.more2");
        assertThat(open("random-7").logger().getName()).isEqualTo("service.hub.random-7");
        first.close();
        assertThat(messages()).contains("instance 'one' logs as service.hub.more1");

        int before = logging.getLoggerList().size();
        for (int i = 0; i < 1000; i++) {
            open("other-" + i).close();
        }

        assertThat(logging.getLoggerList()).hasSize(before);
    }

    @Test
    public void aConnectionHearsThatItsInstanceIsBeingStopped() throws Exception {
        HostedContext context = open("hub");
        context.connect(config("tcp://hub:1883"), delivery -> {});
        assertThat(stopping.getAsBoolean()).isFalse();

        context.stopping();

        assertThat(stopping.getAsBoolean()).isTrue();
    }

    @Test
    public void withoutAFileTheLoggerWritesWhereTheGatewayDoes() throws Exception {
        write("etc/openedge/service.yml", "logger: {level: debug}\n");
        HostedContext context = open("hub");

        context.logger().debug("seen");
        context.close();
        context.logger().debug("not seen any more");

        assertThat(messages()).containsExactly("seen");
    }

    @Test
    public void aLoggerWithAFileWritesThereOnlyAndIsBareAfterwards() throws Exception {
        write("etc/openedge/service.yml", "logger: {path: var/log/openedge/service.log, level: debug}\n");
        HostedContext context = open("hub");

        context.logger().debug("to the file");
        context.close();
        context.logger().info("to the gateway");

        assertThat(Files.readString(directory.resolve("var/log/openedge/service.log")))
                .contains("to the file")
                .doesNotContain("to the gateway");
        assertThat(messages()).containsExactly("to the gateway");
        assertThat(logging.getLogger("service.hub.hub").iteratorForAppenders()).isExhausted();
    }

    @Test
    public void instancesOfAServiceShareOneFileUntilTheLastIsGone() throws Exception {
        write("etc/openedge/service.yml", "logger: {path: var/log/openedge/service.log}\n");
        HostedContext one = open("hub");
        HostedContext two = open("hub.i1");

        one.logger().info("from one");
        two.logger().info("from two");
        one.close();
        two.logger().info("still from two");
        two.close();
        HostedContext again = open("hub");
        again.logger().info("from a third");

        assertThat(Files.readAllLines(directory.resolve("var/log/openedge/service.log")))
                .hasSize(4)
                .last()
                .asString()
                .contains("from a third");
        assertThat(filesIn("var/log/openedge")).containsExactly("service.log");
    }

    @Test
    public void aFileBehindALinkIsTheSameFile() throws Exception {
        Path volume = folder.newFolder("log-volume").toPath();
        write("etc/openedge/service.yml", "logger: {path: var/log/openedge/service.log}\n");
        Files.createDirectories(directory.resolve("var/log"));
        Files.createSymbolicLink(directory.resolve("var/log/openedge"), volume);
        write("etc/direct.yml", "logger: {path: " + volume + "/service.log}\n");

        open("hub").logger().info("through the link");
        open("hub.i1", "-c", "etc/direct.yml").logger().info("directly");

        assertThat(Files.readAllLines(volume.resolve("service.log"))).hasSize(2);
        assertThat(volume.toFile().list()).containsExactly("service.log");
    }

    @Test
    public void aFileThatCannotBeWrittenStopsTheModuleAndLeavesTheLoggerAsItWas() throws Exception {
        write("etc/openedge/service.yml", "topic: t\nlogger: {path: etc/openedge/service.yml/x.log}\n");
        HostedContext context = open("hub");

        assertThatThrownBy(() -> context.configuration(Config.class)).isInstanceOf(ConfigException.class);
        context.logger().info("said where the gateway says it");
        assertThat(messages()).containsExactly("said where the gateway says it");
    }

    @Test
    public void forgottenConnectionsAreClosedWithAWarning() throws Exception {
        HostedContext context = open("hub");
        MqttClient kept = context.connect(config("tcp://localhub:1883"), delivery -> {});
        MqttClient closed = context.connect(config("tcp://other:1883"), delivery -> {});
        context.function("osgi:sayhi.1");
        closed.close();

        context.close();
        context.close();

        assertThat(kept.connected()).isFalse();
        assertThat(clients).allMatch(client -> client.closes == 1);
        assertThat(connections).allMatch(connection -> connection.closes == 1);
        assertThat(messages())
                .containsExactlyInAnyOrder(
                        "the module left its connection to tcp://localhub:1883 open; it is closed now",
                        "the module left its connection to the functions at osgi:sayhi.1 open; it is closed now");
    }

    @Test
    public void afterItsEndAContextOpensNothing() throws Exception {
        HostedContext context = open("hub");
        context.close();

        assertThatThrownBy(() -> context.connect(config("tcp://localhub:1883"), delivery -> {}))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> context.function("osgi:sayhi.1")).isInstanceOf(IllegalStateException.class);
        assertThat(clients).isEmpty();
        assertThat(connections).isEmpty();
    }

    @Test
    public void closingTheHostClosesTheContextsThatAreLeft() throws Exception {
        open("hub").connect(config("tcp://localhub:1883"), delivery -> {});

        contexts.close();

        assertThat(clients).singleElement().matches(client -> client.closes == 1);
    }

    @Test
    public void aModuleSaysThatItCannotGoOn() {
        IOException cause = new IOException("the disk is full");

        open("hub").fail(cause);

        assertThat(failures).containsExactly(cause);
    }

    private String topic(String... args) throws ConfigException {
        try (HostedContext context = open("hub", args)) {
            return context.configuration(Config.class).topic();
        }
    }

    private HostedContext open(String instance, String... args) {
        return contexts.open(new ModuleSetup(
                "hub",
                instance,
                List.of(args),
                Map.of(),
                directory,
                (host, port) -> Optional.empty(),
                unusedGateway(),
                new Functions(),
                failures::add));
    }

    private final class Functions implements FunctionAccess {
        @Override
        public FunctionConnection connect(FunctionClientConfig config) {
            Connection connection = new Connection();
            connections.add(connection);
            return connection;
        }

        @Override
        public FunctionTransport.Server serve(FunctionServerConfig config, FunctionEndpoint endpoint) {
            throw new UnsupportedOperationException();
        }
    }

    private MqttClient connect(
            MqttClientConfig config,
            Path where,
            ServiceLocator locator,
            org.slf4j.Logger log,
            BooleanSupplier leaving,
            MqttHandler handler) {
        stopping = leaving;
        Client client = new Client();
        clients.add(client);
        return client;
    }

    private static MqttClientConfig config(String address) {
        return new MqttClientConfig(
                address, null, null, null, null, null, null, false, null, null, null, null, false, false, 0, null);
    }

    private void write(String file, String text) throws IOException {
        Path path = directory.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private List<String> messages() {
        return gatewayLog.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private String[] filesIn(String below) {
        return directory.resolve(below).toFile().list();
    }

    private static Gateway unusedGateway() {
        return (Gateway) Proxy.newProxyInstance(
                Gateway.class.getClassLoader(), new Class<?>[] {Gateway.class}, (proxy, method, args) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }

    private static final class Client implements MqttClient {
        private int closes;

        @Override
        public CompletionStage<Void> publish(MqttMessage message) {
            return CompletableFuture.failedFuture(new MqttException("no connection"));
        }

        @Override
        public MqttVersion version() {
            return MqttVersion.V3_1_1;
        }

        @Override
        public boolean connected() {
            return closes == 0;
        }

        @Override
        public void close() {
            closes++;
        }
    }

    private static final class Connection implements FunctionConnection {
        private int closes;

        @Override
        public CompletionStage<FunctionMessage> call(FunctionMessage message) {
            return CompletableFuture.failedFuture(
                    new FunctionException(FunctionException.Kind.UNAVAILABLE, "nobody there"));
        }

        @Override
        public void close() {
            closes++;
        }
    }
}
