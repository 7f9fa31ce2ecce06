package io.openedge.function.python;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.Assume.assumeTrue;

import io.openedge.app.MountSpec;
import io.openedge.app.ServiceSpec;
import io.openedge.directory.ServiceDirectories;
import io.openedge.directory.ServiceDirectory;
import io.openedge.directory.ServiceUser;
import io.openedge.engine.EngineException;
import io.openedge.engine.Volumes;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import io.openedge.function.FunctionMessage;
import io.openedge.function.python.PythonConfig.FunctionConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** Functions of services with users of their own: what one of them gets at of another. The gateway is root. */
public class PythonUsersTest {
    private static final List<String> CODE = List.of(
            "import json, os, sys",
            "SECRET = 'the code of this function'",
            "def who(event, context):",
            "    return [os.getuid(), os.getgid(), os.getgroups(), os.environ.get('HOME')]",
            "def pid(event, context):",
            "    return os.getpid()",
            "def read(event, context):",
            "    try:",
            "        with open(event, 'rb') as file:",
            "            return 'read %d' % len(file.read(10))",
            "    except EnvironmentError as error:",
            "        return os.strerror(error.errno)",
            "def opens(event, context):",
            "    try:",
            "        os.close(os.open(event, os.O_RDWR | os.O_NONBLOCK))",
            "        return 'opened'",
            "    except EnvironmentError as error:",
            "        return os.strerror(error.errno)",
            "def kills(event, context):",
            "    try:",
            "        os.kill(event, 9)",
            "        return 'killed'",
            "    except EnvironmentError as error:",
            "        return os.strerror(error.errno)",
            "def writes(event, context):",
            "    with open('var/db/openedge/own', 'w') as file:",
            "        file.write('x')",
            "    return os.stat('var/db/openedge/own').st_uid",
            "FOLDER = os.path.dirname(os.path.dirname(sys.modules['openedge_function.worker'].__file__))",
            "NOTES = FOLDER + '/progress'",
            "def folder(event, context):",
            "    return FOLDER",
            "def replaces(event, context):",
            "    said = set()",
            "    for change in [lambda: os.remove(NOTES), lambda: os.mkfifo(FOLDER + '/pipe'),",
            "                   lambda: os.rename(FOLDER + '/pipe', NOTES), lambda: os.symlink('/dev/zero', NOTES),",
            "                   lambda: os.rename(FOLDER + '/openedge_function', FOLDER + '/x'),",
            "                   lambda: os.remove(FOLDER + '/openedge_function/words.py'),",
            "                   lambda: open(FOLDER + '/openedge_function/words.py', 'a'),",
            "                   lambda: open(FOLDER + '/openedge_function/more.py', 'w')]:",
            "        try:",
            "            change()",
            "            said.add('done')",
            "        except EnvironmentError as error:",
            "            said.add(type(error).__name__)",
            "    return sorted(said)",
            "def dies(event, context):",
            "    os.truncate(NOTES, 1 << 40)",
            "    os.kill(os.getpid(), 9)");

    private Path work;
    private ServiceDirectories directories;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    @Before
    public void aWorkDirectoryThatAllMayPass() throws Exception {
        assumeTrue("only root can become somebody else", ServiceUser.isRoot());
        work = Files.createTempDirectory(Path.of("/tmp"), "openedge-users-");
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        directories = new ServiceDirectories(work);
    }

    @After
    public void closeAll() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        if (work != null) {
            try (var all = Files.walk(work)) {
                for (Path path : (Iterable<Path>) all.sorted(java.util.Comparator.reverseOrder())::iterator) {
                    Files.delete(path);
                }
            }
        }
    }

    /** As the engine starts it: a directory, its mounts, its user. */
    private PythonInstance start(String service, String user) throws Exception {
        Path code = Files.createDirectories(work.resolve("var/db/openedge/" + service + "-code"));
        Files.write(code.resolve("index.py"), CODE);
        ServiceSpec spec = new ServiceSpec(
                service,
                "openedge-function-python36",
                0,
                List.of(new MountSpec("code", "code", true)),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                user,
                null);
        ServiceDirectory directory = directories.open(spec, new Volumes(work, Map.of("code", code), Set.of("code")));
        open.push(directory);
        ServiceUser as = ServiceUser.of(service, user).orElseThrow();
        as.enter(directory.path(), directory.alone());
        List<FunctionConfig> functions =
                List.of("who", "pid", "read", "opens", "kills", "writes", "folder", "replaces", "dies").stream()
                        .map(name -> new FunctionConfig(name, "index." + name, "code"))
                        .toList();
        FakeContext context =
                new FakeContext(directory.path(), new PythonConfig(null, functions, "/usr/bin/python3", null));
        context.user = java.util.Optional.of(as.forModules());
        context.environment.put("OPENEDGE_SERVICE_TOKEN", "secret");
        PythonInstance instance = PythonInstance.start(context, PythonVersion.PYTHON_36);
        open.push(instance);
        return instance;
    }

    private static String call(PythonInstance to, String function, String event) throws Exception {
        return new String(begin(to, function, event).get(30, TimeUnit.SECONDS).payload(), UTF_8);
    }

    private static CompletableFuture<FunctionMessage> begin(PythonInstance to, String function, String event) {
        FunctionMessage message = new FunctionMessage(7, 1, "t", event.getBytes(UTF_8), 1L, function, "id");
        return to.endpoint().orElseThrow().call(message).toCompletableFuture();
    }

    private static Kind failure(CompletableFuture<FunctionMessage> call) {
        return assertThatThrownBy(() -> call.get(30, TimeUnit.SECONDS))
                .cause()
                .asInstanceOf(type(FunctionException.class))
                .actual()
                .kind();
    }

    @Test
    public void aWorkerIsItsUserAndNothingElse() throws Exception {
        PythonInstance numbered = start("one", "54321");
        PythonInstance named = start("two", "daemon");

        assertThat(call(numbered, "who", "")).isEqualTo("[54321, 54321, [], \"/\"]");
        assertThat(call(named, "who", "")).isEqualTo("[1, 1, [1], \"/usr/sbin\"]");
        assertThat(call(numbered, "writes", "")).isEqualTo("54321");
    }

    @Test
    public void anotherFunctionsCodeEnvironmentAndPipeAreOutOfReach() throws Exception {
        PythonInstance one = start("one", "54321");
        PythonInstance two = start("two", "54322");
        String victim = call(one, "pid", "");
        String service = work + "/var/run/openedge/services/one";

        for (String file : List.of(
                work + "/var/db/openedge/one-code/index.py",
                service + "/code/index.py",
                "/proc/" + victim + "/environ",
                "/proc/" + victim + "/mem",
                "/proc/" + victim + "/cwd/code/index.py")) {
            assertThat(call(two, "read", "\"" + file + "\"")).as(file).isEqualTo("\"Permission denied\"");
        }
        for (String descriptor : List.of("0", "2", "3", "4", "5")) {
            assertThat(call(two, "opens", "\"/proc/" + victim + "/fd/" + descriptor + "\""))
                    .isEqualTo("\"Permission denied\"");
        }
        assertThat(call(two, "kills", victim)).isEqualTo("\"Operation not permitted\"");
        assertThat(call(two, "read", "\"/proc/self/environ\"")).isEqualTo("\"read 10\"");
        assertThat(call(two, "read", "\"code/index.py\"")).isEqualTo("\"read 10\"");
        assertThat(call(one, "pid", "")).isEqualTo(victim);
    }

    @Test
    public void whatTheGatewayReadsAndRemovesLaterIsOutOfTheFunctionsReach() throws Exception {
        PythonInstance one = start("one", "54321");
        Path folder = Path.of(call(one, "folder", "").replace("\"", ""));

        assertThat(call(one, "replaces", "")).contains("PermissionError").doesNotContain("done");
        CompletableFuture<FunctionMessage> killer = begin(one, "dies", "");
        CompletableFuture<FunctionMessage> behind = begin(one, "who", "");

        assertThat(failure(killer)).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure(behind)).isEqualTo(Kind.NOT_DELIVERED);
        one.close();
        assertThat(folder).doesNotExist();
    }

    @Test
    public void aFolderThatTheUserMayNotEnterIsNamed() throws Exception {
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwx------"));

        assertThatThrownBy(() -> start("one", "54321"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("user '54321' may not enter " + work);
    }

    @Test
    public void nothingIsLeftAfterAStop() throws IOException, Exception {
        PythonInstance one = start("one", "54321");
        ProcessHandle worker = one.processes().get(0);

        one.close();

        assertThat(worker.isAlive()).isFalse();
    }
}
