package io.openedge.engine;

/**
 * One service that is open in its engine: its directory and its mounts. Closing removes them; all its instances have
 * been stopped before. Thread rule: any thread.
 */
public interface ServiceHandle extends AutoCloseable {
    /** Starts an instance and returns at once; the instance tells how it goes on. */
    Instance start(InstanceSpec spec);

    @Override
    void close();
}
