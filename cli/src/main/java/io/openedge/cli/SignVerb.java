package io.openedge.cli;

import io.openedge.app.AppConfig;
import io.openedge.app.ConfigException;
import io.openedge.config.Applications;
import io.openedge.config.Pem;
import io.openedge.config.trust.Manifest;
import io.openedge.config.trust.SignedManifest;
import io.openedge.config.trust.SignedSet;
import io.openedge.config.trust.TrustKeys;
import io.openedge.config.trust.UntrustedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Makes keys, and signs a folder that holds application.yml and its volumes at their paths. Needs no gateway. */
final class SignVerb implements Verb {
    private static final String MAKE = "--make-key";
    private static final int DAYS = 365;
    private static final int MOST_DAYS = 36_500;

    @Override
    public List<Option> options() {
        return List.of(
                new Option(MAKE, "FILE", "make a key: FILE signs and stays with you, FILE.pub goes to the gateways"),
                new Option("--rsa", "", "RSA of 3072 bits; default: Ed25519"),
                new Option("--key", "FILE", "sign with it; FILE.pub lies beside it"),
                new Option("--number", "N", "of the set; default: one more than the manifest in FOLDER has"),
                new Option("--days", "N", "until it expires; default: " + DAYS),
                new Option("--zip", "FILE", "pack the signed folder, for openedge update FILE"));
    }

    @Override
    public List<Option> places() {
        return List.of();
    }

    @Override
    public String operands() {
        return "[FOLDER]";
    }

    @Override
    public int run(Arguments arguments, Console console) throws Exception {
        if (arguments.has(MAKE)) {
            arguments.refuseOperands();
            return makeKey(Path.of(arguments.value(MAKE).orElseThrow()), arguments.has("--rsa"), console);
        }
        Path folder =
                Path.of(arguments.operands(1, "FOLDER").get(0)).toAbsolutePath().normalize();
        Path key = Path.of(arguments.value("--key").orElseThrow(() -> new UsageException("--key FILE is needed")));
        int days = arguments.number("--days", DAYS, 1, MOST_DAYS);
        try {
            Manifest manifest = sign(folder, keys(key), number(arguments, folder), days);
            console.say("signed number " + manifest.number() + ", version '"
                    + manifest.application().version() + "', until " + manifest.expires());
        } catch (UntrustedException e) {
            throw new CommandException(String.valueOf(e.getMessage()));
        }
        if (arguments.has("--zip")) {
            Path zip = Path.of(arguments.value("--zip").orElseThrow());
            Archive.pack(folder, zip);
            console.say("packed " + zip);
        }
        return OK;
    }

    private static int makeKey(Path file, boolean rsa, Console console) throws IOException, CommandException {
        Path open = publicOf(file);
        for (Path there : List.of(file, open)) {
            if (Files.exists(there)) {
                throw new CommandException(there + " is there already; a key is never replaced");
            }
        }
        KeyPair keys = TrustKeys.generate(rsa);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, TrustKeys.pem(keys.getPrivate()), StandardCharsets.US_ASCII);
        Files.writeString(
                open, TrustKeys.pem(keys.getPublic()), StandardCharsets.US_ASCII, StandardOpenOption.CREATE_NEW);
        console.say("key " + TrustKeys.id(keys.getPublic()) + ": " + file + " signs, " + open + " is for trust.keys in"
                + " openedge.yml");
        return OK;
    }

    private static Path publicOf(Path file) {
        return file.resolveSibling(file.getFileName() + ".pub");
    }

    private static KeyPair keys(Path file) throws ConfigException {
        return new KeyPair(Pem.publicKeys(publicOf(file)).get(0), TrustKeys.signing(file));
    }

    private static Path application(Path folder) throws CommandException {
        for (String place : List.of("application.yml", "var/db/openedge/application.yml")) {
            if (Files.isRegularFile(folder.resolve(place))) {
                return folder.resolve(place);
            }
        }
        throw new CommandException(folder + " holds no application.yml");
    }

    private static long number(Arguments arguments, Path folder)
            throws UsageException, CommandException, UntrustedException {
        if (arguments.has("--number")) {
            return arguments.number("--number", 0, 1, Integer.MAX_VALUE);
        }
        Path before = application(folder).resolveSibling(Manifest.FILE);
        if (!Files.exists(before)) {
            throw new UsageException(
                    "--number N is needed: gateways take no set whose number is lower than the last one's");
        }
        return SignedManifest.known(before).manifest().number() + 1;
    }

    private static Manifest sign(Path folder, KeyPair keys, long number, int days)
            throws IOException, ConfigException, CommandException, UntrustedException {
        Path file = application(folder);
        AppConfig application = Applications.read(file, warning -> {});
        SignedSet set = new SignedSet(
                Files.readAllBytes(file), application, volume -> Applications.join(folder, volume.path()));
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        SignedManifest signed = SignedManifest.sign(set.describe(number, now, now.plus(Duration.ofDays(days))), keys);
        Path manifest = file.resolveSibling(Manifest.FILE);
        Files.write(manifest, signed.file());
        return SignedManifest.read(manifest, List.of(keys.getPublic())).manifest();
    }
}
