package io.openedge.hub;

import io.openedge.config.ShownKey;
import io.openedge.config.Tls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Connections with TLS to the hub; they trust ca.pem of a folder. */
final class TlsSockets {
    private TlsSockets() {}

    /** One that shows CERTIFICATE.pem of the folder; an empty one shows none. */
    static SSLSocket connect(Path folder, InetSocketAddress hub, String certificate, String protocol) throws Exception {
        String pem = certificate.isEmpty() ? "" : certificate + ".pem";
        String key = certificate.isEmpty() ? "" : certificate + ".key";
        Tls tls = Tls.of(folder, "ca.pem", pem, key);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(new KeyManager[] {new ShownKey(tls)}, tls.serverTrust().getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(hub.getAddress(), hub.getPort());
        try {
            socket.setSoTimeout(5_000);
            socket.setEnabledProtocols(new String[] {protocol});
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
