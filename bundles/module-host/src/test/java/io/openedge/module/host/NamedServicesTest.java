package io.openedge.module.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.module.ServiceLocator.Location;
import org.junit.Test;

/** What the gateway says about where services are. */
public class NamedServicesTest {
    private final NamedServices services =
            NamedServices.parse(" localhub  cloud-hub cloud-hub:1883=127.0.0.1:11883 v6:1=[::1]:2 what=ever:you:like ");

    @Test
    public void aNameAloneListensOnThisHost() {
        assertThat(services.locate("localhub", 1883)).contains(new Location("127.0.0.1", 1883));
        assertThat(services.locate("cloud-hub", 8883)).contains(new Location("127.0.0.1", 8883));
    }

    @Test
    public void aPortMayBeElsewhere() {
        assertThat(services.locate("cloud-hub", 1883)).contains(new Location("127.0.0.1", 11883));
        assertThat(services.locate("v6", 1)).contains(new Location("[::1]", 2));
    }

    @Test
    public void anyOtherHostIsLookedUpAsEver() {
        assertThat(services.locate("broker.example.com", 1883)).isEmpty();
        assertThat(services.locate("v6", 2)).isEmpty();
        assertThat(NamedServices.parse("").locate("", 1)).isEmpty();
    }
}
