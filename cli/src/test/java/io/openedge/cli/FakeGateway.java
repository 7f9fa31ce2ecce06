package io.openedge.cli;

import io.openedge.config.ConfigReader;
import io.openedge.config.GatewayConfig;
import io.openedge.config.GatewayFiles;
import io.openedge.config.RunningGateway;
import java.io.BufferedReader;
import java.io.IOException;
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
import java.util.Locale;
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
        if (behaviour.equals("refuses")) {
            System.out.println("a line of the log");
            System.err.println("openedge: the API cannot be served: the port is taken");
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
        new RunningGateway(files, config.grace()).write();
        serve(files.operatorSocket(), behaviour, work.resolve("requests"));
    }

    private static void serve(Path socket, String behaviour, Path requests) throws Exception {
        Files.deleteIfExists(socket);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        while (true) {
            try (SocketChannel client = server.accept()) {
                BufferedReader lines = new BufferedReader(Channels.newReader(client, StandardCharsets.UTF_8));
                String request = lines.readLine();
                int length = 0;
                for (String line = lines.readLine(); !line.isEmpty(); line = lines.readLine()) {
                    if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                        length = Integer.parseInt(line.substring(15).strip());
                    }
                }
                char[] body = new char[length];
                for (int read = 0; read < length; ) {
                    read += lines.read(body, read, length - read);
                }
                if (request.startsWith("PUT")) {
                    Files.writeString(
                            requests,
                            request.replace(" HTTP/1.1", "") + " " + new String(body) + "\n",
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
                }
                answer(client, request, behaviour);
            }
        }
    }

    private static void answer(SocketChannel client, String request, String behaviour) throws IOException {
        String status = "200 OK";
        String body = inspect(behaviour);
        if (request.contains("/ghost/")) {
            status = "404 Not Found";
            body = "there is no service 'ghost'";
        } else if (request.contains("/broken/")) {
            status = "400 Bad Request";
            body = "instance broken.i1: it fell over";
        } else if (request.contains("/settled")) {
            body = "{\"settled\":" + !behaviour.equals("unsettled") + "}";
        } else if (request.contains("/update/plan")) {
            body =
                    "{\"from\":\"V1\",\"to\":\"V2\",\"warnings\":[\"a.yml:1: servces: unknown key\"],\"steps\":[{\"service\":\"hub\",\"action\":\"keep\",\"reason\":\"unchanged\"},"
                            + "{\"service\":\"timer\",\"action\":\"swap\",\"reason\":\"volume 'x': version 1 -> 2\"}]}";
        } else if (request.contains("/operator/update ")) {
            body = behaviour.equals("rolls back")
                    ? "{\"outcome\":\"rolled_back\",\"version\":\"V1\",\"reason\":\"timer failed\"}"
                    : "{\"outcome\":\"committed\",\"version\":\"V2\"}";
        } else if (request.startsWith("PUT")) {
            body = request.contains("/start ") ? "{\"address\":\"127.0.0.1:5001\"}" : "";
        }
        client.write(bytes("HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body));
    }

    private static String inspect(String behaviour) {
        String status = behaviour.startsWith("{") ? behaviour : "{\"name\":\"hub\",\"status\":\"running\"}";
        String failed = behaviour.equals("failed update")
                ? "\"error\":\"the update failed\",\"update\":{\"failure\":\"the update failed\"},"
                : "";
        return "{" + failed + "\"time\":\"2026-01-01T00:00:00Z\",\"services\":[{\"name\":\"hub\",\"instances\":["
                + status + "]}]}";
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
