package io.openedge.master.update;

import io.openedge.app.ConfigException;
import io.openedge.archive.Durable;
import io.openedge.config.trust.Manifest;
import io.openedge.config.trust.SignedManifest;
import io.openedge.config.trust.SignedSet;
import io.openedge.config.trust.TrustKeys;
import io.openedge.config.trust.UntrustedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decides whether an application set may come in: one of the keys of openedge.yml signed it, it is what was signed, it has
 * not expired, and it is not older than the last one that was taken. Without keys any set may. The manifest of the last one
 * is kept: a number never goes back, also after a restart.
 *
 * <p>The clock of such a gateway may be wrong. It is never taken for earlier than the time at which the last set was signed,
 * so a clock at 1970 brings no expired set back; a clock far ahead makes every set look expired, and the refusal names both.
 *
 * <p>Thread rule: any thread may {@link #check}, one at a time may {@link #keep}.
 *
 * @param keys files in PEM; read each time, so that a key can be replaced while the gateway runs
 * @param kept the manifest of the set that was taken last
 */
public record TrustGate(List<Path> keys, Path kept) {
    public TrustGate {
        keys = List.copyOf(keys);
    }

    /** Whether sets must be signed. */
    boolean isOpen() {
        return keys.isEmpty();
    }

    /**
     * Looks at a set.
     *
     * @param file of its manifest
     * @param clock what it says now
     * @param warnings hears what the operator should look at
     * @return its manifest; empty when none is needed
     * @throws UntrustedException says why it may not come in
     */
    Optional<SignedManifest> check(Path file, SignedSet set, Instant clock, Consumer<String> warnings)
            throws UntrustedException {
        if (isOpen()) {
            return Optional.empty();
        }
        try {
            SignedManifest signed = SignedManifest.read(file, TrustKeys.trusted(keys));
            Optional<SignedManifest> last = last();
            if (last.isPresent()) {
                requireNewer(signed, last.get());
            }
            Instant known = last.map(one -> one.manifest().creation()).orElse(Instant.MIN);
            requireFresh(signed.manifest(), clock.isBefore(known) ? known : clock, clock);
            set.require(signed.manifest());
            if (clock.isBefore(signed.manifest().creation())) {
                warnings.accept("the clock says " + clock + ", and the set was signed at "
                        + signed.manifest().created() + ": the clock is wrong, when sets expire is not known here");
            }
            return Optional.of(signed);
        } catch (ConfigException e) {
            throw new UntrustedException("trust.keys: " + e.getMessage(), e);
        }
    }

    /** What cannot be read might be newer than anything: then nothing comes in. */
    private Optional<SignedManifest> last() throws UntrustedException {
        return Files.exists(kept) ? Optional.of(SignedManifest.known(kept)) : Optional.empty();
    }

    private static void requireNewer(SignedManifest signed, SignedManifest last) throws UntrustedException {
        long number = signed.manifest().number();
        long before = last.manifest().number();
        if (number < before) {
            throw new UntrustedException(
                    "the set has the number " + number + " and is older than the last one, which had " + before
                            + "; allowed: " + before + " for the same set, or a higher one");
        }
        if (number == before && !signed.says(last)) {
            throw new UntrustedException("the set has the number " + number
                    + " of the last one and is another set; allowed: a higher number");
        }
    }

    private static void requireFresh(Manifest manifest, Instant now, Instant clock) throws UntrustedException {
        if (now.isAfter(manifest.expiry())) {
            throw new UntrustedException("the set expired at " + manifest.expires() + "; the clock says " + clock
                    + (now.equals(clock) ? "" : ", and the last set was signed at " + now)
                    + ": sign it anew with a higher number, or set the clock if that is wrong");
        }
    }

    /** Remembers what is taken, before it counts. */
    void keep(SignedManifest manifest) throws IOException {
        Durable.folders(Objects.requireNonNull(kept.getParent()));
        Durable.write(kept, manifest.file());
    }
}
