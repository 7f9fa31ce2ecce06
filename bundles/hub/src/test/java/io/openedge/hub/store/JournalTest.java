package io.openedge.hub.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.openedge.hub.route.Message;
import io.openedge.hub.route.Route;
import io.openedge.hub.route.Subscriber;
import io.openedge.hub.route.Topic;
import io.openedge.hub.route.TopicFilter;
import io.openedge.hub.route.TopicLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.slf4j.LoggerFactory;

/** Files, and what is in them after a start. */
public class JournalTest {
    private static final Topic TOPIC = Topic.parse("t", TopicLimits.NONE).orElseThrow();
    private static final int SEGMENT = 64 * 1024;
    private static final Consumer<Throwable> FAULT = fault -> {};
    private static final Duration SOON = Duration.ofSeconds(10);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private final AtomicLong clock = new AtomicLong();
    private Journal journal;
    private Lane lane;
    private int session;
    private int hours;

    /** Gets everything. */
    private record Kept(int kept) implements Subscriber {
        @Override
        public boolean deliver(Message message, int qos, long place) {
            return true;
        }

        @Override
        public void behind(Runnable task) {
            task.run();
        }
    }

    private Path directory() {
        return folder.getRoot().toPath();
    }

    @Before
    public void open() throws IOException {
        open(Disk.real());
    }

    private void open(Disk disk) throws IOException {
        Journal.Settings settings =
                new Journal.Settings(directory(), Duration.ofHours(48), Duration.ofMillis(20), 0, SEGMENT);
        journal = Journal.open(settings, "journal-test", disk, clock::get, FAULT, LoggerFactory.getLogger("hub-test"));
        lane = journal.lane(loop);
    }

    private void reopen() throws IOException {
        journal.close();
        open();
    }

    @After
    public void close() {
        journal.close();
        loop.shutdown();
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        return loop.submit(task).get(10, TimeUnit.SECONDS);
    }

    private void openSession() throws Exception {
        session = onLoop(() -> lane.opened("c", "test"));
    }

    private Route route() {
        Route.Leg leg = new Route.Leg(TOPIC, 2, new Route.Target[] {new Route.Target(new Kept(session), 1)});
        return new Route(0, List.of(leg), session != 0);
    }

    /** Answers where the message stands. */
    private long store(String payload, boolean retain) throws Exception {
        CompletableFuture<Long> stored = new CompletableFuture<>();
        Message message = new Message(TOPIC, payload.getBytes(StandardCharsets.UTF_8), 1);
        loop.execute(() -> lane.message(message, route(), retain, 0, 0, (ref, failure) -> {
            if (failure == null) {
                stored.complete(ref);
            } else {
                stored.completeExceptionally(failure);
            }
        }));
        return stored.get(10, TimeUnit.SECONDS);
    }

    private List<String> waiting() throws Exception {
        List<String> payloads = new ArrayList<>();
        long after = 0;
        while (true) {
            CompletableFuture<Fetched> result = new CompletableFuture<>();
            long from = after;
            loop.execute(() -> lane.fetch(session, from, new long[0], result::complete));
            Fetched fetched = result.get(10, TimeUnit.SECONDS);
            assertThat(fetched.failure()).isNull();
            fetched.messages()
                    .forEach(
                            message -> payloads.add(new String(message.message().payload(), StandardCharsets.UTF_8)));
            after = fetched.upTo();
            if (fetched.last()) {
                return payloads;
            }
        }
    }

    private List<Path> files(String ending) throws IOException {
        try (Stream<Path> files = Files.list(directory())) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private long size() throws IOException {
        long size = 0;
        for (Path file : files("")) {
            size += Files.size(file);
        }
        return size;
    }

    @Test
    public void what_was_acknowledged_takes_no_space_however_much_there_was() throws Exception {
        openSession();
        String payload = "x".repeat(1_000);
        for (int i = 0; i < 2_000; i++) {
            long ref = store(payload, false);
            loop.execute(() -> lane.acknowledged(session, ref));
        }
        await().atMost(SOON).until(() -> size() < 4 * SEGMENT);
        reopen();
        assertThat(waiting()).isEmpty();
    }

    @Test
    public void a_few_messages_that_wait_do_not_hold_the_space_of_all_that_came_with_them() throws Exception {
        openSession();
        String payload = "x".repeat(1_000);
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            long ref = store(i + payload, false);
            if (i % 50 == 0) {
                kept.add(i + payload);
            } else {
                loop.execute(() -> lane.acknowledged(session, ref));
            }
        }
        await().atMost(SOON).until(() -> size() < 4 * SEGMENT);
        assertThat(waiting()).isEqualTo(kept);
        reopen();
        assertThat(waiting()).isEqualTo(kept);
    }

    @Test
    public void a_retained_message_stays_when_all_around_it_has_gone() throws Exception {
        store("retained", true);
        openSession();
        for (int i = 0; i < 300; i++) {
            long ref = store("x".repeat(1_000), false);
            loop.execute(() -> lane.acknowledged(session, ref));
        }
        await().atMost(SOON).until(() -> size() < 4 * SEGMENT);
        reopen();
        assertThat(journal.takeRecovered().retained())
                .extracting(message -> new String(message.payload(), StandardCharsets.UTF_8))
                .containsExactly("retained");
    }

    /** The one behind it was made ahead and is empty. */
    private Path lastWritten() throws IOException {
        Path last = directory();
        for (Path segment : files(".log")) {
            last = Files.size(segment) > Segment.HEADER ? segment : last;
        }
        return last;
    }

    /** Whatever the last write left of itself. */
    @Test
    public void a_log_that_was_cut_anywhere_has_all_whole_records_before_the_cut() throws Exception {
        openSession();
        List<Long> ends = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            store("m" + i, false);
        }
        journal.close();
        Path last = lastWritten();
        byte[] whole = Files.readAllBytes(last);
        int before = 5;
        for (int cut = whole.length; cut >= 0; cut--) {
            for (Path file : files("")) {
                if (file.compareTo(last) > 0 && file.getFileName().toString().matches("[0-9].*")) {
                    Files.delete(file);
                }
            }
            Files.write(last, Arrays.copyOf(whole, cut));
            open();
            List<String> found = cut > 40 ? waiting() : List.of();
            assertThat(found.size()).as("cut at %d", cut).isBetween(before - 1, before);
            assertThat(found).isEqualTo(List.of("m0", "m1", "m2", "m3", "m4").subList(0, found.size()));
            before = found.size();
            if (found.isEmpty()) {
                return;
            }
            journal.close();
            for (Path file : files(".state")) {
                if (Integer.parseInt(file.getFileName().toString().substring(0, 10))
                        > Integer.parseInt(last.getFileName().toString().substring(0, 10))) {
                    Files.delete(file);
                }
            }
        }
    }

    @Test
    public void a_state_that_cannot_be_read_refuses_the_start_and_harms_nothing() throws Exception {
        openSession();
        store("kept", false);
        journal.close();
        Path picture = files(".state").get(0);
        byte[] whole = Files.readAllBytes(picture);
        Files.write(picture, new byte[] {1, 2, 3});
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(picture.toString())
                .hasMessageContaining("move " + directory() + " away");
        Files.write(picture, whole);
        open();
        assertThat(waiting()).containsExactly("kept");
    }

    @Test
    public void age_counts_only_while_the_hub_runs_whatever_the_clock_on_the_wall_says() throws Exception {
        openSession();
        store("old", false);
        hoursUntil(() -> hours == 24);
        store("new", false);
        reopen();
        assertThat(waiting()).containsExactly("old", "new");
        hoursUntil(() -> journal.expired() == 1);
        assertThat(hours).isBetween(48, 60);
        assertThat(waiting()).containsExactly("new");
        clock.addAndGet(-Duration.ofDays(20_000).toNanos());
        reopen();
        assertThat(waiting()).containsExactly("new");
    }

    /** An hour after the other, each long enough for the journal to see it. */
    private void hoursUntil(Callable<Boolean> there) {
        await().pollInterval(Duration.ofMillis(60))
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    if (there.call()) {
                        return true;
                    }
                    clock.addAndGet(Duration.ofHours(1).toNanos());
                    hours++;
                    return false;
                });
    }

    private void publishWill(KeptWill will, long key) throws Exception {
        CompletableFuture<Void> stored = new CompletableFuture<>();
        onLoop(() -> {
            lane.message(will.message(), route(), false, 0, 0, null);
            lane.willPublished(key);
            lane.safe((ref, failure) -> settle(stored, failure));
            return key;
        });
        stored.get(10, TimeUnit.SECONDS);
    }

    private static void settle(CompletableFuture<Void> future, @Nullable IOException failure) {
        if (failure == null) {
            future.complete(null);
        } else {
            future.completeExceptionally(failure);
        }
    }

    @Test
    public void a_will_stays_until_its_message_is_stored() throws Exception {
        SlowDisk disk = new SlowDisk();
        journal.close();
        open(disk);
        KeptWill will = new KeptWill("c", "test", new Message(TOPIC, new byte[] {1}, 1), false);
        CompletableFuture<Void> kept = new CompletableFuture<>();
        long key = onLoop(() -> lane.will(will, (ref, failure) -> settle(kept, failure)));
        kept.get(10, TimeUnit.SECONDS);
        disk.fill();
        assertThatThrownBy(() -> publishWill(will, key)).hasMessageContaining("No space left");
        disk.open();
        await().atMost(SOON).until(() -> !journal.failing());
        reopen();
        assertThat(journal.takeRecovered().wills()).containsOnlyKeys(key);
        publishWill(will, key);
        reopen();
        assertThat(journal.takeRecovered().wills()).isEmpty();
    }

    @Test
    public void one_hub_at_a_time_has_the_folder() {
        assertThatThrownBy(this::open)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory().toString())
                .hasMessageContaining("in use by another hub");
    }

    @Test
    public void sessions_with_their_filters_are_found_again() throws Exception {
        openSession();
        TopicFilter filter = TopicFilter.parse("a/+", TopicLimits.NONE).orElseThrow();
        loop.execute(() -> lane.subscribed(session, filter, 2));
        store("written", false);
        reopen();
        Recovered.Session found = journal.takeRecovered().sessions().get(0);
        assertThat(found.clientId()).isEqualTo("c");
        assertThat(found.principal()).isEqualTo("test");
        assertThat(found.subscriptions()).containsExactly(Map.entry(filter, 2));
    }
}
