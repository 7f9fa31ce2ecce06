package io.openedge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.openedge.app.ConfigException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.Test;

/** All that is wrong is said, up to a bound. */
public class ProblemsTest {
    private static final int MOST = 20;

    private static void gather(int count) throws ConfigException {
        Problems problems = new Problems();
        for (int n = 1; n <= count; n++) {
            problems.add(new ConfigException("wrong " + n));
        }
        problems.refuse();
    }

    private static List<String> lines(ConfigException e) {
        return String.valueOf(e.getMessage()).lines().toList();
    }

    private static List<String> wrong(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(n -> "wrong " + n).toList();
    }

    @Test
    public void asManyAsTheBoundAreAllThereAre() {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> gather(MOST));

        assertThat(lines(refused)).isEqualTo(wrong(MOST));
    }

    @Test
    public void ofMoreOnlyThatThereAreMoreIsSaid() {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> gather(MOST + 1));

        assertThat(lines(refused))
                .startsWith(wrong(MOST).toArray(String[]::new))
                .hasSize(MOST + 1)
                .endsWith("and more");
    }

    @Test
    public void moreIsSaidOnceHoweverDeepItWasFound() {
        Problems outer = new Problems();

        ConfigException refused = catchThrowableOfType(
                ConfigException.class,
                () -> outer.take(() -> new Problems().take(() -> {
                    gather(MOST + 5);
                    return "";
                })));

        assertThat(lines(refused))
                .containsOnlyOnce("and more")
                .hasSize(MOST + 1)
                .endsWith("and more");
    }
}
