package io.openedge.hub.auth;

import io.openedge.hub.HubConfig.Action;
import io.openedge.hub.HubConfig.PermissionConfig;
import io.openedge.hub.HubConfig.PrincipalConfig;
import io.openedge.hub.route.TopicFilter;
import io.openedge.hub.route.TopicLimits;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides who gets in. Nobody does who is not configured. Any thread; the principals may be replaced.
 *
 * <p>A password is compared in constant time, also for names that nobody has, against a hash when somebody has one, so
 * that an answer's time tells neither a name nor a part of a password. Who gives no password needs a verified client
 * certificate and the name of a principal without a password.
 */
public final class Authenticator implements AutoCloseable {
    private final boolean subject;
    private final Checks checks = new Checks();
    private volatile Accounts accounts = new Accounts(Map.of(), Secret.NONE);
    private long configurations;

    private record Account(String password, Secret secret, Principal principal) {
        boolean byCertificate() {
            return password.isEmpty();
        }
    }

    /** @param decoy what unknown names are compared with */
    private record Accounts(Map<String, Account> byName, Secret decoy) {
        Secret secret(String username) {
            Account account = byName.get(username);
            return account == null ? decoy : account.secret();
        }
    }

    /** @param match {@code subject}: a certificate must bear the name of who logs in by it */
    public Authenticator(List<PrincipalConfig> principals, String match) {
        subject = match.equals("subject");
        replace(principals);
    }

    /** Those principals from now on. One thread at a time. */
    public void replace(List<PrincipalConfig> principals) {
        configurations++;
        Map<String, Account> byName = new HashMap<>();
        for (PrincipalConfig config : principals) {
            byName.put(config.username(), account(config, accounts.byName().get(config.username())));
        }
        Secret decoy = byName.values().stream()
                .map(Account::secret)
                .filter(Secret::slow)
                .findFirst()
                .orElse(Secret.NONE);
        accounts = new Accounts(byName, decoy);
    }

    private Account account(PrincipalConfig config, @Nullable Account before) {
        boolean same = before != null && before.password().equals(config.password());
        long since = same && before != null ? before.principal().since() : configurations;
        Principal principal =
                new Principal(config.username(), since, permits(config, Action.PUB), permits(config, Action.SUB));
        return new Account(config.password(), Secret.of(config.password()), principal);
    }

    /** What somebody who logged in may do now: nothing when there is no such principal any more. */
    public Principal rights(String username, String clientId) {
        Account account = accounts.byName().get(username);
        return account == null
                ? new Principal(username, -1, List.of(), List.of())
                : account.principal().as(clientId);
    }

    private static List<TopicFilter> permits(PrincipalConfig config, Action action) {
        return config.permissions().stream()
                .filter(permission -> permission.action() == action)
                .map(PermissionConfig::permit)
                .flatMap(List::stream)
                .flatMap(permit -> parse(permit))
                .toList();
    }

    private static Stream<TopicFilter> parse(String permit) {
        return TopicFilter.parse(permit, TopicLimits.NONE).stream();
    }

    /**
     * Who that is; empty when they do not get in.
     *
     * @param password empty: none was given
     * @param certificate of the client, verified
     */
    public Optional<Principal> login(String username, byte[] password, Optional<X509Certificate> certificate) {
        Accounts now = accounts;
        Account account = now.byName().get(username);
        boolean in = password.length > 0
                ? now.secret(username).matches(password)
                : certificate.filter(shown -> proves(shown, username)).isPresent();
        return account != null && in && account.byCertificate() == (password.length == 0)
                ? Optional.of(account.principal())
                : Optional.empty();
    }

    /** A session of TLS that is taken up again may be older than the certificate's end. */
    private boolean proves(X509Certificate certificate, String username) {
        try {
            certificate.checkValidity();
        } catch (CertificateException e) {
            return false;
        }
        return !subject || Subject.bears(certificate, username);
    }

    /** True when a login by that name takes long: then it must not be made on an event loop, but {@link #later}. */
    public boolean slow(String username) {
        return accounts.secret(username).slow();
    }

    /** Runs something on a thread for slow logins; false when too many wait. */
    public boolean later(Runnable login) {
        return checks.later(login);
    }

    @Override
    public void close() {
        checks.close();
    }
}
