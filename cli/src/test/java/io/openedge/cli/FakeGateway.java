package io.openedge.cli;

import io.openedge.config.ConfigReader;
import io.openedge.config.GatewayConfig;
import io.openedge.config.GatewayFiles;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Scanner;
import java.util.concurrent.CountDownLatch;

/**
 * A process that looks like the gateway to the command: pid file, lock, operator socket. The file {@code behaviour} in its
 * work directory says what it does: dies, deaf (to SIGTERM), or what an Inspect of it shows.
 */
public final class FakeGateway {
    private FakeGateway() {}

    /** @param words run -w WORKDIR -c CONF */
    public static void main(String[] words) throws Exception {
        Path work = Path.of(words[2]);
        String behaviour = Files.readString(work.resolve("behaviour"));
        if (behaviour.equals("dies")) {
            System.out.println("first line\nno bundle offers master");
            return;
        }
        if (behaviour.equals("deaf")) {
            Runtime.getRuntime().addShutdownHook(new Thread(FakeGateway::hang));
        }
        GatewayConfig config = ConfigReader.read(Path.of(words[4]), GatewayConfig.class, warning -> {});
        GatewayFiles files = GatewayFiles.of(work, config);
        files.createFolders();
        FileChannel pidFile = FileChannel.open(files.pidFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (pidFile.tryLock() == null) {
            throw new IllegalStateException("locked");
        }
        pidFile.truncate(0);
        pidFile.write(bytes(ProcessHandle.current().pid() + "\n"));
        serve(files.operatorSocket(), behaviour);
    }

    private static void serve(Path socket, String behaviour) throws Exception {
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        while (true) {
            try (SocketChannel client = server.accept()) {
                Scanner lines = new Scanner(Channels.newReader(client, StandardCharsets.UTF_8));
                String request = lines.nextLine();
                while (!lines.nextLine().isEmpty()) {
                    continue;
                }
                String body = request.contains("/settled")
                        ? "{\"settled\":" + !behaviour.equals("unsettled") + "}"
                        : inspect(behaviour);
                client.write(bytes("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body));
            }
        }
    }

    private static String inspect(String behaviour) {
        String status = behaviour.startsWith("{") ? behaviour : "{\"name\":\"hub\",\"status\":\"running\"}";
        return "{\"time\":\"2026-01-01T00:00:00Z\",\"services\":[{\"name\":\"hub\",\"instances\":[" + status + "]}]}";
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
