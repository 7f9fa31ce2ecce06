package io.openedge.master.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.master.account.Rights.Call;
import io.openedge.system.GatewayException;
import org.junit.Test;

/** Tokens and rights. */
public class AccountTest {
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
    public void aServiceReportsForItselfOnly() {
        Caller hub = new Caller.Service("hub");
        for (Call call : Call.values()) {
            Rights.require(hub, call, "hub");
        }

        assertThatThrownBy(() -> Rights.require(hub, Call.REPORT, "timer"))
                .isInstanceOfSatisfying(
                        GatewayException.class,
                        refused -> assertThat(refused.kind()).isEqualTo(GatewayException.Kind.FORBIDDEN));
    }

    @Test
    public void anInstanceOfTheApiMayOnlyLook() {
        Caller instance = new Caller.DynamicInstance("f.1");
        Rights.require(instance, Call.INSPECT, "");

        for (Call call : new Call[] {Call.UPDATE, Call.INSTANCES, Call.PORTS, Call.REPORT}) {
            assertThatThrownBy(() -> Rights.require(instance, call, "f")).hasMessageContaining("f.1");
        }
    }
}
