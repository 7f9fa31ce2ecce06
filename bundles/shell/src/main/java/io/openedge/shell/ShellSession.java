package io.openedge.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the shell. The client sends a command a line; the session answers with its output and then with a line
 * {@code EOT ok} or {@code EOT error} (EOT is the character 4), and takes the next. {@code exit} or the end of the input
 * ends it. All is UTF-8. Input is read between commands only, on the session's own thread.
 */
final class ShellSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShellSession.class);

    private final SocketChannel channel;
    private final Answer answer;
    private final PrintStream out;
    private final CommandSession commands;
    private final Thread thread;

    /**
     * @param gogo interprets the commands
     * @param name of the thread
     * @param whenOver called when the session has ended
     */
    ShellSession(SocketChannel channel, Gogo gogo, String name, Runnable whenOver) {
        this.channel = channel;
        this.answer = new Answer(Channels.newOutputStream(channel));
        this.out = new PrintStream(answer, true, StandardCharsets.UTF_8);
        this.commands = gogo.open(out, new PrintStream(answer.errors(), true, StandardCharsets.UTF_8));
        this.thread = new Thread(() -> run(whenOver), name);
        thread.setDaemon(true);
    }

    void begin() {
        thread.start();
    }

    Thread thread() {
        return thread;
    }

    /** Ends the session; a command that runs is interrupted. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("closing a session", e);
        }
        commands.close();
    }

    private void run(Runnable whenOver) {
        try {
            CommandLines lines = new CommandLines(Channels.newInputStream(channel));
            Optional<String> line = lines.next();
            while (line.isPresent()) {
                answer.end(execute(line.get()));
                line = lines.next();
            }
        } catch (IOException e) {
            LOG.debug("a session ended", e);
        } finally {
            close();
            whenOver.run();
        }
    }

    private boolean execute(String line) {
        if (line.isEmpty() || line.startsWith("#")) {
            return true;
        }
        LOG.debug("{}", line);
        try {
            print(commands.execute(line));
            return true;
        } catch (Throwable e) { // whatever a command throws, the session goes on
            LOG.debug("{} failed", line, e);
            out.println(reason(e));
            return false;
        }
    }

    private void print(@Nullable Object result) throws Exception {
        if (result == null) {
            return;
        }
        String text = String.valueOf(commands.format(result, Converter.INSPECT)).stripTrailing();
        if (!text.isEmpty()) {
            out.println(text);
        }
    }

    /** The type says more than the message of an input or output error, which is often but a name. */
    private static String reason(Throwable e) {
        String message = Optional.ofNullable(e.getMessage()).orElse("");
        if (message.isBlank()) {
            return e.toString();
        }
        String cause = Optional.ofNullable(e.getCause())
                .map(Throwable::getMessage)
                .filter(text -> !message.contains(text))
                .map(text -> ": " + text)
                .orElse("");
        return (e instanceof IOException ? e.getClass().getSimpleName() + ": " : "") + message + cause;
    }
}
