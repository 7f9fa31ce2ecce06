package io.openedge.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.Assume;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** A gateway that runs as root gives each service of functions a user of its own. */
public class FunctionUsersIT {
    private static final String CODE = """
            import os

            def handler(event, context):
                try:
                    with open(event['read']) as file:
                        found = file.read(6)
                except EnvironmentError as error:
                    found = os.strerror(error.errno)
                return {'id': event['id'], 'uid': os.getuid(), 'pid': os.getpid(), 'found': found}
            """;

    @Rule
    public final Gateway gateway = Gateway.ofExample();

    private int asked;

    @Before
    public void asRootInAFolderThatAllMayEnter() throws IOException {
        Assume.assumeTrue("only root can become somebody else", Files.isWritable(Path.of("/")));
        Files.setPosixFilePermissions(gateway.work().getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        gateway.edit(
                gateway.work().resolve("etc/openedge/openedge.yml"),
                text -> text + "users: {min: 20000, max: 20999}\n");
        gateway.edit(gateway.db("function-sayhi-conf/service.yml"), text -> "python: /usr/bin/python3\n" + text);
        for (String code : new String[] {"function-sayhi-code", "other-code"}) {
            Files.createDirectories(gateway.db(code));
            Files.writeString(gateway.db(code).resolve("index.py"), CODE);
        }
    }

    private void application(String engine) throws IOException {
        gateway.edit(
                gateway.db("application.yml"),
                text -> text.replaceFirst("function-sayhi-code, path", "other-code, path")
                                .replace(
                                        "    image: openedge-function-python27\n",
                                        "    image: openedge-function-python36\n")
                                .replace(
                                        "    image: openedge-function-python36\n",
                                        "    image: openedge-function-python36\n    engine: " + engine + "\n")
                        + "  - {name: other-code, path: var/db/openedge/other-code}\n");
    }

    @Test
    public void workersInTheFrameworkCannotReadOneAnother() throws Exception {
        application("osgi");
        noneReadsAnother();
    }

    @Test
    public void processesCannotReadOneAnother() throws Exception {
        application("native");
        noneReadsAnother();
    }

    private void noneReadsAnother() throws Exception {
        gateway.start().expect(0);
        try (HubClient user = new HubClient(gateway.port())) {
            user.subscribe("t/+");
            String own = ask(user, gateway.db("function-sayhi-code/index.py").toString());
            assertThat(own).contains("\"found\": \"import\"");
            assertThat(ask(user, gateway.db("other-code/index.py").toString()))
                    .contains("\"found\": \"Permission denied\"")
                    .contains(number(own, "uid"));
            String other = user.awaitMessage("t/py2hi");
            assertThat(number(other, "uid")).isNotEqualTo(number(own, "uid"));
            String victim = number(other, "pid").replaceAll("[^0-9]", "");
            assertThat(ask(user, "/proc/" + victim + "/environ")).contains("Permission denied");
        }
        gateway.command("check", "-w", gateway.work().toString()).expect(0);
    }

    /** The answer of function-sayhi36 to a message that both functions get. */
    private String ask(HubClient user, String path) {
        asked++;
        user.publish("t", "{\"id\": " + asked + ", \"read\": \"" + path + "\"}");
        return user.awaitMessage("t/py3hi", "\"id\": " + asked + ",");
    }

    /** {@code "KEY": NUMBER} of an answer. */
    private static String number(String answer, String key) {
        return answer.replaceFirst(".*(\"" + key + "\": [0-9]+).*", "$1");
    }
}
