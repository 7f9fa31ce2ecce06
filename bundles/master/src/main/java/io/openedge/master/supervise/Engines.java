package io.openedge.master.supervise;

import io.openedge.engine.Engine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The engines that are there now; they come and go. Of two with one name the one that came first counts. Thread rule: any
 * thread; nothing blocks.
 */
public final class Engines {
    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** An engine came. */
    public void add(String name, Engine engine) {
        entries.add(new Entry(name, engine));
        listeners.forEach(Runnable::run);
    }

    /** An engine goes. */
    public void remove(Engine engine) {
        entries.removeIf(entry -> entry.engine() == engine);
        listeners.forEach(Runnable::run);
    }

    /** Whether an engine of that name is there now. */
    public boolean has(String name) {
        return byName().containsKey(name);
    }

    /** Those that are there now; of two with one name the first. */
    public Map<String, Engine> byName() {
        Map<String, Engine> first = new LinkedHashMap<>();
        entries.forEach(entry -> first.putIfAbsent(entry.name(), entry.engine()));
        return first;
    }

    /** The listener hears of every change, and once now. */
    void listen(Runnable listener) {
        listeners.add(listener);
        listener.run();
    }

    private record Entry(String name, Engine engine) {}
}
