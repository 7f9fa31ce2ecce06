package io.openedge.cli.logs;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** What somebody has logged and goes on to log. Thread rule: one at a time. */
public interface Logged extends AutoCloseable {
    /** How often what came is looked for. */
    long PACE_MILLIS = 200;

    /**
     * Hands over what is there.
     *
     * @param most so many entries, the last ones; a stack trace belongs to its entry
     * @return how many there were
     */
    long print(long most) throws IOException;

    /** Hands over the line that is still being written; not to be followed then. */
    void finish();

    /** Hands over what has come since. */
    void proceed() throws IOException;

    /** Hands over what comes, until nobody listens. */
    default void follow(BooleanSupplier deaf) throws IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        while (!deaf.getAsBoolean() && !never.await(PACE_MILLIS, TimeUnit.MILLISECONDS)) {
            proceed();
        }
    }

    @Override
    void close() throws IOException;
}
