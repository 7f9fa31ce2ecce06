package io.openedge.config.trust;

import io.openedge.app.ConfigException;
import io.openedge.config.FileTrouble;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;

/**
 * A manifest with its signature, as it is in a file: the first line is {@code # signed KEY-ID BASE64}, all that follows is
 * YAML and is what was signed. Immutable.
 */
public final class SignedManifest {
    private static final int MOST_BYTES = 4 << 20;
    private static final String SIGNED = "# signed ";

    private final byte[] file;
    private final Manifest manifest;

    private SignedManifest(byte[] file, Manifest manifest) {
        this.file = file.clone();
        this.manifest = manifest;
    }

    /** Signs a manifest. */
    public static SignedManifest sign(Manifest manifest, KeyPair keys) {
        byte[] text = manifest.text();
        String line = SIGNED + TrustKeys.id(keys.getPublic()) + " " + TrustKeys.sign(keys.getPrivate(), text) + "\n";
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(line.getBytes(StandardCharsets.US_ASCII));
        file.writeBytes(text);
        return new SignedManifest(file.toByteArray(), manifest);
    }

    /**
     * Reads a manifest that one of the keys must have signed; nothing of it is looked at before that is known.
     *
     * @throws UntrustedException when it is not there, not signed by one of them, or not a manifest
     */
    public static SignedManifest read(Path path, List<PublicKey> keys) throws UntrustedException {
        byte[] file = bytes(path);
        int end = indexOfLine(file);
        String[] words = end < 0 ? new String[0] : new String(file, 0, end, StandardCharsets.US_ASCII).split(" ");
        if (words.length != 4 || !(words[0] + " " + words[1] + " ").equals(SIGNED)) {
            throw new UntrustedException(path + ": is not signed: its first line should be '# signed KEY SIGNATURE'");
        }
        byte[] text = Arrays.copyOfRange(file, end + 1, file.length);
        PublicKey key = keys.stream()
                .filter(one -> TrustKeys.id(one).equals(words[2]))
                .findFirst()
                .orElseThrow(() -> new UntrustedException(path + ": is signed by the key " + words[2]
                        + ", which is not trusted here; trusted: "
                        + keys.stream().map(TrustKeys::id).toList()));
        if (!TrustKeys.verifies(key, text, words[3])) {
            throw new UntrustedException(path + ": was altered: its signature is not good");
        }
        try {
            return new SignedManifest(file, Manifest.read(text, path.toString()));
        } catch (ConfigException e) {
            throw new UntrustedException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Reads a manifest that was verified when it was written there.
     *
     * @throws UntrustedException when it cannot be read
     */
    public static SignedManifest known(Path path) throws UntrustedException {
        byte[] file = bytes(path);
        try {
            return new SignedManifest(
                    file, Manifest.read(Arrays.copyOfRange(file, indexOfLine(file) + 1, file.length), path.toString()));
        } catch (ConfigException e) {
            throw new UntrustedException(String.valueOf(e.getMessage()), e);
        }
    }

    private static byte[] bytes(Path path) throws UntrustedException {
        if (!Files.isRegularFile(path)) {
            throw new UntrustedException(path + ": is not there; an application set needs a signed manifest here"
                    + " (openedge sign makes it)");
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new UntrustedException(path + ": is longer than " + (MOST_BYTES >> 20) + " MiB");
            }
            return bytes;
        } catch (IOException e) {
            throw new UntrustedException(FileTrouble.sentence(path, e), e);
        }
    }

    private static int indexOfLine(byte[] file) {
        for (int i = 0; i < file.length; i++) {
            if (file[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** What is in the set. */
    public Manifest manifest() {
        return manifest;
    }

    /** The file as it is. */
    public byte[] file() {
        return file.clone();
    }

    /** Whether it says the same, also when it was made and until when it counts; who signed it does not matter. */
    public boolean says(SignedManifest other) {
        return Arrays.equals(manifest.text(), other.manifest.text());
    }
}
