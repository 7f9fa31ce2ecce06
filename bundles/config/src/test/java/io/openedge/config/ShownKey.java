package io.openedge.config;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;

/** A client that shows its certificate whatever authorities the server names; none when it has none. */
public final class ShownKey extends X509ExtendedKeyManager {
    private final Optional<X509ExtendedKeyManager> keys;

    public ShownKey(Tls tls) {
        keys = tls.keyManagers().map(factory -> (X509ExtendedKeyManager) factory.getKeyManagers()[0]);
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
        return keys.map(all -> all.getClientAliases(type, null)).orElse(null);
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
        return keys.map(all -> all.chooseClientAlias(types, null, socket)).orElse(null);
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
        return null;
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
        return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return keys.map(all -> all.getCertificateChain(alias)).orElse(null);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return keys.map(all -> all.getPrivateKey(alias)).orElse(null);
    }
}
