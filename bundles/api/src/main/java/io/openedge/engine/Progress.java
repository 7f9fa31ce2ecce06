package io.openedge.engine;

/** Hears how a preparation goes on. Thread rule: may be called from any thread; returns at once. */
@FunctionalInterface
public interface Progress {
    /**
     * @param service the service that is being prepared
     * @param what a sentence for the operator, for example "pulling 3 of 5 layers"
     */
    void report(String service, String what);
}
