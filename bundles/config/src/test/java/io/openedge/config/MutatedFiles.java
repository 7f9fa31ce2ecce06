package io.openedge.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.app.ConfigException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.Timeout;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.ScalarEvent;

/**
 * Real configurations of the example and of old gateways, cut at every byte, with every scalar replaced by something else, and changed at random: each is
 * read, or refused with file and line. The property {@code openedge.rounds} multiplies the random changes.
 */
public abstract class MutatedFiles {
    private static final int ROUNDS = 300 * Integer.getInteger("openedge.rounds", 1);
    private static final List<Path> ROOTS =
            List.of(Path.of("../../integration-tests/src/test/resources/compat"), Path.of("../../example/osgi"));
    private static final List<String> ODD = List.of(
            "''",
            "~",
            "-1",
            "0",
            "99999999999999999999",
            "1e400",
            ".nan",
            "no",
            "0x10",
            "1.5",
            "-5s",
            "9e9h",
            "1k",
            "9999999p",
            "[]",
            "{}",
            "[a, [b]]",
            "{a: {b: c}}",
            "[~]",
            "{~: ~}",
            "'#'",
            "'a/#/b'",
            "\"\\0\"",
            "\"\\uD83D\"",
            "'$x'",
            "tcp://:99999",
            "'../../..'",
            "*nowhere",
            "!!int x",
            "|",
            "2019-05-10",
            "'" + "x".repeat(3_000) + "'");

    @Rule
    public final Timeout limit = new Timeout(5L * (1 + ROUNDS / 300), TimeUnit.MINUTES);

    private final String wanted;

    /** @param wanted the paths of the files, as an expression */
    protected MutatedFiles(String wanted) {
        this.wanted = wanted;
    }

    /** The record that a file is read as. */
    protected abstract Class<? extends Record> recordOf(Path file);

    private record Sample(Path file, String text) {}

    private List<Sample> samples() throws IOException {
        List<Sample> samples = new ArrayList<>();
        for (Path root : ROOTS) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file :
                        files.filter(path -> path.toString().matches(wanted)).toList()) {
                    samples.add(new Sample(file, Files.readString(file)));
                }
            }
        }
        assertThat(samples).isNotEmpty();
        return samples;
    }

    private void survives(Sample sample, String text) {
        try {
            ConfigReader.read(text, "f.yml", recordOf(sample.file()), warning -> {});
        } catch (ConfigException refused) {
            assertThat(refused.getMessage()).as(text).matches("(?s)f\\.yml:\\d+: .+");
            assertThat(refused.getMessage().lines())
                    .hasSizeLessThan(50)
                    .allSatisfy(line -> assertThat(line.length()).isLessThan(2_000));
        } catch (RuntimeException | Error fault) {
            throw new AssertionError(
                    sample.file() + " as\n" + text.substring(0, Math.min(5_000, text.length())), fault);
        }
    }

    @Test
    public void cutAtEveryCharacter() throws IOException {
        for (Sample sample : samples()) {
            for (int end = 0; end < sample.text().length(); end++) {
                survives(sample, sample.text().substring(0, end));
            }
        }
    }

    @Test
    public void everyScalarReplaced() throws IOException {
        for (Sample sample : samples()) {
            for (ScalarEvent scalar : scalars(sample.text())) {
                for (String odd : ODD) {
                    survives(sample, replaced(sample.text(), scalar, odd));
                }
            }
        }
    }

    @Test
    public void changedAtRandom() throws IOException {
        Random random = new Random(20190510);
        for (Sample sample : samples()) {
            List<ScalarEvent> scalars = scalars(sample.text());
            for (int round = 0; round < ROUNDS; round++) {
                int first = random.nextInt(scalars.size());
                int second = first + random.nextInt(scalars.size() - first);
                String text = sample.text();
                if (second > first) {
                    text = replaced(text, scalars.get(second), ODD.get(random.nextInt(ODD.size())));
                }
                text = replaced(text, scalars.get(first), ODD.get(random.nextInt(ODD.size())));
                int at = random.nextInt(text.length());
                char wrong = ":-[]{}'\"#&*!|>%@\\\t \n\0x".charAt(random.nextInt(22));
                survives(sample, text.substring(0, at) + wrong + text.substring(at + random.nextInt(2)));
            }
        }
    }

    private static List<ScalarEvent> scalars(String text) {
        List<ScalarEvent> scalars = new ArrayList<>();
        for (Event event : new Yaml(new LoaderOptions()).parse(new StringReader(text))) {
            if (event instanceof ScalarEvent scalar) {
                scalars.add(scalar);
            }
        }
        return scalars;
    }

    private static String replaced(String text, ScalarEvent scalar, String odd) {
        return text.substring(0, scalar.getStartMark().getIndex())
                + odd
                + text.substring(scalar.getEndMark().getIndex());
    }
}
