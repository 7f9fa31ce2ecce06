package io.openedge.master.supervise;

import io.openedge.system.GatewayException;
import io.openedge.system.GatewayException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The place of one instance name in a service. Of all starts and stops that come for a name the last one counts, and
 * what is there is down before the next comes up: there are never two. The service's owner's, but for what is said of
 * other threads.
 */
final class Slot {
    private final String name;
    private final boolean replica;
    private final Host host;
    private final AtomicReference<Map<String, Object>> reported = new AtomicReference<>(Map.of());
    private final List<CompletableFuture<Void>> stopping = new ArrayList<>();

    private volatile @Nullable InstanceKeeper keeper;
    private CompletableFuture<String> answer = new CompletableFuture<>();
    private @Nullable Request next;
    private boolean dropping;

    Slot(String name, boolean replica, Host host) {
        this.name = name;
        this.replica = replica;
        this.host = host;
    }

    String name() {
        return name;
    }

    /** Any thread. */
    AtomicReference<Map<String, Object>> reported() {
        return reported;
    }

    /** Any thread: what is in it now. */
    Optional<InstanceView> view() {
        InstanceKeeper current = keeper;
        return current == null ? Optional.empty() : Optional.of(current.view());
    }

    Optional<InstanceKeeper> keeper() {
        return Optional.ofNullable(keeper);
    }

    /** Whether it holds an instance that only waits for its service to open. */
    boolean waits() {
        InstanceKeeper current = keeper;
        return current != null && !dropping && !current.goingDown() && current.phase() == Phase.WAITING;
    }

    /** Puts another instance in; completes with its address when it works. */
    CompletableFuture<String> start(Supplier<InstanceKeeper> instance) {
        forgetNext("replaced by a later start of '" + name + "'");
        Request request = new Request(instance, new CompletableFuture<>());
        next = request;
        drop("replaced by a later start");
        return request.answer();
    }

    /** Takes out what is there; completes when it is over. */
    CompletableFuture<Void> stop(String reason) {
        forgetNext("'" + name + "' was stopped before it was started");
        CompletableFuture<Void> over = new CompletableFuture<>();
        stopping.add(over);
        drop(reason);
        return over;
    }

    /** The service cannot open: who waits for this instance hears it. One that was there before waits on. */
    void refuse(String reason) {
        InstanceKeeper current = keeper;
        if (current == null) {
            return;
        }
        if (replica || answer.isDone()) {
            current.cannotLaunch(reason);
        } else {
            remove(current, answer, failure("did not come up: " + reason));
        }
    }

    private void drop(String reason) {
        if (dropping) {
            return;
        }
        InstanceKeeper current = keeper;
        if (current == null) {
            dropped();
            return;
        }
        dropping = true;
        answer.completeExceptionally(failure("was stopped before it worked: " + reason));
        current.down(Phase.STOPPED, reason).whenComplete((nothing, failure) -> {
            dropping = false;
            dropped();
        });
    }

    private void dropped() {
        Request request = next;
        next = null;
        List<CompletableFuture<Void>> over = List.copyOf(stopping);
        stopping.clear();
        if (request != null) {
            fill(request);
        } else if (!replica) {
            host.remove(this);
        }
        over.forEach(waiter -> waiter.complete(null));
    }

    private void fill(Request request) {
        reported.set(Map.of());
        answer = request.answer();
        InstanceKeeper current = request.instance().get();
        keeper = current;
        current.ready().whenComplete((address, failure) -> {
            if (failure == null) {
                request.answer().complete(address);
            } else {
                firstRunFailed(current, request, failure);
            }
        });
        host.admit(this, current);
    }

    private void firstRunFailed(InstanceKeeper failed, Request request, Throwable failure) {
        if (replica || keeper != failed) {
            request.answer().completeExceptionally(failure);
        } else {
            remove(failed, request.answer(), failure);
        }
    }

    /** Who waits for an instance hears that it failed when nothing of it is left. */
    private void remove(InstanceKeeper failed, CompletableFuture<String> waiting, Throwable failure) {
        if (dropping) {
            return;
        }
        dropping = true;
        failed.down(Phase.FAILED, Words.of(failure)).whenComplete((nothing, problem) -> {
            dropping = false;
            dropped();
            waiting.completeExceptionally(failure);
        });
    }

    private void forgetNext(String why) {
        Request request = next;
        next = null;
        if (request != null) {
            request.answer().completeExceptionally(new GatewayException(Kind.INVALID, why));
        }
    }

    private GatewayException failure(String what) {
        return new GatewayException(Kind.INVALID, "instance '" + name + "' " + what);
    }

    private record Request(Supplier<InstanceKeeper> instance, CompletableFuture<String> answer) {}

    /** The service around it. */
    interface Host {
        /** Launches the instance when the service is open, else it waits. */
        void admit(Slot slot, InstanceKeeper instance);

        /** Nothing is in the slot any more. */
        void remove(Slot slot);
    }
}
