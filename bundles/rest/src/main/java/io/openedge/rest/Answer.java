package io.openedge.rest;

import io.openedge.rest.client.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a request is answered with. Immutable. */
record Answer(int status, String contentType, byte[] body, String allow) {
    /** Done, and nothing to say. */
    static final Answer DONE = new Answer(200, "", new byte[0], "");

    static final Answer UNAUTHORIZED = refusal(401, "account unauthorized");

    static Answer json(String text) {
        return new Answer(200, "application/json", text.getBytes(StandardCharsets.UTF_8), "");
    }

    static Answer json(Map<String, ?> members) {
        return json(Json.text(members));
    }

    static Answer refusal(int status, String reason) {
        return new Answer(status, "text/plain; charset=utf-8", reason.getBytes(StandardCharsets.UTF_8), "");
    }

    static Answer wrongMethod(String allowed) {
        Answer answer = refusal(405, "only " + allowed + " is allowed here");
        return new Answer(answer.status, answer.contentType, answer.body, allowed);
    }
}
