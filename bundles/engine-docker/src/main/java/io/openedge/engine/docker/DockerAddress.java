package io.openedge.engine.docker;

import com.github.dockerjava.transport.SSLConfig;
import io.openedge.app.ConfigException;
import io.openedge.config.Tls;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where the daemon is, as the variables of Docker's own command say it: {@code DOCKER_HOST}, {@code DOCKER_TLS_VERIFY},
 * {@code DOCKER_CERT_PATH}. Immutable.
 *
 * @param host a unix or tcp address
 * @param certificates the folder of ca.pem, cert.pem and key.pem; empty: no TLS
 */
record DockerAddress(URI host, Optional<Path> certificates) {
    private static final String DEFAULT = "unix:///var/run/docker.sock";

    /** @throws ConfigException names the variable and what is allowed */
    static DockerAddress of(Map<String, String> environment) throws ConfigException {
        String text = environment.getOrDefault("DOCKER_HOST", "");
        URI host = host(text.isBlank() ? DEFAULT : text.strip());
        boolean tls = !environment.getOrDefault("DOCKER_TLS_VERIFY", "").isEmpty()
                && host.getScheme().equals("tcp");
        if (!tls) {
            return new DockerAddress(host, Optional.empty());
        }
        String folder = environment.getOrDefault("DOCKER_CERT_PATH", "");
        String home = environment.getOrDefault("HOME", "/root");
        return new DockerAddress(host, Optional.of(folder.isEmpty() ? Path.of(home, ".docker") : Path.of(folder)));
    }

    private static URI host(String text) throws ConfigException {
        try {
            URI uri = new URI(text);
            boolean unix = "unix".equals(uri.getScheme())
                    && uri.getPath() != null
                    && uri.getPath().length() > 1;
            boolean tcp = "tcp".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0;
            if (unix || tcp) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw refused(text, e);
        }
        throw refused(text, null);
    }

    private static ConfigException refused(String text, @Nullable Throwable cause) {
        String message = "DOCKER_HOST: '" + text + "' is not allowed here; allowed: unix:///PATH, tcp://HOST:PORT";
        return cause == null ? new ConfigException(message) : new ConfigException(message, cause);
    }

    /**
     * What secures the connection.
     *
     * @throws ConfigException names the file that is missing or wrong
     */
    Optional<SSLConfig> tls() throws ConfigException {
        if (certificates.isEmpty()) {
            return Optional.empty();
        }
        Path folder = certificates.get();
        boolean client = Files.exists(folder.resolve("cert.pem"));
        Tls tls = Tls.of(
                folder,
                Files.exists(folder.resolve("ca.pem")) ? "ca.pem" : "",
                client ? "cert.pem" : "",
                client ? "key.pem" : "");
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys =
                    tls.keyManagers().map(KeyManagerFactory::getKeyManagers).orElse(null);
            TrustManagerFactory trust =
                    tls.clientTrust().orElseGet(tls::serverTrust); // its own authority alone, as Docker does
            context.init(keys, trust.getTrustManagers(), null);
            return Optional.of(() -> context);
        } catch (GeneralSecurityException e) {
            throw new ConfigException("DOCKER_CERT_PATH: " + folder + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return host.toString();
    }
}
