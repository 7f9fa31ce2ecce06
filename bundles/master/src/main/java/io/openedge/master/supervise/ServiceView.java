package io.openedge.master.supervise;

import java.util.List;

/**
 * A service as its owner showed it last. Immutable.
 *
 * @param phase what supervision does with it
 * @param reason why
 * @param slots its instances
 */
record ServiceView(ServicePhase phase, String reason, List<Slot> slots) {
    ServiceView {
        slots = List.copyOf(slots);
    }
}
