package io.openedge.master.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;

/** What breaks on the threads of the gateway takes nothing else with it. */
public class WorkersTest {
    private final Workers workers = new Workers();

    @After
    public void close() {
        workers.close();
    }

    @Test
    public void aTaskThatBreaksDoesNotStopThoseAfterIt() throws Exception {
        Owner owner = workers.owner();
        CompletableFuture<String> after = new CompletableFuture<>();

        owner.execute(() -> {
            throw new AssertionError("broken");
        });
        owner.execute(() -> after.complete("done"));

        assertThat(after.get(10, TimeUnit.SECONDS)).isEqualTo("done");
    }

    @Test
    public void aCallThatBreaksComesBack() throws Exception {
        CompletableFuture<Throwable> came = new CompletableFuture<>();

        workers.call(
                workers.owner(),
                () -> {
                    throw new AssertionError("broken");
                },
                (value, failure) -> came.complete(failure));

        assertThat(came.get(10, TimeUnit.SECONDS)).hasMessage("broken");
    }
}
