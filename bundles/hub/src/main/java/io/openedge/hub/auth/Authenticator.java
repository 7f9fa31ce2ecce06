package io.openedge.hub.auth;

import io.openedge.hub.HubConfig.Action;
import io.openedge.hub.HubConfig.PermissionConfig;
import io.openedge.hub.HubConfig.PrincipalConfig;
import io.openedge.hub.route.TopicFilter;
import io.openedge.hub.route.TopicLimits;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides who gets in. Nobody does who is not configured. Immutable; any thread.
 *
 * <p>A password is compared by digest in constant time, also for names that nobody has, so that an answer's time tells
 * neither a name nor a part of a password. Who has no password needs a client certificate, which plain TCP cannot show.
 */
public final class Authenticator {
    private static final byte[] NO_PASSWORD = new byte[32];

    private final Map<String, Account> accounts = new HashMap<>();

    private record Account(byte[] password, Principal principal) {}

    public Authenticator(List<PrincipalConfig> principals) {
        for (PrincipalConfig config : principals) {
            byte[] password = config.password().isEmpty()
                    ? NO_PASSWORD
                    : digest(config.password().getBytes(StandardCharsets.UTF_8));
            Principal principal =
                    new Principal(config.username(), permits(config, Action.PUB), permits(config, Action.SUB));
            accounts.put(config.username(), new Account(password, principal));
        }
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
        byte[] expected = account == null ? NO_PASSWORD : account.password();
        boolean same = MessageDigest.isEqual(digest(password), expected);
        return account != null && same && password.length > 0 ? Optional.of(account.principal()) : Optional.empty();
    }

    private static byte[] digest(byte[] password) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(password);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
