package io.openedge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.AppConfig;
import io.openedge.app.InvalidValueException;
import io.openedge.app.ServiceSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Users for services of functions. */
public class UserRangeTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private AppConfig application(String services) throws Exception {
        Path file = Files.writeString(folder.getRoot().toPath().resolve("application.yml"), "services:\n" + services);
        return Applications.read(file, "osgi", warning -> {});
    }

    private static List<String> users(AppConfig application) {
        return application.services().stream().map(ServiceSpec::user).toList();
    }

    @Test
    public void eachServiceOfFunctionsGetsOneOfItsOwnAndKeepsIt() throws Exception {
        String many = IntStream.range(0, 100)
                .mapToObj(i -> "  - {name: f" + i + ", image: 'hub.example.com/openedge-function-python36:1'}\n")
                .collect(Collectors.joining());
        UserRange range = new UserRange(20000, 20099);

        List<String> users = users(range.assign(application(many), "osgi"));

        assertThat(users).doesNotHaveDuplicates().allMatch(user -> user.matches("200[0-9][0-9]"));
        assertThat(users(range.assign(application(many), "osgi"))).isEqualTo(users);
    }

    @Test
    public void othersRunAsTheyDid() throws Exception {
        AppConfig application = application("  - {name: hub, image: openedge-hub}\n"
                + "  - {name: manager, image: openedge-function-manager}\n"
                + "  - {name: named, image: openedge-function-python27, user: daemon}\n"
                + "  - {name: container, image: openedge-function-python27, engine: docker}\n"
                + "  - {name: function, image: openedge-function-python27, engine: native}\n");

        assertThat(users(new UserRange(20000, 20000).assign(application, "osgi")))
                .containsExactly("", "", "daemon", "", "20000");
        assertThat(UserRange.NONE.assign(application, "osgi")).isSameAs(application);
    }

    @Test
    public void moreServicesThanUsersAndARangeThatIsNoneAreSaid() throws Exception {
        AppConfig two = application("  - {name: f1, image: openedge-function-python36}\n"
                + "  - {name: f2, image: openedge-function-python36}\n");

        assertThatThrownBy(() -> new UserRange(20000, 20000).assign(two, "osgi"))
                .hasMessageContaining("services[1].user")
                .hasMessageContaining("has but 1 numbers");
        Path file =
                Files.writeString(folder.getRoot().toPath().resolve("openedge.yml"), "users: {min: 20000, max: 7}\n");
        assertThatThrownBy(() -> ConfigReader.read(file, GatewayConfig.class, warning -> {}))
                .hasMessageContaining("openedge.yml")
                .hasMessageContaining("users")
                .hasMessageContaining("min (20000) or more");
    }

    @Test
    public void numbersThatServicesNameAreNotGivenAway() throws Exception {
        AppConfig application = application("  - {name: n1, image: i, engine: native, user: '20000:20000'}\n"
                + "  - {name: n2, image: i, engine: native, user: '2000000001'}\n"
                + "  - {name: f1, image: openedge-function-python36}\n");

        assertThat(users(new UserRange(20000, 20001).assign(application, "osgi")))
                .containsExactly("20000:20000", "2000000001", "20001");
        assertThat(users(new UserRange(2_000_000_000, 2_000_000_001).assign(application, "osgi")))
                .containsExactly("20000:20000", "2000000001", "2000000000");
    }

    @Test
    public void aRangeThatNamedNumbersUseUpIsSaid() throws Exception {
        AppConfig application = application("  - {name: n1, image: i, engine: native, user: '20000'}\n"
                + "  - {name: n2, image: i, engine: native, user: '20000'}\n"
                + "  - {name: f1, image: openedge-function-python36}\n"
                + "  - {name: f2, image: openedge-function-python36}\n");

        assertThatThrownBy(() -> new UserRange(20000, 20001).assign(application, "osgi"))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("services[3].user")
                .hasMessageContaining("has but 1 numbers that no service names");
    }
}
