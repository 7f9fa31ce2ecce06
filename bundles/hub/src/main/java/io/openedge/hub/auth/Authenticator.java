package io.openedge.hub.auth;

import io.openedge.hub.HubConfig.Action;
import io.openedge.hub.HubConfig.PermissionConfig;
import io.openedge.hub.HubConfig.PrincipalConfig;
import io.openedge.hub.route.TopicFilter;
import io.openedge.hub.route.TopicLimits;
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
 * that an answer's time tells neither a name nor a part of a password. Who has no password needs a client certificate, which plain TCP cannot show.
 */
public final class Authenticator implements AutoCloseable {
    private final Checks checks = new Checks();
    private volatile Accounts accounts = new Accounts(Map.of(), Secret.NONE);
    private long configurations;

    private record Account(String password, Secret secret, Principal principal) {}

    /** @param decoy what unknown names are compared with */
    private record Accounts(Map<String, Account> byName, Secret decoy) {
        Secret secret(String username) {
            Account account = byName.get(username);
            return account == null ? decoy : account.secret();
        }
    }

    public Authenticator(List<PrincipalConfig> principals) {
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

    /** Who that is; empty when name and password do not belong to a principal. */
    public Optional<Principal> login(String username, byte[] password) {
        Accounts now = accounts;
        Account account = now.byName().get(username);
        boolean same = password.length > 0 && now.secret(username).matches(password);
        return account != null && same ? Optional.of(account.principal()) : Optional.empty();
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
