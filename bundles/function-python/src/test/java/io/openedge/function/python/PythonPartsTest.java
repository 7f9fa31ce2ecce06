package io.openedge.function.python;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized.Parameters;

/** What server.py reads and writes without any package, under every Python of this machine. */
@RunWith(AtTheSameTime.class)
public class PythonPartsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Interpreter python;

    @Parameters(name = "{1}")
    public static List<Object[]> interpreters() throws Exception {
        List<Object[]> all = new ArrayList<>();
        for (Interpreter python : Interpreters.all()) {
            all.add(new Object[] {python, python.version() + " " + python.path()});
        }
        return all;
    }

    public PythonPartsTest(Interpreter python, String name) {
        this.python = python;
    }

    /** What a program prints that has the parts as the package p. */
    private String run(String program) throws Exception {
        Path own = folder.getRoot().toPath();
        if (!Files.exists(own.resolve("p"))) {
            Files.createSymbolicLink(own.resolve("p"), PythonServer.SOURCES);
        }
        Path file = Files.writeString(own.resolve("program.py"), "# -*- coding: utf-8 -*-\n" + program);
        ProcessBuilder builder = new ProcessBuilder(python.path().toString(), file.toString())
                .redirectErrorStream(true)
                .redirectOutput(own.resolve("out").toFile());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(own.resolve("out")).strip();
    }

    private JsonNode yaml(String text) throws Exception {
        Files.writeString(folder.getRoot().toPath().resolve("text.yml"), text);
        String said = run("import io, json\nfrom p import plainyaml\n"
                + "text = io.open('" + folder.getRoot() + "/text.yml', encoding='utf-8').read()\n"
                + "try:\n    print(json.dumps(plainyaml.load(text)))\n"
                + "except plainyaml.Malformed as error:\n    print(json.dumps('refused: %s' % error))\n");
        return JSON.readTree(said);
    }

    private void assertReads(String text, String json) throws Exception {
        assertThat(yaml(text)).as(text).isEqualTo(JSON.readTree(json.replace('\'', '"')));
    }

    @Test
    public void yamlAsConfigurationsAreWritten() throws Exception {
        assertReads(
                "# comment\nserver: {address: '127.0.0.1:0', message: {length: {max: 4m}}, ca: }\nfunctions:\n"
                        + "- {name: \"a\\\"b\", handler: index.handler}   # one\n- name: b # two\n  handler: x.y\n\n"
                        + "logger:\n    level: info\n    path: var/log/#1.log\n",
                "{'server': {'address': '127.0.0.1:0', 'message': {'length': {'max': '4m'}}, 'ca': null},"
                        + " 'functions': [{'name': 'a\\\"b', 'handler': 'index.handler'},"
                        + " {'name': 'b', 'handler': 'x.y'}],"
                        + " 'logger': {'level': 'info', 'path': 'var/log/#1.log'}}");
        assertReads(
                "---\na:\n  - - 1\n    - no\n  - b: [x, 'it''s', {y: ü, z: [1,\n      2]}]\n    c:\n  -\n    d: 0777\n",
                "{'a': [['1', 'no'], {'b': ['x', 'it\\u0027s', {'y': 'ü', 'z': ['1', '2']}], 'c': null},"
                        + " {'d': '0777'}]}");
        assertReads("a: http://b:80/c d: e\n'q: r': ~\n", "{'a': 'http://b:80/c d: e', 'q: r': null}");
        assertReads("", "null");
    }

    @Test
    public void yamlThatIsNotKnownIsRefusedWithItsLine() throws Exception {
        assertThat(yaml("a: 1\nb: &x 2\n").asText())
                .startsWith("refused: line 2")
                .contains("python3-yaml");
        assertThat(yaml("a: |\n  text\n").asText()).startsWith("refused: line 1");
        assertThat(yaml("a: 1\n  b: 2\n").asText()).startsWith("refused: line 2");
        assertThat(yaml("a: 1\na: 2\n").asText()).startsWith("refused: line 2").contains("twice");
        assertThat(yaml("a: 1\n\tb: 2\n").asText())
                .startsWith("refused: line 2")
                .contains("tab");
        assertThat(yaml("a: [1, 2\n").asText()).startsWith("refused: line 1");
        assertThat(yaml("a: 1\nb\n").asText()).startsWith("refused: line 2");
    }

    @Test
    public void messagesAsFunctionProtoSays() throws Exception {
        String said = run("import binascii\nfrom p import wire\nmessage = wire.Message()\n"
                + "message.id, message.qos, message.topic, message.payload = 150, 1, u't/\\xe9', b'hi'\n"
                + "message.timestamp, message.function_name, message.invoke_id = -2, u'f', u'id'\n"
                + "data = wire.encode(message)\nprint(binascii.hexlify(data).decode())\n"
                + "again = wire.decode(b'\\xf8\\x01\\x01\\xfa\\x01\\x02xx' + data)\n"
                + "print(vars(again) == vars(message))\n"
                + "message.id, message.timestamp = (1 << 64) - 1, -(1 << 63)\n"
                + "print(vars(wire.decode(wire.encode(message))) == vars(message))\n"
                + "for length in range(1, len(data)):\n    try:\n        wire.decode(data[:length])\n"
                + "    except ValueError:\n        continue\n"
                + "print(len(wire.encode(wire.Message())))\n");

        assertThat(said.lines())
                .containsExactly(
                        "089601" + "1001" + "1a04742fc3a9" + "22026869" + "5003" + "5a0166" + "62026964",
                        "True",
                        "True",
                        "0");
    }
}
