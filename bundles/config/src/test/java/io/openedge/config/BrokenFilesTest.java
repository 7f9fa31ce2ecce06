package io.openedge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.openedge.app.AppConfig;
import io.openedge.app.ConfigException;
import io.openedge.app.InvalidValueException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.Timeout;

/** Files that are cut, wrong or hostile: each is refused with a clear word, and none takes long. */
public class BrokenFilesTest {
    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final Timeout limit = new Timeout(20, TimeUnit.SECONDS);

    record Free(@Nullable Object content, @Nullable Map<String, String> env) {}

    record Strict(@Nullable List<Item> items, @Nullable String password) {
        Strict {
            if (password != null) {
                throw new InvalidValueException("password", password, "nothing");
            }
            if (items != null && items.size() > 1) {
                throw new InvalidValueException("items[1].name", items.get(1).name(), "another name");
            }
            if (items != null && items.get(0).name() == null) {
                throw new IllegalStateException("no name");
            }
        }
    }

    record Item(@Nullable String name) {}

    private static <T extends Record> T read(Class<T> type, String... lines) throws ConfigException {
        return ConfigReader.read(String.join("\n", lines), "f.yml", type, warning -> {});
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.newFile().toPath(), content);
    }

    private static <T extends Record> T read(Path file, Class<T> type) throws ConfigException {
        return ConfigReader.read(file, type, warning -> {});
    }

    @Test
    public void aMissingFileAndAFolderAreNamed() {
        Path missing = folder.getRoot().toPath().resolve("missing.yml");
        assertThatThrownBy(() -> read(missing, Free.class)).hasMessage(missing + ": there is no such file");
        assertThatThrownBy(() -> read(folder.getRoot().toPath(), Free.class))
                .hasMessage(folder.getRoot() + ": is not a file");
    }

    @Test
    public void aCutFileIsRefusedWithItsLine() {
        assertThatThrownBy(() -> read(AppConfig.class, "services:", "  - name: a", "    ports: [1:1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("f.yml:3: is not YAML, or the file was cut: ");
        assertThatThrownBy(() -> read(AppConfig.class, "services:", "  - name: 'a"))
                .hasMessageStartingWith("f.yml:2: is not YAML, or the file was cut: ");
        assertThatThrownBy(() -> read(AppConfig.class, "services: *nowhere"))
                .hasMessageStartingWith("f.yml:1: is not YAML");
    }

    @Test
    public void bytesThatAreNotUtf8AreRefusedWithTheirLine() throws Exception {
        Path file = file("content: a\nenv: {A: \u00e4}\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> read(file, Free.class)).hasMessage(file + ":2: holds bytes that are not UTF-8");
        Path cut = file(new byte[] {'a', '\n', (byte) 0xc3});
        assertThatThrownBy(() -> read(cut, Free.class)).hasMessage(cut + ":2: holds bytes that are not UTF-8");
    }

    @Test
    public void charactersThatYamlForbidsAreRefusedWithTheirLine() {
        assertThatThrownBy(() -> read(Free.class, "content: a", "env: {A: \u0007}"))
                .hasMessage("f.yml:2: holds a character that YAML forbids: U+0007");
        String before = "# a comment of some length\n".repeat(1000);
        assertThatThrownBy(() -> read(Free.class, before + "content: \u0001"))
                .hasMessage("f.yml:1001: holds a character that YAML forbids: U+0001");
    }

    @Test
    public void aByteOrderMarkIsPassedOver() throws Exception {
        Path file = file("\uFEFFcontent: x\n".getBytes(StandardCharsets.UTF_8));
        assertThat(read(file, Free.class).content()).isEqualTo("x");
    }

    @Test
    public void aRootThatIsNoMappingIsRefused() {
        assertThatThrownBy(() -> read(Free.class, "", "- a"))
                .hasMessage("f.yml:2: '[…]' is not allowed here; allowed: a mapping with the keys content, env");
        assertThatThrownBy(() -> read(Free.class, "hello")).hasMessageContaining("'hello' is not allowed here");
        assertThatThrownBy(() -> read(Free.class, "content: a", "---", "content: b"))
                .hasMessageStartingWith("f.yml:2: ");
    }

    @Test
    public void aKeyThatIsGivenTwiceIsRefusedWithBothLines() {
        assertThatThrownBy(() -> read(Free.class, "content: a", "env: {}", "content: b"))
                .hasMessage(
                        "f.yml:3: content: 'content' is not allowed here; allowed: each key once; it is on line 1 too");
    }

    @Test
    public void billionLaughsAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a" + i + ": &a" + i + " [");
            bomb.append(("*a" + (i - 1) + ", ").repeat(10)).append("]\n");
        }
        assertThatThrownBy(() -> read(Free.class, bomb + "content: *a9"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("is too large or too deep once its aliases are followed");
    }

    @Test
    public void mergesThatExplodeAreRefused() {
        StringBuilder bomb = new StringBuilder("a0: &a0 {k: v}\n");
        for (int i = 1; i < 20; i++) {
            bomb.append("a" + i + ": &a" + i + " {<<: [");
            bomb.append(("*a" + (i - 1) + ", ").repeat(9)).append("]}\n");
        }
        assertThatThrownBy(() -> read(Free.class, bomb + "content: *a19"))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("f.yml:");
    }

    @Test
    public void anAnchorInsideItselfIsRefused() {
        assertThatThrownBy(() -> read(Free.class, "content: &a [*a]")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> read(Free.class, "content: &a {<<: *a}")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> read(Free.class, "content: &a {? *a : b}")).isInstanceOf(ConfigException.class);
    }

    @Test
    public void veryDeepNestingIsRefused() {
        for (String deep : List.of("[".repeat(500_000), "{a: ".repeat(100_000), "- ".repeat(100_000))) {
            assertThatThrownBy(() -> read(Free.class, "env: {}", "content:", "  " + deep))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("f.yml:3: ");
        }
    }

    @Test
    public void aHugeFileIsRefused() throws Exception {
        Path file = file("env: {}\n# comment\n".repeat(500_000).getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> read(file, Free.class)).hasMessage(file + ": is too large; allowed: up to 4 MiB");
    }

    @Test
    public void tagsMakeNoObjects() {
        assertThatThrownBy(() -> read(Free.class, "content: !!javax.script.ScriptEngineManager [a]"))
                .hasMessageStartingWith("f.yml:1: ")
                .hasMessageContaining("tag is not allowed");
        assertThatThrownBy(() -> read(Free.class, "content: [!secret a]"))
                .hasMessage("f.yml:1: content[0]: '!secret' is not allowed here; allowed: a value without a tag");
        assertThatThrownBy(() -> read(Free.class, "env: {A: !!binary aGk=}"))
                .hasMessageEndingWith("allowed: a value without a tag");
    }

    @Test
    public void anchorsAndMergeKeysWork() throws Exception {
        Free read = read(
                Free.class, "content: &base {A: '1', B: '2'}", "env:", "  <<: [*base, {B: x, C: '3'}]", "  A: own");

        assertThat(read.env()).isEqualTo(Map.of("A", "own", "B", "2", "C", "3"));
    }

    @Test
    public void whatARecordRejectsIsSaidAtItsNode() {
        assertThatThrownBy(() -> read(Strict.class, "items:", "  - name: a", "  - ", "    name: b"))
                .hasMessage("f.yml:4: items[1].name: 'b' is not allowed here; allowed: another name");
        assertThatThrownBy(() -> read(Strict.class, "items:", "  - name: a", "  - {}"))
                .hasMessage("f.yml:3: items[1].name: 'null' is not allowed here; allowed: another name");
        assertThatThrownBy(() -> read(Strict.class, "", "items: [{}]"))
                .hasMessage("f.yml:2: cannot be used: java.lang.IllegalStateException: no name");
    }

    @Test
    public void passwordsAreNotRepeated() {
        assertThatThrownBy(() -> read(Strict.class, "password: secret"))
                .hasMessage("f.yml:1: password: '***' is not allowed here; allowed: nothing");
    }
}
