package io.openedge.master.supervise;

import io.openedge.app.ServiceSpec;
import io.openedge.engine.Engine;
import io.openedge.engine.EngineException;
import io.openedge.engine.InstanceSpec;
import io.openedge.engine.Progress;
import io.openedge.engine.ServiceHandle;
import java.util.Map;

/** How a service of the application is opened and what its instances are. Thread rule: any thread. */
public interface Plan {
    /** The service. */
    ServiceSpec service();

    /** The name of its engine. */
    String engine();

    /**
     * Gets what the service needs and opens it; may take long, reacts to an interrupt.
     *
     * @throws EngineException when it cannot run
     */
    ServiceHandle open(Engine engine, Progress progress) throws EngineException, InterruptedException;

    /** One of its own instances. */
    InstanceSpec replica(String name);

    /** An instance that was started through the API. */
    InstanceSpec dynamic(String name, Map<String, String> configuration);
}
