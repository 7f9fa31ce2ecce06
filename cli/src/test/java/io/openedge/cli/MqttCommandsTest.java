package io.openedge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ServerSocket;
import java.time.Duration;
import org.junit.Test;

/** pub and sub against a broker over TCP. */
public class MqttCommandsTest {
    @Test
    public void aMessageIsPublished() throws Exception {
        try (FakeBroker broker = new FakeBroker(0, 0)) {
            assertThat(pub(broker, "-t", "a", "-m", "{\"id\":1}", "-q", "1", "-r"))
                    .isEqualTo(new Run(0, "", ""));
            assertThat(broker.published).containsExactly("a {\"id\":1} q1 r1");
            assertThat(pub(broker, "-t", "b", "-m", "")).isEqualTo(new Run(0, "", ""));
            await().atMost(Duration.ofSeconds(10)).until(() -> broker.published.size() == 2);
            assertThat(broker.published).endsWith("b  q0 r0");
        }
    }

    @Test
    public void messagesArePrintedUntilEnoughCame() throws Exception {
        try (FakeBroker broker = new FakeBroker(0, 0)) {
            assertThat(sub(broker, "-t", "t", "-C", "2")).isEqualTo(new Run(0, "a\nb\n", ""));
            assertThat(sub(broker, "-t", "t", "-C", "1", "-v").out()).isEqualTo("t a\n");
            assertThat(sub(broker, "-t", "t", "-C", "1", "-d").err()).contains("connected to tcp:");
        }
    }

    @Test
    public void theTimeOfASubscriptionEnds() throws Exception {
        try (FakeBroker broker = new FakeBroker(0, 0)) {
            Run run = sub(broker, "-t", "t", "-C", "9", "-W", "1");
            assertThat(run).isEqualTo(new Run(27, "a\nb\nc\n", ""));
        }
    }

    @Test
    public void aBrokerThatIsNotThereIsNotTriedForEver() throws Exception {
        ServerSocket none = new ServerSocket(0);
        String port = Integer.toString(none.getLocalPort());
        none.close();
        Run pub = Run.of("pub", "-h", "127.0.0.1", "-p", port, "-t", "a", "-m", "x");
        assertThat(pub.code()).isEqualTo(1);
        assertThat(pub.err()).containsIgnoringCase("refused").contains(port);
        assertThat(Run.of("sub", "-h", "127.0.0.1", "-p", port, "-t", "a").code())
                .isEqualTo(1);
    }

    @Test
    public void whoMayNotConnectOrSubscribeIsTold() throws Exception {
        try (FakeBroker broker = new FakeBroker(5, 0)) {
            Run pub = pub(broker, "-t", "a", "-m", "x", "-u", "u", "-P", "wrong");
            assertThat(pub.code()).isEqualTo(1);
            assertThat(pub.err()).contains("not authorised");
        }
        try (FakeBroker broker = new FakeBroker(0, 0x80)) {
            Run sub = sub(broker, "-t", "t");
            assertThat(sub.code()).isEqualTo(1);
            assertThat(sub.err()).contains("refuses");
        }
    }

    @Test
    public void optionsThatAreMissingOrWrong() {
        assertThat(Run.of("pub", "-m", "x").err()).contains("-t TOPIC is needed");
        assertThat(Run.of("pub", "-t", "a/#", "-m", "x").err()).contains("without wildcards");
        assertThat(Run.of("pub", "-t", "a").err()).contains("-m MESSAGE is needed");
        assertThat(Run.of("sub").err()).contains("-t FILTER is needed");
        assertThat(Run.of("sub", "-t", "a", "-q", "3").err()).contains("-q: '3' is not allowed here");
        assertThat(Run.of("sub", "-t", "a", "-p", "0").code()).isEqualTo(2);
        assertThat(Run.of("sub", "-t", "a", "--key", "k").err()).contains("belong together");
    }

    private static Run pub(FakeBroker broker, String... options) {
        return run("pub", broker, options);
    }

    private static Run sub(FakeBroker broker, String... options) {
        return run("sub", broker, options);
    }

    private static Run run(String verb, FakeBroker broker, String... options) {
        String[] words = new String[options.length + 5];
        System.arraycopy(new String[] {verb, "-h", "127.0.0.1", "-p", broker.port()}, 0, words, 0, 5);
        System.arraycopy(options, 0, words, 5, options.length);
        return Run.of(words);
    }
}
