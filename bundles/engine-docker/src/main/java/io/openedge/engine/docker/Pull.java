package io.openedge.engine.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.ResponseItem;
import io.openedge.engine.EngineException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One image on its way here. The library's thread tells how it goes, another one waits. */
final class Pull {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final long MEGA = 1_000_000;

    private final Consumer<String> says;
    private final Map<String, Layer> layers = new LinkedHashMap<>(); // the library's thread's
    private final Feed<PullResponseItem> feed = new Feed<>(this::heard);
    private volatile long last = System.nanoTime();
    private volatile Optional<String> failure = Optional.empty();
    private String said = "";

    private record Layer(boolean there, long bytes, long of) {}

    /** @param says hears a sentence for the operator now and then */
    Pull(Consumer<String> says) {
        this.says = says;
    }

    /** Where the daemon tells about it. */
    Feed<PullResponseItem> feed() {
        return feed;
    }

    private void heard(PullResponseItem item) {
        last = System.nanoTime();
        if (item.isErrorIndicated()) {
            fail(Optional.ofNullable(item.getErrorDetail())
                    .map(ResponseItem.ErrorDetail::getMessage)
                    .orElse("the daemon does not say why"));
        } else if (item.getId() != null && item.getStatus() != null) {
            progress(item.getId(), item.getStatus(), Optional.ofNullable(item.getProgressDetail()));
        }
    }

    private void progress(String id, String status, Optional<ResponseItem.ProgressDetail> detail) {
        boolean there = status.equals("Pull complete") || status.equals("Already exists");
        boolean layer = there || status.equals("Pulling fs layer") || layers.containsKey(id);
        if (!layer) {
            return; // the name and tag that are pulled
        }
        Layer before = layers.getOrDefault(id, new Layer(false, 0, 0));
        boolean loading = status.equals("Downloading");
        layers.put(
                id,
                new Layer(
                        there,
                        loading
                                ? detail.map(ResponseItem.ProgressDetail::getCurrent)
                                        .orElse(0L)
                                : before.of,
                        loading
                                ? detail.map(ResponseItem.ProgressDetail::getTotal)
                                        .orElse(0L)
                                : before.of));
        say(sentence());
    }

    private void say(String sentence) {
        if (!sentence.equals(said)) {
            said = sentence;
            says.accept(sentence);
        }
    }

    private String sentence() {
        long there = layers.values().stream().filter(Layer::there).count();
        long bytes = layers.values().stream().mapToLong(Layer::bytes).sum();
        long of = layers.values().stream().mapToLong(Layer::of).sum();
        String amount = of < MEGA ? "" : ", " + bytes / MEGA + " of " + of / MEGA + " MB so far";
        return "pulling " + there + " of " + layers.size() + " layers" + amount;
    }

    private void fail(String why) {
        if (failure.isEmpty()) {
            failure = Optional.of(why);
        }
    }

    /**
     * Waits until it is over.
     *
     * @param idle how long nothing may be heard
     * @throws EngineException why the image is not pulled
     */
    void await(Duration idle) throws EngineException, InterruptedException {
        while (!feed.awaitEnd(LOOK)) {
            if (System.nanoTime() - last > idle.toNanos()) {
                throw new EngineException("nothing came for " + idle.toSeconds() + " s");
            }
        }
        Optional<String> why = failure.or(() -> feed.failure().map(Pull::words));
        if (why.isPresent()) {
            throw new EngineException(why.get());
        }
    }

    private static String words(Throwable error) {
        return error instanceof DockerException answer
                ? Connection.sentence(answer)
                : Optional.ofNullable(error.getMessage()).orElseGet(error::toString);
    }
}
