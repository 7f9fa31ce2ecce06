package io.openedge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.ConfigException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Where gateway and command meet. */
public class GatewayFilesTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder(Path.of("/tmp").toFile()); // lengths count here

    private Path root;

    @Before
    public void resolveLinks() throws Exception {
        root = folder.getRoot().toPath().toRealPath();
    }

    private static GatewayConfig config(String... lines) throws ConfigException {
        return ConfigReader.read(String.join("\n", lines), "openedge.yml", GatewayConfig.class, warning -> {});
    }

    private Path deep() throws Exception {
        return Files.createDirectories(root.resolve("a".repeat(100)));
    }

    @Test
    public void anApiAddressThatCannotBeIsRefusedWithItsPlace() {
        for (String address : List.of("foo", "unix://", "tcp://127.0.0.1", "tcp://127.0.0.1:65536", "tcp://h:999999")) {
            assertThatThrownBy(() -> config("mode: osgi", "server: {address: '" + address + "'}"))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("openedge.yml:2: server.address: '" + address + "' is not allowed here");
        }
    }

    @Test
    public void theSeedsPlacesAreTheDefaults() throws Exception {
        GatewayConfig config = config("");
        GatewayFiles files = GatewayFiles.of(Path.of("/work"), config);

        assertThat(config.mode()).isEqualTo(GatewayConfig.Mode.DOCKER);
        assertThat(config.server().timeout()).isEqualTo(Duration.ofMinutes(5));
        assertThat(files)
                .isEqualTo(new GatewayFiles(
                        Path.of("/work"),
                        Path.of("/var/run/openedge.pid"),
                        "unix:///var/run/openedge.sock",
                        Path.of("/work/var/run/openedge/operator.sock")));
    }

    @Test
    public void relativePlacesAreTakenInTheWorkDirectory() throws Exception {
        GatewayFiles files = GatewayFiles.of(
                Path.of("/work"), config("pidfile: var/run/o.pid", "server: {address: 'unix://var/run/o.sock'}"));

        assertThat(files.pidFile()).isEqualTo(Path.of("/work/var/run/o.pid"));
        assertThat(files.apiAddress()).isEqualTo("unix:///work/var/run/o.sock");
        assertThat(GatewayFiles.of(Path.of("/work"), config("server: {address: 'tcp://127.0.0.1:50050'}"))
                        .apiAddress())
                .isEqualTo("tcp://127.0.0.1:50050");
    }

    @Test
    public void aLinkToTheWorkDirectoryLeadsToTheSamePlaces() throws Exception {
        Path link = Files.createSymbolicLink(root.resolve("link"), deep());
        GatewayConfig config = config("server: {address: 'unix://var/run/openedge.sock'}");

        assertThat(GatewayFiles.of(link, config)).isEqualTo(GatewayFiles.of(deep(), config));
    }

    @Test
    public void pathsTooLongForASocketFallBack() throws Exception {
        SocketOwner user = new SocketOwner(SocketOwner.current().id(), root.resolve("sockets"));
        GatewayFiles files = GatewayFiles.of(deep(), config("pidfile: p", "server: {address: 'unix://o.sock'}"), user);

        assertThat(files.apiAddress()).matches("unix://" + root + "/sockets/[0-9a-f]{16}/openedge.sock");
        assertThat(files.operatorSocket())
                .isEqualTo(Path.of(files.apiAddress().substring(7)).resolveSibling("operator.sock"));
        assertThat(files.pidFile()).isEqualTo(deep().resolve("p"));

        files.createFolders(user);
        files.createFolders(user);

        assertThat(files.operatorSocket().getParent()).isDirectory();
        String rights = user.id() == 0 ? "rwxr-xr-x" : "rwx------";
        assertThat(Files.getPosixFilePermissions(root.resolve("sockets")))
                .isEqualTo(PosixFilePermissions.fromString(rights));
    }

    @Test
    public void everyPathThatDoesNotFallBackCanBeBound() throws Exception {
        for (int length = 100; length < 110; length++) {
            Path work = root.resolve(
                    "w".repeat(length - root.toString().length() - "//var/run/openedge/operator.sock".length()));
            GatewayFiles files = GatewayFiles.of(work, config("pidfile: p"));
            if (files.operatorSocket().startsWith(work)) {
                Files.createDirectories(files.operatorSocket().getParent());
                try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                    socket.bind(UnixDomainSocketAddress.of(files.operatorSocket()));
                    assertThat(length)
                            .isEqualTo(files.operatorSocket().toString().length());
                }
            } else {
                assertThat(length).isGreaterThan(106);
            }
        }
    }

    @Test
    public void theFallbackFolderIsNamedByUserAndWorkDirectory() throws Exception {
        GatewayFiles files = GatewayFiles.of(Path.of("/" + "w".repeat(120)), config(""));
        int user = SocketOwner.current().id();
        String parent = user == 0 ? "/run/openedge" : "/tmp/openedge-" + user;

        assertThat(files.operatorSocket()).isEqualTo(Path.of(parent, "55e153e0d8f5d84b", "operator.sock"));
    }

    @Test
    public void fallbackFoldersAreRemovedOnceTheyAreEmpty() throws Exception {
        Path sockets = root.resolve("sockets");
        SocketOwner user = new SocketOwner(SocketOwner.current().id(), sockets);
        GatewayFiles files = GatewayFiles.of(deep(), config("pidfile: p"), user);
        files.createFolders(user);
        Files.createFile(files.operatorSocket());
        files.removeFolders(user);
        assertThat(files.operatorSocket()).exists();

        Files.delete(files.operatorSocket());
        Path other = Files.createDirectory(sockets.resolve("of-another-gateway"));
        files.removeFolders(user);
        assertThat(sockets).isDirectoryContaining(other::equals).isDirectoryNotContaining("glob:**/[0-9a-f]*");

        Files.delete(other);
        files.createFolders(user);
        files.removeFolders(user);
        assertThat(sockets).doesNotExist();
        assertThat(files.pidFile().getParent()).exists();
        files.removeFolders(user);
    }

    @Test
    public void aFallbackFolderThatOthersCanWriteToIsRefused() throws Exception {
        Path sockets = Files.createDirectory(root.resolve("sockets"));
        Files.setPosixFilePermissions(sockets, PosixFilePermissions.fromString("rwxrwxrwx"));
        SocketOwner user = new SocketOwner(SocketOwner.current().id(), sockets);
        GatewayFiles files = GatewayFiles.of(deep(), config("pidfile: p"), user);

        assertThatThrownBy(() -> files.createFolders(user))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(sockets + ": is not a folder of user");
    }

    @Test
    public void aFallbackFolderOfSomebodyElseOrALinkIsRefused() throws Exception {
        Path sockets = Files.createDirectory(root.resolve("sockets"));
        SocketOwner other = new SocketOwner(SocketOwner.current().id() + 1, sockets);
        GatewayFiles files = GatewayFiles.of(deep(), config("pidfile: p"), other);
        assertThatThrownBy(() -> files.createFolders(other)).hasMessageContaining("is not a folder of user");

        SocketOwner linked =
                new SocketOwner(SocketOwner.current().id(), Files.createSymbolicLink(root.resolve("link"), sockets));
        assertThatThrownBy(() ->
                        GatewayFiles.of(deep(), config("pidfile: p"), linked).createFolders(linked))
                .hasMessageContaining("is not a folder of user");
    }
}
