package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Workers of Python functions from message to message: one that takes too long is replaced, one whose code changes goes on. */
public class FunctionLifeIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int FIRST = 10;
    private static final int CHANGES = 10;
    private static final int PACE_MILLIS = 5;

    /** Tells who computes; {@code hang} is a file that takes the numbers of all processes of a call that never ends. */
    private static final String HANGING = """
            import os
            import subprocess

            def handler(event, context):
                if 'hang' in event:
                    with open(event['hang'], 'a') as numbers:
                        numbers.write('%d\\n' % os.getpid())
                    subprocess.call(['sh', '-c', 'echo $$ >> "$1"; sleep 600 & echo $! >> "$1"; wait', 'sh', event['hang']])
                return {'id': event['id'], 'worker': os.getpid()}
            """;

    private static final String VERSION = """
            def handler(event, context):
                return event + b' version NUMBER'
            """;

    @Rule
    public final Gateway gateway = Gateway.ofExample();

    @Before
    public void configure() throws IOException {
        Files.write(
                gateway.db("function-manager-conf/service.yml"),
                List.of(
                        "hub: {address: 'tcp://localhub:" + gateway.port() + "', username: test, password: hahaha}",
                        "rules:",
                        "- {clientid: rule, subscribe: {topic: in, qos: 1}, function: {name: f},"
                                + " publish: {topic: out, qos: 1}, retry: {max: 1}, deadletter: {topic: dead, qos: 1}}",
                        "functions:",
                        "- {name: f, service: function-sayhi36, instance: {min: 1, max: 1}, timeout: 2s}"));
        Files.write(
                gateway.db("function-sayhi-conf/service.yml"),
                List.of(
                        "functions:",
                        "- {name: f, handler: index.handler, codedir: var/db/openedge/function-sayhi, reload: true}"));
    }

    private void code(String text) throws IOException {
        Path half = Files.writeString(gateway.db("half.py"), text);
        Files.move(half, gateway.db("function-sayhi-code/index.py"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    public void aCallThatTakesTooLongEndsWithAllThatItStartedAndTheNextFindAWorker() throws Exception {
        code(HANGING);
        Path numbers = gateway.db("numbers");
        gateway.start().expect(0);
        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("out").subscribe("dead");
            String first = worker(user, 1);

            user.publish("in", "{\"id\": 2, \"hang\": \"" + numbers + "\"}");
            user.awaitMessage("dead", "did not answer in 2000 ms");
            List<Long> processes =
                    Files.readAllLines(numbers).stream().map(Long::valueOf).toList();
            assertThat(processes).hasSize(3).contains(Long.valueOf(first));
            await("the whole tree is gone")
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(processes).noneMatch(FunctionLifeIT::runs));

            String second = worker(user, 3);
            assertThat(second).isNotEqualTo(first);
            assertThat(worker(user, 4)).as("it stays").isEqualTo(second);
        }
    }

    /** One that has ended and waits for its parent counts as gone. */
    private static boolean runs(long process) {
        try {
            String status = Files.readString(Path.of("/proc/" + process + "/stat"));
            return status.charAt(status.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException gone) {
            return false;
        }
    }

    /** The process that computes a message. */
    private static String worker(HubClient user, int id) {
        user.publish("in", "{\"id\": " + id + "}");
        return user.awaitMessage("out", "\"id\": " + id + ",").replaceFirst(".*\"worker\": ([0-9]+).*", "$1");
    }

    private static String version(int number) {
        return VERSION.replace("NUMBER", String.valueOf(number));
    }

    @Test
    public void codeThatChangesUnderLoadLosesNoMessage() throws Exception {
        code(version(FIRST));
        gateway.start().expect(0);
        try (HubClient user = new HubClient(gateway.port());
                SureSubscriber subscriber = new SureSubscriber("out", gateway.port());
                SurePublisher publisher = new SurePublisher("in", 1, gateway.port(), () -> PACE_MILLIS)) {
            user.subscribe("out").subscribe("dead");
            subscriber.start();
            await("subscription").atMost(LIMIT).until(subscriber::subscribed);
            publisher.start();
            user.awaitMessage("out", "version " + FIRST);
            for (int i = FIRST + 1; i <= FIRST + CHANGES; i++) {
                code(version(i));
                user.awaitMessage("out", "version " + i);
            }
            publisher.finish(LIMIT.toMillis());

            await("all answers")
                    .atMost(LIMIT)
                    .untilAsserted(() -> assertThat(subscriber.count("out")).isEqualTo(publisher.safe()));
            await("all answers at the other one")
                    .atMost(LIMIT)
                    .until(() -> user.received().size() >= publisher.safe());
            assertThat(publisher.fault()).isEmpty();
            assertThat(subscriber.faults()).isEmpty();
            List<String> versions = user.received().stream()
                    .map(line -> line.replaceFirst("(?s).* version ", ""))
                    .toList();
            assertThat(versions).isSorted().allMatch(each -> each.matches("[0-9]{2}"));
            assertThat(versions.get(versions.size() - 1)).isEqualTo(String.valueOf(FIRST + CHANGES));
        }
    }
}
