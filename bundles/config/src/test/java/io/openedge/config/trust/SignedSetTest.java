package io.openedge.config.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.AppConfig;
import io.openedge.config.Applications;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Sets that are what was signed, and those that are not. */
public class SignedSetTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = Instant.parse("2027-01-01T00:00:00Z");
    private static final String APPLICATION = """
            version: V1
            services:
              - name: hello
                image: hello
                mounts: [{name: code, path: lib/openedge/hello}, {name: data, path: var/db/openedge}]
            volumes:
              - {name: code, path: var/db/openedge/hello/1, meta: {version: '1'}}
              - {name: data, path: var/db/openedge/hello-data}
            """;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final KeyPair keys = TrustKeys.generate(false);
    private Path root;

    @Before
    public void write() throws Exception {
        root = folder.getRoot().toPath();
        Files.writeString(root.resolve("application.yml"), APPLICATION);
        put("package.yml", "bundles: [lib/a.jar]\n");
        put("lib/a.jar", "a");
    }

    @Test
    public void whatWasSignedIsTakenWithEitherKindOfKey() throws Exception {
        for (boolean rsa : new boolean[] {false, true}) {
            KeyPair pair = TrustKeys.generate(rsa);
            Path pem = folder.newFile().toPath();
            Files.writeString(pem, TrustKeys.pem(pair.getPublic()));
            sign(pair);

            Manifest manifest = SignedManifest.read(manifest(), TrustKeys.trusted(List.of(pem)))
                    .manifest();

            set().require(manifest);
            assertThat(manifest.number()).isEqualTo(7);
            assertThat(manifest.volumes()).extracting(Manifest.Volume::data).containsExactly(false, true);
            assertThat(manifest.volumes().get(0).files()).containsOnlyKeys("package.yml", "lib/a.jar");
            assertThat(manifest.volumes().get(0).version()).isEqualTo("1");
        }
    }

    @Test
    public void openSslReadsAndMakesTheSameKeysAndSignatures() throws Exception {
        Path key = root.resolve("openssl.key");
        openssl("genpkey", "-algorithm", "ed25519", "-out", key.toString());
        openssl("pkey", "-in", key.toString(), "-pubout", "-out", key + ".pub");
        KeyPair pair =
                new KeyPair(TrustKeys.trusted(List.of(Path.of(key + ".pub"))).get(0), TrustKeys.signing(key));
        sign(pair);
        set().require(SignedManifest.read(manifest(), List.of(pair.getPublic())).manifest());
    }

    @Test
    public void whatIsNotSignedOrByAnotherIsNotLookedAt() throws Exception {
        assertThatThrownBy(() -> read()).hasMessageContaining("openedge.manifest: is not there");
        Files.writeString(manifest(), "format: 1\n");
        assertThatThrownBy(() -> read()).hasMessageContaining("is not signed");
        sign(TrustKeys.generate(false));
        assertThatThrownBy(() -> read()).hasMessageContaining("which is not trusted here");
        sign(keys);
        Files.writeString(manifest(), Files.readString(manifest()).replace("number: 7", "number: 8"));
        assertThatThrownBy(() -> read()).hasMessageContaining("was altered");
        sign(keys);
        Files.writeString(manifest(), Files.readString(manifest()).replaceFirst(" [A-Za-z0-9+/=]{80,}", " c2hvcnQ="));
        assertThatThrownBy(() -> read()).hasMessageContaining("was altered");
    }

    @Test
    public void aVolumeThatHoldsOnlyOthersIsData() throws Exception {
        Files.writeString(
                root.resolve("application.yml"),
                APPLICATION.replace("{name: data, path: var/db/openedge}", "{name: all, path: var/db/openedge/volumes}")
                        + "  - {name: all, path: var/db/openedge}\n");
        sign(keys);
        assertThat(read().volumes()).extracting(Manifest.Volume::data).containsExactly(false, true, true);
        Files.writeString(root.resolve("var/db/openedge/.agent.json"), "{}");
        set().require(read());

        sign(keys);
        assertThat(read().volumes()).extracting(Manifest.Volume::data).containsExactly(false, true, false);
    }

    @Test
    public void aVolumeThatHoldsOnlyOthersIsSignedWhereNobodyMayWriteToIt() throws Exception {
        Files.writeString(
                root.resolve("application.yml"),
                APPLICATION.replace(
                                "{name: data, path: var/db/openedge}",
                                "{name: all, path: var/db/openedge/volumes, readonly: true}")
                        + "  - {name: all, path: var/db/openedge}\n");
        sign(keys);
        put("../late", "x");

        assertThatThrownBy(() -> set().require(read()))
                .hasMessageContaining("volume 'all': hello/late is not in the manifest");
    }

    @Test
    public void everythingThatIsNotAsItWasSignedIsNamed() throws Exception {
        sign(keys);
        put("lib/a.jar", "b");
        put("lib/new.jar", "c");
        Files.delete(root.resolve("var/db/openedge/hello/1/package.yml"));
        put("code.zip", "the archive in which an agent got it");

        assertThatThrownBy(() -> set().require(read()))
                .isInstanceOf(UntrustedException.class)
                .hasMessageContaining("volume 'code': lib/a.jar was altered")
                .hasMessageContaining("volume 'code': package.yml is missing")
                .hasMessageContaining("volume 'code': lib/new.jar is not in the manifest")
                .message()
                .doesNotContain("code.zip");
    }

    @Test
    public void setsAreNotMixed() throws Exception {
        sign(keys);
        Manifest signed = read();
        Files.writeString(root.resolve("application.yml"), APPLICATION.replace("V1", "V2"));
        assertThatThrownBy(() -> set().require(signed)).hasMessageContaining("is not the one of its manifest");

        Files.writeString(root.resolve("application.yml"), APPLICATION.replace("hello/1", "hello/2"));
        Files.createDirectories(root.resolve("var/db/openedge/hello/2"));
        Manifest moved = set().describe(7, NOW, LATER);
        Manifest mixed = new Manifest(
                1,
                7,
                moved.created(),
                moved.expires(),
                moved.application(),
                signed.volumes().subList(0, 1));
        assertThatThrownBy(() -> set().require(mixed))
                .hasMessageContaining("volume 'code' is not in the manifest under the path var/db/openedge/hello/2")
                .hasMessageContaining("volume 'data' is not in the manifest");
    }

    @Test
    public void noManifestLeavesProgramsOpen() throws Exception {
        Manifest all = set().describe(7, NOW, LATER);
        Manifest.Volume code = all.volumes().get(0);
        Manifest open = new Manifest(
                1,
                7,
                all.created(),
                all.expires(),
                all.application(),
                List.of(
                        new Manifest.Volume(code.name(), "", code.path(), true, null),
                        all.volumes().get(1)));
        assertThatThrownBy(() -> set().require(open)).hasMessageContaining("leaves its content open");

        Files.move(root.resolve("var/db/openedge/hello"), root.resolve("elsewhere"));
        assertThatThrownBy(() -> set().describe(7, NOW, LATER)).hasMessageContaining("holds programs or settings");
    }

    @Test
    public void aKeyThatIsTooShortOrOfAnotherKindSignsNothing() throws Exception {
        KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
        weak.initialize(1024);
        KeyPairGenerator other = KeyPairGenerator.getInstance("EC");
        for (KeyPairGenerator generator : List.of(weak, other)) {
            Path pem = folder.newFile().toPath();
            Files.writeString(pem, TrustKeys.pem(generator.generateKeyPair().getPublic()));
            assertThatThrownBy(() -> TrustKeys.trusted(List.of(pem)))
                    .hasMessageContaining(pem.toString())
                    .hasMessageContaining("Ed25519, or RSA from 2048 bits on");
        }
    }

    private void put(String file, String content) throws Exception {
        Path path = root.resolve("var/db/openedge/hello/1").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    private Path manifest() {
        return root.resolve(Manifest.FILE);
    }

    private void sign(KeyPair pair) throws Exception {
        Files.write(
                manifest(),
                SignedManifest.sign(set().describe(7, NOW, LATER), pair).file());
    }

    private Manifest read() throws UntrustedException {
        return SignedManifest.read(manifest(), List.of(keys.getPublic())).manifest();
    }

    private SignedSet set() throws Exception {
        Path file = root.resolve("application.yml");
        AppConfig application = Applications.read(file, warning -> {});
        return new SignedSet(Files.readAllBytes(file), application, volume -> root.resolve(volume.path()));
    }

    private static void openssl(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}
