package io.openedge.config;

import io.openedge.app.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * The nodes of one YAML document. Nothing is converted or constructed.
 *
 * @param name of the file, for messages
 * @param root null when the document is empty
 */
record YamlDocument(String name, @Nullable Node root) {
    /** The tag of a scalar that stands there without quotes and without a tag. */
    static final Tag PLAIN = new Tag("!plain");

    private static final int MAX_BYTES = 4 << 20;
    private static final int MAX_DEPTH = 40;
    private static final int MAX_ALIASES = 200;

    static YamlDocument of(Path file) throws ConfigException {
        String name = file.toString();
        if (!Files.exists(file)) {
            throw new ConfigException(name + ": there is no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw new ConfigException(name + ": is not a file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new ConfigException(name + ": cannot be read: " + e, e);
        }
        return of(bytes, name);
    }

    /** @param bytes of a whole file */
    static YamlDocument of(byte[] bytes, String name) throws ConfigException {
        if (bytes.length > MAX_BYTES) {
            throw new ConfigException(name + ": is too large; allowed: up to " + (MAX_BYTES >> 20) + " MiB");
        }
        return of(decode(bytes, name), name);
    }

    static YamlDocument of(String text, String name) throws ConfigException {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_BYTES);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setAllowRecursiveKeys(false);
        StreamReader reader = new StreamReader(text.startsWith("\uFEFF") ? text.substring(1) : text);
        try {
            return new YamlDocument(
                    name, new Composer(new ParserImpl(reader, options), new Words(), options).getSingleNode());
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null
                    ? reader.getLine()
                    : e.getProblemMark().getLine();
            String context = e.getContext() == null ? "" : e.getContext() + ", ";
            throw new ConfigException(
                    name + ":" + (line + 1) + ": is not YAML, or the file was cut: " + context + e.getProblem(), e);
        } catch (ReaderException e) {
            throw new ConfigException(
                    name + ":" + lines(printable(text)) + ": holds a character that YAML forbids: U+"
                            + String.format(Locale.ROOT, "%04X", e.getCodePoint()),
                    e);
        } catch (YAMLException e) {
            throw new ConfigException(name + ":" + (reader.getLine() + 1) + ": " + e.getMessage(), e);
        }
    }

    private static String decode(byte[] bytes, String name) throws ConfigException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(in, out, true);
        out.flip();
        if (result.isError()) {
            throw new ConfigException(name + ":" + lines(out) + ": holds bytes that are not UTF-8");
        }
        return out.toString();
    }

    /** The text up to the first character that YAML forbids. */
    private static String printable(String text) {
        int end = 0;
        while (end < text.length() && StreamReader.isPrintable(text.codePointAt(end))) {
            end += Character.charCount(text.codePointAt(end));
        }
        return text.substring(0, end);
    }

    private static long lines(CharSequence before) {
        return before.chars().filter(c -> c == '\n').count() + 1;
    }

    /** Keeps every scalar a word, whatever it looks like, and tells plain ones from quoted ones. */
    private static final class Words extends Resolver {
        @Override
        protected void addImplicitResolvers() {
            // none: no scalar is anything but its text
        }

        @Override
        public Tag resolve(NodeId kind, String value, boolean implicit) {
            return kind == NodeId.scalar && implicit ? PLAIN : super.resolve(kind, value, implicit);
        }
    }
}
