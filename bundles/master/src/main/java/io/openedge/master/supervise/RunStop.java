package io.openedge.master.supervise;

import io.openedge.engine.Instance;
import io.openedge.engine.InstanceSpec;
import io.openedge.master.work.Owner;
import io.openedge.master.work.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one run out of its engine. An engine that does not keep its word holds nothing up for ever: after the grace and a
 * little more the run is left behind. The service's owner's; the engine is called elsewhere.
 */
final class RunStop {
    private static final Logger LOG = LoggerFactory.getLogger(RunStop.class);

    private final Surroundings around;
    private final Owner owner;
    private final String engine;
    private final InstanceSpec spec;
    private final Instance run;
    private final Runnable whenOver;

    private Time.Alarm alarm = () -> {};
    private boolean over;

    /** @param whenOver called once, on the owner */
    RunStop(Surroundings around, Owner owner, String engine, InstanceSpec spec, Instance run, Runnable whenOver) {
        this.around = around;
        this.owner = owner;
        this.engine = engine;
        this.spec = spec;
        this.run = run;
        this.whenOver = whenOver;
    }

    void begin() {
        alarm = around.time().after(spec.grace().plus(around.slack()), () -> owner.execute(this::tooLate));
        around.workers()
                .call(
                        owner,
                        () -> {
                            run.stop(spec.grace());
                            return true;
                        },
                        (stopped, failure) -> answered(failure));
    }

    private void answered(@Nullable Throwable failure) {
        if (failure != null) {
            LOG.error("{}: its engine could not stop it", spec.name(), failure);
            around.leftBehind().add(run, engine);
        } else if (over) {
            around.leftBehind().remove(run);
            around.changed().run();
        }
        end();
    }

    private void tooLate() {
        if (!over) {
            LOG.error("{}: did not stop in time and is left behind", spec.name());
            around.leftBehind().add(run, engine);
            end();
        }
    }

    private void end() {
        if (!over) {
            over = true;
            alarm.cancel();
            whenOver.run();
        }
    }
}
