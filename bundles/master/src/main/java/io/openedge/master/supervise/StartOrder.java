package io.openedge.master.supervise;

import io.openedge.master.work.Once;
import io.openedge.master.work.Owner;
import io.openedge.master.work.Time;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Lets services begin one after the other: one that is slow, fails or waits holds up the next for three seconds at most.
 * The supervisor's owner's.
 *
 * @param unavailable why an engine of that name cannot be had; empty: it is there or will come
 * @param begun completes when each had its turn
 */
record StartOrder(
        Owner owner,
        Time time,
        List<ServiceKeeper> services,
        Function<String, Optional<String>> unavailable,
        CompletableFuture<Void> begun) {
    private static final Duration TURN = Duration.ofSeconds(3);

    /** The turn of the service of that number. One that is ended meanwhile takes none. */
    void next(int number) {
        if (number == services.size()) {
            begun.complete(null);
            return;
        }
        ServiceKeeper keeper = services.get(number);
        Optional<String> why = unavailable.apply(keeper.engineName());
        Once next = new Once(() -> owner.execute(() -> next(number + 1)));
        if (why.isPresent()) {
            keeper.owner().execute(() -> keeper.refuse(why.get()));
            next.run();
            return;
        }
        Time.Alarm turn = time.after(TURN, next);
        keeper.owner()
                .execute(() -> keeper.begin().whenComplete((nothing, failure) -> {
                    turn.cancel();
                    next.run();
                }));
    }
}
