package io.openedge.master.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.ServiceSpec;
import io.openedge.config.GatewayConfig.Permissions;
import io.openedge.master.account.Rights.Call;
import io.openedge.system.GatewayException;
import java.util.EnumSet;
import java.util.List;
import org.junit.Test;

/** Tokens and rights. */
public class AccountTest {
    private static final Rights STRICT = new Rights(Permissions.STRICT);
    private static final Rights OPEN = new Rights(Permissions.OPEN);

    private final Tokens tokens = new Tokens();

    @Test
    public void aTokenIsItsServicesOnly() {
        String hub = tokens.issue("hub");
        String timer = tokens.issue("timer");

        assertThat(tokens.check("hub", hub)).isTrue();
        assertThat(tokens.check("hub", timer)).isFalse();
        assertThat(tokens.check("hub", "")).isFalse();
        assertThat(tokens.check("nobody", hub)).isFalse();
        assertThat(hub).hasSize(43).isNotEqualTo(timer);
    }

    @Test
    public void aTokenGoesWithItsServiceAndWithTheNextOne() {
        String first = tokens.issue("hub");
        String second = tokens.issue("hub");
        assertThat(tokens.check("hub", first)).isFalse();
        assertThat(tokens.check("hub", second)).isTrue();

        tokens.revoke("hub");
        assertThat(tokens.check("hub", second)).isFalse();
    }

    @Test
    public void anImageBringsItsRightsAndTheApplicationAddsSome() {
        assertThat(service("registry.example.com:5000/openedge/openedge-agent:1.0", List.of())
                        .granted())
                .containsExactly("update");
        assertThat(service("openedge-function-manager", List.of("update")).granted())
                .containsExactlyInAnyOrder("update", "instances");
        assertThat(service("openedge-agent-of-mine", List.of()).granted()).isEmpty();
    }

    @Test
    public void aRefusalSaysWhatToGrant() {
        assertRefused(
                STRICT,
                service("hub", List.of()),
                Call.INSTANCES,
                "f",
                "service 's' may not start or stop instances: add permissions: [instances] to it in application.yml");
        assertRefused(
                STRICT,
                service("hub", List.of("instances")),
                Call.UPDATE,
                "",
                "service 's' may not update the application: add permissions: [update] to it in application.yml");
    }

    @Test
    public void aServiceReportsForItselfAlone() {
        STRICT.require(service("hub", List.of()), Call.REPORT, "s");
        assertRefused(
                STRICT,
                service("hub", List.of("update", "instances")),
                Call.REPORT,
                "timer",
                "service 's' may not report for service 'timer': only its own token may");
        assertRefused(
                STRICT,
                new Caller.Operator(),
                Call.REPORT,
                "timer",
                "the operator may not report for service 'timer': only its own token may");
    }

    @Test
    public void anInstanceOfTheApiMayNothingButServeOnAPort() {
        for (Rights rights : List.of(STRICT, OPEN)) {
            rights.require(new Caller.DynamicInstance("f.1"), Call.PORTS, "");
            for (Call call : EnumSet.complementOf(EnumSet.of(Call.PORTS))) {
                assertThatThrownBy(() -> rights.require(new Caller.DynamicInstance("f.1"), call, "f"))
                        .hasMessageContaining("f.1");
            }
        }
    }

    @Test
    public void openIsTheOldRule() {
        for (Call call : Call.values()) {
            OPEN.require(service("hub", List.of()), call, "other");
            OPEN.require(new Caller.Operator(), call, "other");
        }
    }

    private static Caller.Service service(String image, List<String> permissions) {
        return Caller.Service.of(new ServiceSpec(
                "s", image, 0, null, null, null, null, null, null, null, null, null, permissions, null, null));
    }

    private static void assertRefused(Rights rights, Caller caller, Call call, String service, String reason) {
        assertThatThrownBy(() -> rights.require(caller, call, service))
                .isInstanceOfSatisfying(
                        GatewayException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(GatewayException.Kind.FORBIDDEN))
                .hasMessage(reason);
    }
}
