package io.openedge.rest;

import io.openedge.app.InvalidValueException;
import io.openedge.app.Names;
import io.openedge.system.GatewayException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which path is which call. A path is compared as it stands: names need no escapes, so an escaped one matches nothing.
 * Immutable; any thread.
 */
final class Routes {
    private final List<Route> routes;

    private Routes(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /** What a service may call; without /v1 as in the first releases. */
    static Routes forServices(Calls calls) {
        List<Route> routes = new ArrayList<>(List.of(
                new Route("GET", "/v1/system/inspect", calls::inspect),
                new Route("GET", "/system/inspect", calls::olderInspect),
                new Route("PUT", "/system/update", calls::update),
                new Route("GET", "/ports/available", calls::availablePort),
                new Route("PUT", "/services/{service}/instances/{instance}/start", calls::start),
                new Route("PUT", "/services/{service}/instances/{instance}/stop", calls::stop),
                new Route("PUT", "/v1/system/update", calls::update),
                new Route("GET", "/v1/ports/available", calls::availablePort),
                new Route("PUT", "/v1/services/{service}/instances/{instance}/start", calls::start),
                new Route("PUT", "/v1/services/{service}/instances/{instance}/stop", calls::stop),
                new Route("PUT", "/v1/services/{service}/instances/{instance}/report", calls::report)));
        routes.addAll(ours("/v1/gateway", calls));
        return new Routes(routes);
    }

    /** The same; what is not of the first releases has a prefix of the operator's too. */
    static Routes forOperator(Calls calls) {
        List<Route> routes = new ArrayList<>(forServices(calls).routes);
        routes.addAll(ours("/v1/operator", calls));
        return new Routes(routes);
    }

    private static List<Route> ours(String prefix, Calls calls) {
        return List.of(
                new Route("GET", prefix + "/settled", calls::settled),
                new Route("GET", prefix + "/update/progress", calls::progress),
                new Route("PUT", prefix + "/update", calls::updateToItsEnd),
                new Route("PUT", prefix + "/update/plan", calls::plan),
                new Route("PUT", prefix + "/update/cancel", calls::cancel),
                new Route("PUT", prefix + "/services/{service}/restart", calls::restart));
    }

    /** The call of a path with the names in it, or the answer to a path or method that there is not. */
    Found find(String method, String uri) {
        String[] segments = path(uri).split("/", -1);
        for (Route route : routes) {
            if (route.matches(segments)) {
                return route.method.equals(method)
                        ? new Found(
                                Optional.of(route.call), route.name("{service}", segments), route.instance(segments))
                        : new Found(Answer.wrongMethod(route.method));
            }
        }
        return new Found(Answer.refusal(404, "there is no " + path(uri)));
    }

    private static String path(String uri) {
        int end = uri.indexOf('?');
        return end < 0 ? uri : uri.substring(0, end);
    }

    /**
     * A path that was looked up.
     *
     * @param call empty: there is none
     * @param service named in it
     * @param instance named in it
     * @param otherwise what is answered when there is no call
     */
    record Found(Optional<Call> call, String service, String instance, Answer otherwise) {
        Found(Optional<Call> call, String service, String instance) {
            this(call, service, instance, Answer.DONE);
        }

        Found(Answer otherwise) {
            this(Optional.empty(), "", "", otherwise);
        }
    }

    private record Route(String method, String[] pattern, Call call) {
        Route(String method, String pattern, Call call) {
            this(method, pattern.split("/", -1), call);
        }

        boolean matches(String[] segments) {
            if (segments.length != pattern.length) {
                return false;
            }
            for (int i = 0; i < pattern.length; i++) {
                if (!pattern[i].startsWith("{") && !pattern[i].equals(segments[i])) {
                    return false;
                }
            }
            return true;
        }

        String name(String placeholder, String[] segments) {
            int at = List.of(pattern).indexOf(placeholder);
            if (at < 0) {
                return "";
            }
            try {
                return Names.require("service", segments[at]);
            } catch (InvalidValueException e) {
                throw new GatewayException(GatewayException.Kind.INVALID, e.getMessage());
            }
        }

        String instance(String[] segments) {
            int at = List.of(pattern).indexOf("{instance}");
            if (at >= 0 && !Names.isInstanceName(segments[at])) {
                throw new GatewayException(
                        GatewayException.Kind.INVALID,
                        "instance: '" + segments[at] + "' is not allowed here; allowed: 1 to 200 letters, digits,"
                                + " '_', '.' and '-', with a letter or digit first");
            }
            return at < 0 ? "" : segments[at];
        }
    }
}
