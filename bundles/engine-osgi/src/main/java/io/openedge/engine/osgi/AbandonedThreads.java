package io.openedge.engine.osgi;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The threads of instances that did not stop in time. Code in the framework cannot be killed: it is left behind and
 * counted, and a service that leaves too many is not started any more.
 *
 * <p>Thread rule: any thread.
 */
final class AbandonedThreads {
    static final int LIMIT = 3;

    private final Map<String, Set<Thread>> threads = new ConcurrentHashMap<>();

    /** @return how many of the service are left behind now */
    int add(String service, Thread thread) {
        return threads.compute(service, (name, left) -> {
                    Set<Thread> all = left == null ? new HashSet<>() : new HashSet<>(left);
                    all.removeIf(other -> !other.isAlive()); // it came to its end after all
                    all.add(thread);
                    return Set.copyOf(all);
                })
                .size();
    }

    boolean tooMany(String service) {
        Set<Thread> left = threads.getOrDefault(service, Set.of());
        return left.stream().filter(Thread::isAlive).count() >= LIMIT;
    }
}
