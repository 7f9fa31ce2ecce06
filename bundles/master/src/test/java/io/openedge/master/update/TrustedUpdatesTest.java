package io.openedge.master.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.config.Applications;
import io.openedge.config.trust.Manifest;
import io.openedge.config.trust.SignedManifest;
import io.openedge.config.trust.SignedSet;
import io.openedge.config.trust.TrustKeys;
import io.openedge.system.GatewayException;
import io.openedge.system.UpdateResult;
import io.openedge.system.UpdateResult.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** With trust.keys, only what one of them signed comes in; what runs is untouched by the rest. */
public class TrustedUpdatesTest {
    @Rule
    public final LiveUpdates live = new LiveUpdates();

    private final KeyPair keys = TrustKeys.generate(false);
    private final Instant now = Instant.now();

    @Before
    public void trust() throws Exception {
        Path pem = live.work().resolve("ops.pub");
        Files.writeString(pem, TrustKeys.pem(keys.getPublic()));
        live.trusted = List.of(pem);
        live.installed("V1", "hub:1");
        live.up();
    }

    @Test
    public void whatIsNotSignedIsForbiddenForEverybody() throws Exception {
        String path = live.offer("V2", "hub:2");

        assertThatThrownBy(() ->
                        live.updates.admit(path, true).toCompletableFuture().get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(GatewayException.class)
                .extracting(cause -> ((GatewayException) cause).kind())
                .isEqualTo(GatewayException.Kind.FORBIDDEN);
        assertThatThrownBy(() ->
                        live.updates.plan(path, true).toCompletableFuture().get(10, TimeUnit.SECONDS))
                .hasMessageContaining("openedge.manifest: is not there");
        refused(path, "openedge.manifest: is not there");
        refused("", "openedge.manifest: is not there");
    }

    @Test
    public void aSignedSetRunsAndNoOlderOneAfterItEvenAfterARestart() throws Exception {
        String first = signed(1, "V2", "hub:2");
        String second = signed(2, "V3", "hub:3");
        committed(first, "V2");
        committed(second, "V3");
        refused(first, "number 1 and is older than the last one, which had 2");

        live.down();
        live.up();

        refused(first, "number 1 and is older");
        committed(second, "V3");
        committed("", "V3");
        refused(signed(2, "V4", "hub:4"), "the number 2 of the last one and is another set");
        LiveUpdates.write(live.application(), LiveUpdates.text("V3", "hub:9"));
        refused("", "application.yml is not the one of its manifest");
    }

    @Test
    public void aSetThatIsRolledBackMayBeTriedAgain() throws Exception {
        live.engine.crashing.add("hub:2");
        String path = signed(5, "V2", "hub:2");
        assertThat(live.update(path).outcome()).isEqualTo(Outcome.ROLLED_BACK);
        live.engine.crashing.clear();
        committed(path, "V2");
    }

    @Test
    public void whatWasTakenLastMustBeReadable() throws Exception {
        committed(signed(1, "V2", "hub:2"), "V2");
        Path kept = live.work().resolve("var/lib/openedge/trust/openedge.manifest");
        Files.writeString(kept, "torn");
        refused(signed(2, "V3", "hub:3"), kept.toString());
    }

    @Test
    public void aKeyThatIsNotThereLetsNobodyIn() throws Exception {
        Files.delete(live.trusted.get(0));
        refused(signed(1, "V2", "hub:2"), "trust.keys: " + live.trusted.get(0));
    }

    @Test
    public void theClockMayBeWrong() throws Exception {
        String path = signed(1, "V2", "hub:2");
        Path file = live.work().resolve(path).resolve(Manifest.FILE);
        TrustGate gate = new TrustGate(live.trusted, live.work().resolve("kept/openedge.manifest"));
        SignedSet set = set(path);
        List<String> warnings = new ArrayList<>();

        assertThatThrownBy(() -> gate.check(file, set, Instant.parse("2038-01-19T03:14:08Z"), warnings::add))
                .hasMessageContaining("the clock says 2038-01-19T03:14:08Z")
                .hasMessageContaining("set the clock if that is wrong");
        gate.keep(gate.check(file, set, Instant.EPOCH, warnings::add).orElseThrow());
        assertThat(warnings).singleElement().asString().contains("the clock says 1970-01-01T00:00:00Z", "is wrong");

        String expired = offer(2, now.minus(Duration.ofDays(400)), now.minus(Duration.ofDays(30)), "V3", "hub:3");
        assertThatThrownBy(() -> gate.check(
                        live.work().resolve(expired).resolve(Manifest.FILE),
                        set(expired),
                        Instant.EPOCH,
                        warnings::add))
                .as("what is known to be past stays past")
                .hasMessageContaining("expired at")
                .hasMessageContaining("the last set was signed at");
        refused(expired, "expired at");
    }

    private void refused(String path, String reason) throws Exception {
        String before = live.updates.application().version();
        int runs = live.engine.count("hub");
        UpdateResult result = live.update(path);
        assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(result.reason()).contains(reason);
        assertThat(result.version()).isEqualTo(before);
        assertThat(live.engine.count("hub")).isEqualTo(runs);
    }

    private void committed(String path, String version) throws Exception {
        assertThat(live.update(path)).isEqualTo(new UpdateResult(Outcome.COMMITTED, version, ""));
        live.consistent();
    }

    private String signed(long number, String version, String... services) throws Exception {
        return offer(number, now.minusSeconds(60), now.plus(Duration.ofDays(30)), version, services);
    }

    private String offer(long number, Instant created, Instant expires, String version, String... services)
            throws Exception {
        String path = live.offer(version, services);
        Files.write(
                live.work().resolve(path).resolve(Manifest.FILE),
                SignedManifest.sign(set(path).describe(number, created, expires), keys)
                        .file());
        return path;
    }

    private SignedSet set(String path) throws Exception {
        byte[] text = Files.readAllBytes(live.work().resolve(path).resolve("application.yml"));
        return new SignedSet(
                text,
                Applications.draft(text, "a.yml", "native", warning -> {}).application(),
                volume -> live.work().resolve(volume.path()));
    }
}
