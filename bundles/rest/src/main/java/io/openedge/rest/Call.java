package io.openedge.rest;

import io.openedge.rest.client.JsonException;
import java.util.concurrent.CompletionStage;

/** What a path does. Called on the connection's event loop: it never blocks. */
@FunctionalInterface
interface Call {
    /**
     * @throws io.openedge.system.GatewayException when the gateway refuses
     * @throws JsonException when the body is not what the call needs
     */
    CompletionStage<Answer> run(Request request) throws JsonException;
}
