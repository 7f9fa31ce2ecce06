package io.openedge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Functions that are tried without a gateway. */
public class FnCommandTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final InputStream before = System.in;
    private Path root;

    @Before
    public void writeAFunction() throws IOException {
        root = folder.getRoot().toPath();
        write(
                "code/index.py",
                "import os\n"
                        + "def echo(event, context):\n"
                        + "    print('topic ' + context['messageTopic'])\n"
                        + "    return [event, context['messageQOS'], os.environ.get('GREETING')]\n"
                        + "def nothing(event, context):\n    return None\n"
                        + "def fails(event, context):\n    raise ValueError(event)\n"
                        + "def leaves(event, context):\n"
                        + "    if event == 2:\n        os._exit(3)\n"
                        + "    return event\n"
                        + "def waits(event, context):\n    import time\n    time.sleep(600)\n");
        StringBuilder functions = new StringBuilder("python: /usr/bin/python3\nfunctions:\n");
        for (String name : new String[] {"echo", "nothing", "fails", "leaves", "waits"}) {
            functions
                    .append("  - {name: ")
                    .append(name)
                    .append(", handler: index.")
                    .append(name);
            functions.append(", codedir: code}\n");
        }
        write("service.yml", functions.toString());
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @After
    public void giveTheInputBack() {
        System.setIn(before);
        System.clearProperty("openedge.home");
    }

    private Run invoke(String name, String event, String... options) {
        System.setIn(new ByteArrayInputStream(event.getBytes(UTF_8)));
        String[] words = new String[options.length + 7];
        System.arraycopy(
                new String[] {"fn", "invoke", "-w", root.toString(), "-c", "service.yml", name}, 0, words, 0, 7);
        System.arraycopy(options, 0, words, 7, options.length);
        return Run.of(words);
    }

    @Test
    public void resultTimeAndLogArePrinted() {
        Run run = invoke("echo", "{\"a\": 1}", "-t", "t/x", "-q", "1");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("[{\"a\": 1}, 1, null]\n");
        assertThat(run.err()).contains("INFO topic t/x\n").containsPattern("(?m)^[0-9.]+ ms$");
        Run nothing = invoke("nothing", "");
        assertThat(nothing.code()).isZero();
        assertThat(nothing.out()).isEmpty();
        assertThat(nothing.err()).contains("no result: nothing is published");
    }

    @Test
    public void whatTheFunctionRaisesIsTheErrorOfItsCallers() {
        Run run = invoke("fails", "1");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("ValueError: 1", "index.py")
                .contains("openedge: Exception calling application: ('[UserCodeInvoke] ', ValueError(1");
        assertThat(invoke("waits", "1", "-W", "1").err()).contains("openedge: no answer within 1 s");
    }

    @Test
    public void recordedMessagesAreAnsweredAndOneThatEndsTheWorkerIsNotTheEnd() throws IOException {
        write(
                "messages",
                "{\"topic\": \"t\", \"qos\": 1, \"payload\": 1}\n\n{\"topic\": \"t\", \"payload\": \"2\"}\n"
                        + "{\"topic\": \"t\", \"payload\": {\"b\": [\"ü\"]}}\n{\"topic\": \"t\"}\n");

        Run run = Run.of("fn", "replay", "-w", root.toString(), "-c", "service.yml", root + "/messages", "leaves");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEqualTo("1\n{\"b\": [\"\\u00fc\"]}\n{}\n");
        assertThat(run.err())
                .contains("openedge: " + root + "/messages: line 3: Python worker ended with exit code 3")
                .containsPattern("messages: 4, errors: 1, median [0-9.]+ ms, most [0-9.]+ ms");
    }

    @Test
    public void whatIsWrongIsSaidWithItsPlace() throws IOException {
        assertThat(invoke("missing", "").err())
                .contains(root + "/service.yml: functions: 'missing' is not there; there are echo, nothing");
        for (String[] wrong : new String[][] {
            {"{", "line 1: is no JSON"},
            {"[1]", "line 1: is no object"},
            {"{\"topic\": \"\"}", "line 1: topic: '' is not allowed here"},
            {"\n{\"topic\": \"t\", \"qos\": 3}", "line 2: qos: '3' is not allowed here; allowed: 0, 1, 2"},
            {"{\"topic\": \"t\", \"payloads\": 3}", "line 1: 'payloads' is not known; allowed: topic, qos, payload"}
        }) {
            write("wrong", wrong[0]);
            Run run = Run.of("fn", "replay", "-w", root.toString(), "-c", "service.yml", root + "/wrong", "echo");
            assertThat(run.code()).isEqualTo(1);
            assertThat(run.err()).contains("openedge: " + root + "/wrong: " + wrong[1]);
        }
        write("service.yml", "functions:\n  - {name: echo, handler: echo}\n");
        assertThat(invoke("echo", "").err())
                .contains("service.yml:2")
                .contains("handler")
                .contains("index.handler");
        write("service.yml", "functions:\n  - {name: echo, handler: index.echo, codedir: coed}\n");
        assertThat(invoke("echo", "").err())
                .contains("functions[0].codedir: 'coed' is not allowed here; allowed: a folder");
        assertThat(Run.of("fn", "invoke").code()).isEqualTo(Verb.USAGE);
        assertThat(Run.of("fn", "call", "x").code()).isEqualTo(Verb.USAGE);
    }

    @Test
    public void aServiceOfAnApplicationIsTriedFromItsVolumes() throws IOException {
        System.setProperty("openedge.home", root.toString());
        write("etc/openedge/openedge.yml", "mode: osgi\n");
        write(
                "var/db/openedge/application.yml",
                "services:\n  - name: f\n    image: openedge-function-python36\n    env: {GREETING: hello}\n    mounts:\n"
                        + "      - {name: conf, path: etc/openedge}\n      - {name: code, path: code}\n"
                        + "volumes:\n  - {name: conf, path: var/db/openedge/f-conf}\n"
                        + "  - {name: code, path: var/db/openedge/f-code}\n");
        Files.createDirectories(root.resolve("var/db/openedge/f-conf"));
        Files.move(root.resolve("service.yml"), root.resolve("var/db/openedge/f-conf/service.yml"));
        Files.move(root.resolve("code"), root.resolve("var/db/openedge/f-code"));
        System.setIn(new ByteArrayInputStream("7".getBytes(UTF_8)));

        Run run = Run.of("fn", "invoke", "-s", "f", "echo");

        assertThat(run.out()).as(run.err()).isEqualTo("[7, 0, \"hello\"]\n");
        assertThat(Run.of("fn", "invoke", "-s", "g", "echo").err()).contains("there is no service 'g'");
    }
}
