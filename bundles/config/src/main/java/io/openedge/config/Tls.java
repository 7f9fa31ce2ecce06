package io.openedge.config;

import io.openedge.app.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Key and trust stores from the keys {@code ca}, {@code cert} and {@code key} of a configuration. Immutable; any thread.
 * A change of the files is seen by the next {@link #of}.
 */
public final class Tls {
    private static final char[] NO_PASSWORD = new char[0];

    private final Optional<Identity> identity;
    private final List<X509Certificate> authorities;

    private Tls(Optional<Identity> identity, List<X509Certificate> authorities) {
        this.identity = identity;
        this.authorities = authorities;
    }

    /**
     * Reads the files.
     *
     * @param directory where relative paths are taken
     * @param ca file of authorities; empty: none
     * @param cert file of the certificate, its chain after it; empty: none
     * @param key file of its private key; empty: none
     * @throws ConfigException names the file and what is allowed, also when the key is another certificate's
     */
    public static Tls of(Path directory, String ca, String cert, String key) throws ConfigException {
        if (cert.isEmpty() != key.isEmpty()) {
            throw new ConfigException(
                    "cert: '" + cert + "', key: '" + key + "': one is missing; allowed: both or none");
        }
        List<X509Certificate> authorities = ca.isEmpty() ? List.of() : Pem.certificates(directory.resolve(ca));
        if (cert.isEmpty()) {
            return new Tls(Optional.empty(), authorities);
        }
        List<X509Certificate> chain = chain(Pem.certificates(directory.resolve(cert)));
        PrivateKey secret = Pem.privateKey(directory.resolve(key));
        if (!belong(secret, chain.get(0))) {
            throw new ConfigException(directory.resolve(key) + ": is not the key of the certificate in "
                    + directory.resolve(cert) + "; allowed: the key that the certificate was made for");
        }
        return new Tls(Optional.of(new Identity(secret, chain)), authorities);
    }

    /** Shows this side's certificate; empty when none is configured. */
    public Optional<KeyManagerFactory> keyManagers() {
        return identity.map(Tls::keyManagers);
    }

    /** SHA-256 of this side's certificate, in hex: who knows it need not trust anybody else; empty when none is configured. */
    public Optional<String> fingerprint() {
        return identity.map(own -> {
            try {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                return HexFormat.of().formatHex(digest.digest(own.chain().get(0).getEncoded()));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("the Java platform does not write a certificate that it has read", e);
            }
        });
    }

    /** For a client: trusts the system's authorities and those of {@code ca}. */
    public TrustManagerFactory serverTrust() {
        try {
            TrustManagerFactory system = trust(null);
            if (authorities.isEmpty()) {
                return system;
            }
            List<X509Certificate> all = new ArrayList<>(authorities);
            Arrays.stream(system.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .forEach(manager -> all.addAll(Arrays.asList(manager.getAcceptedIssuers())));
            return trust(store(all));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the Java platform does not take authorities", e);
        }
    }

    /** For a server: trusts clients of the authorities of {@code ca} alone; empty when none is configured. */
    public Optional<TrustManagerFactory> clientTrust() {
        if (authorities.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(trust(store(authorities)));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the Java platform does not take authorities", e);
        }
    }

    private static KeyManagerFactory keyManagers(Identity identity) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, NO_PASSWORD);
            store.setKeyEntry(
                    "own", identity.key(), NO_PASSWORD, identity.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the Java platform does not take a key that it has read", e);
        }
    }

    private static TrustManagerFactory trust(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }

    private static KeyStore store(List<X509Certificate> certificates) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("ca" + i, certificates.get(i));
        }
        return store;
    }

    /** The first certificate and those that lead from it to its authority, whatever their order in the file. */
    private static List<X509Certificate> chain(List<X509Certificate> certificates) {
        List<X509Certificate> chain = new ArrayList<>();
        Optional<X509Certificate> next = Optional.of(certificates.get(0));
        while (next.isPresent()) {
            X509Certificate last = next.get();
            chain.add(last);
            next = certificates.stream()
                    .filter(other -> other.getSubjectX500Principal().equals(last.getIssuerX500Principal()))
                    .filter(other -> !chain.contains(other))
                    .findFirst();
        }
        return List.copyOf(chain);
    }

    private static boolean belong(PrivateKey key, X509Certificate certificate) {
        String algorithm = key.getAlgorithm();
        if (algorithm.equals("RSASSA-PSS")) {
            return true;
        }
        try {
            Signature signature = Signature.getInstance(
                    algorithm.equals("RSA") || algorithm.equals("EC")
                            ? "SHA256with" + algorithm.replace("EC", "ECDSA")
                            : algorithm);
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private record Identity(PrivateKey key, List<X509Certificate> chain) {}
}
