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
 * Decides who gets in. Nobody does who is not configured. Immutable; any thread.
 *
 * <p>A password is compared in constant time, also for names that nobody has, against a hash when somebody has one, so
 * that an answer's time tells neither a name nor a part of a password. Who has no password needs a client certificate, which plain TCP cannot show.
 */
public final class Authenticator implements AutoCloseable {
    private final Map<String, Account> accounts = new HashMap<>();

    private final Checks checks = new Checks();
    /** What unknown names are compared with. */
    private final Secret decoy;

    private record Account(Secret secret, Principal principal) {}

    public Authenticator(List<PrincipalConfig> principals) {
        for (PrincipalConfig config : principals) {
            Principal principal =
                    new Principal(config.username(), permits(config, Action.PUB), permits(config, Action.SUB));
            accounts.put(config.username(), new Account(Secret.of(config.password()), principal));
        }
        decoy = accounts.values().stream()
                .map(Account::secret)
                .filter(Secret::slow)
                .findFirst()
                .orElse(Secret.NONE);
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
        Account account = accounts.get(username);
        boolean same = password.length > 0 && secret(account).matches(password);
        return account != null && same ? Optional.of(account.principal()) : Optional.empty();
    }

    /** True when a login by that name takes long: then it must not be made on an event loop, but {@link #later}. */
    public boolean slow(String username) {
        return secret(accounts.get(username)).slow();
    }

    private Secret secret(@Nullable Account account) {
        return account == null ? decoy : account.secret();
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
