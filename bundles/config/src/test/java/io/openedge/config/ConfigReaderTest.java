package io.openedge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.AppConfig;
import io.openedge.app.ByteSize;
import io.openedge.app.ConfigException;
import io.openedge.app.RestartPolicy;
import io.openedge.app.ServiceSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.Test;

/** What the reader makes of YAML, key by key. */
public class ConfigReaderTest {
    private final List<Warning> warnings = new ArrayList<>();

    record Everything(
            @Nullable String text,
            int number,
            @Nullable Integer boxed,
            long big,
            double real,
            boolean flag,
            @Nullable Duration delay,
            @Nullable ByteSize size,
            RestartPolicy.@Nullable Policy policy,
            @Nullable Path path,
            @Nullable List<String> words,
            @Nullable List<Duration> waits,
            @Nullable Map<String, String> env,
            @Nullable Map<String, Object> payload,
            @Nullable Object any,
            @Nullable Pair<Duration> pair) {}

    record Pair<T>(T left, List<T> right) {}

    private <T extends Record> T read(Class<T> type, String... lines) throws ConfigException {
        return ConfigReader.read(String.join("\n", lines), "f.yml", type, warnings::add);
    }

    private Everything read(String... lines) throws ConfigException {
        return read(Everything.class, lines);
    }

    private ServiceSpec service(String... lines) throws ConfigException {
        String[] entry = Arrays.stream(lines).map(line -> "    " + line).toArray(String[]::new);
        return read(AppConfig.class, "services:\n  - name: s\n    image: i\n" + String.join("\n", entry))
                .services()
                .get(0);
    }

    @Test
    public void policyNoIsTheWordNo() throws Exception {
        assertThat(service("restart:", "  policy: no").restart().policy()).isEqualTo(RestartPolicy.Policy.NO);
        assertThat(service("restart: {policy: on-failure}").restart().policy())
                .isEqualTo(RestartPolicy.Policy.ON_FAILURE);
    }

    @Test
    public void portsThatLookLikeSexagesimalNumbersStayText() throws Exception {
        assertThat(service("ports: [8022:22, 1883:1883]").ports()).containsExactly("8022:22", "1883:1883");
    }

    @Test
    public void environmentKeepsTheTextOfTheFile() throws Exception {
        Map<String, String> env = service("env: {A: 0777, B: yes, C: 1.10, D: 2019-05-10, E: , F: ~, G: \"\"}")
                .env();

        assertThat(env)
                .containsExactly(
                        Map.entry("A", "0777"),
                        Map.entry("B", "yes"),
                        Map.entry("C", "1.10"),
                        Map.entry("D", "2019-05-10"),
                        Map.entry("E", ""),
                        Map.entry("F", ""),
                        Map.entry("G", ""));
    }

    @Test
    public void whatIsAbsentEmptyOrZeroArrivesAsNull() throws Exception {
        Everything nothing =
                new Everything(null, 0, null, 0, 0, false, null, null, null, null, null, null, null, null, null, null);

        assertThat(read("")).isEqualTo(nothing);
        assertThat(read("# only a comment")).isEqualTo(nothing);
        assertThat(read("text:", "number:", "boxed:", "flag:", "delay:", "size:", "policy:", "words:", "env:", "pair:"))
                .isEqualTo(nothing);
        assertThat(read("text: ''", "words: []", "env: {}", "payload: {}", "pair: {}"))
                .isEqualTo(nothing);
        assertThat(read("boxed: 0", "delay: 0", "size: 0k")).isEqualTo(nothing);
        assertThat(warnings).isEmpty();
    }

    @Test
    public void zeroTakesTheDefaultOfTheRecord() throws Exception {
        RestartPolicy restart = service("restart:", "  retry: {max: 0}", "  backoff: {min: 0, max: 0s, factor: 0}")
                .restart();

        assertThat(restart).isEqualTo(RestartPolicy.DEFAULT);
    }

    @Test
    public void entriesOfListsKeepTheirZeros() throws Exception {
        Everything read = read("waits: [0, 1s]", "words: ['', a, ]");

        assertThat(read.waits()).containsExactly(Duration.ZERO, Duration.ofSeconds(1));
        assertThat(read.words()).containsExactly("", "a");
    }

    @Test
    public void goDurationsAreRead() throws Exception {
        assertThat(read("delay: 1m30s").delay()).isEqualTo(Duration.ofSeconds(90));
        assertThat(read("delay: 500ms").delay()).isEqualTo(Duration.ofMillis(500));
        assertThat(read("delay: 1.5h").delay()).isEqualTo(Duration.ofMinutes(90));
        assertThat(read("delay: 2us3ns").delay()).isEqualTo(Duration.ofNanos(2003));
        assertThat(read("delay: -1s").delay()).isEqualTo(Duration.ofSeconds(-1));
        assertThat(read("delay: .5s").delay()).isEqualTo(Duration.ofMillis(500));
        assertThat(warnings).isEmpty();
        for (String wrong : List.of("1x", "s", "1 s", "1.5", "1d", "9999999h", "1s,", "--1s")) {
            assertThatThrownBy(() -> read("delay: " + wrong))
                    .as(wrong)
                    .hasMessageStartingWith("f.yml:1: delay: '" + wrong + "' is not allowed here; allowed: a duration");
        }
    }

    @Test
    public void aBareDurationIsNanosecondsAndIsSaid() throws Exception {
        assertThat(read("delay: 5").delay()).isEqualTo(Duration.ofNanos(5));
        assertThat(warnings)
                .containsExactly(new Warning(
                        "f.yml:1: delay: '5' has no unit and means nanoseconds; write a unit, for example 5s"));
    }

    @Test
    public void sizesAreRead() throws Exception {
        for (String text : List.of("32k", "32kb", "32KiB", "32 K", "32768", "32768b")) {
            assertThat(read("size: " + text).size()).as(text).isEqualTo(new ByteSize(32768));
        }
        assertThat(read("size: 1.5g").size()).isEqualTo(new ByteSize(3L << 29));
        assertThat(read("size: 4 m").size()).isEqualTo(new ByteSize(4 << 20));
        assertThat(read("size: 2T").size()).isEqualTo(new ByteSize(2L << 40));
        assertThat(read("size: 3p").size()).isEqualTo(new ByteSize(3L << 50));
        for (String wrong : List.of("-1", "1.5", "9999999p", "k", "1e", "1kk")) {
            assertThatThrownBy(() -> read("size: " + wrong))
                    .as(wrong)
                    .hasMessageStartingWith("f.yml:1: size: '" + wrong + "' is not allowed here; allowed: a size");
        }
    }

    @Test
    public void oldWordsForBooleansAreRead() throws Exception {
        for (String yes : List.of("true", "yes", "on", "Yes", "TRUE")) {
            assertThat(read("flag: " + yes).flag()).as(yes).isTrue();
        }
        for (String no : List.of("false", "no", "off")) {
            assertThat(read("flag: " + no).flag()).as(no).isFalse();
        }
        assertThatThrownBy(() -> read("flag: 1"))
                .hasMessage("f.yml:1: flag: '1' is not allowed here; allowed: true or false (also yes, no, on, off)");
    }

    @Test
    public void numbersAreRead() throws Exception {
        assertThat(read("number: '12'").number()).isEqualTo(12);
        assertThat(read("big: 1e3").big()).isEqualTo(1000);
        assertThat(read("real: 1.5").real()).isEqualTo(1.5);
        for (String wrong : List.of("010", "1.5", "a", "0x10", "3000000000", "1e999", "1_000")) {
            assertThatThrownBy(() -> read("number: " + wrong))
                    .as(wrong)
                    .hasMessageStartingWith("f.yml:1: number: '" + wrong + "' is not allowed here; allowed: a");
        }
        assertThatThrownBy(() -> read("real: .nan")).isInstanceOf(ConfigException.class);
    }

    @Test
    public void freeContentIsWhatJsonWouldSay() throws Exception {
        Everything read = read(
                "any: {id: 1, ratio: 2.5, ok: true, word: yes, mask: 0777, date: 2019-05-10, quoted: '1', none: , l: [1, a]}",
                "payload: {a: 0}");

        assertThat(read.any())
                .hasToString(
                        "{id=1, ratio=2.5, ok=true, word=yes, mask=0777, date=2019-05-10, quoted=1, none=null, l=[1, a]}");
        assertThat(((Map<?, ?>) read.any()).get("id")).isEqualTo(1L);
        assertThat(((Map<?, ?>) read.any()).get("quoted")).isEqualTo("1");
        assertThat(read.payload()).containsExactly(Map.entry("a", 0L));
    }

    @Test
    public void genericRecordsAreRead() throws Exception {
        assertThat(read("pair: {left: 1s, right: [2s, 3s]}").pair())
                .isEqualTo(new Pair<>(Duration.ofSeconds(1), List.of(Duration.ofSeconds(2), Duration.ofSeconds(3))));
    }

    @Test
    public void anUnknownKeyIsAWarningWithItsPath() throws Exception {
        service("restart:", "  Policy: always", "  retrys: 3");

        assertThat(warnings)
                .containsExactly(
                        new Warning("f.yml:5: services[0].restart.Policy: unknown key, ignored;"
                                + " known here: policy, retry, backoff; did you mean policy?"),
                        new Warning("f.yml:6: services[0].restart.retrys: unknown key, ignored;"
                                + " known here: policy, retry, backoff; did you mean retry?"));
    }

    @Test
    public void aWrongTypeIsSaidWithItsLine() {
        assertThatThrownBy(() -> service("replica: one"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("f.yml:4: services[0].replica: 'one' is not allowed here; allowed: a whole number");
        assertThatThrownBy(() -> service("ports: 8022:22"))
                .hasMessage("f.yml:4: services[0].ports: '8022:22' is not allowed here; allowed: a list");
        assertThatThrownBy(() -> service("env: [a]"))
                .hasMessage("f.yml:4: services[0].env: '[…]' is not allowed here; allowed: a mapping");
        assertThatThrownBy(() -> service("image2: x", "engine: {a: b}"))
                .hasMessage("f.yml:5: services[0].engine: '{…}' is not allowed here; allowed: a text");
        assertThatThrownBy(() -> read(AppConfig.class, "services:", "  - text"))
                .hasMessageStartingWith("f.yml:2: services[0]: 'text' is not allowed here; allowed: a mapping with");
    }
}
