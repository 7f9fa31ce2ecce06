package io.openedge.function.manager.rule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.openedge.function.FunctionException;
import io.openedge.function.FunctionMessage;

/** What goes to the rule's topic instead of a result, in the form that old applications read. Any thread. */
final class ErrorMessage {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ErrorMessage() {}

    static byte[] of(FunctionMessage message, FunctionException error) {
        return bytes(tree(message, error));
    }

    /** The same for a dead letter, with {@code tries} and {@code topic}, the one that the message came on. */
    static byte[] deadLetter(FunctionMessage message, FunctionException error, int tries) {
        ObjectNode root = tree(message, error);
        root.put("topic", message.topic());
        root.put("tries", tries);
        return bytes(root);
    }

    private static ObjectNode tree(FunctionMessage message, FunctionException error) {
        ObjectNode root = JSON.createObjectNode();
        root.put("errorMessage", "rpc error: code = " + code(error.kind()) + " desc = " + error.getMessage());
        root.put("errorType", "*status.statusError");
        ObjectNode input = root.putObject("functionMessage");
        input.put("ID", message.id());
        input.put("QOS", message.qos());
        input.put("Topic", message.topic());
        input.put("Payload", message.payload());
        input.put("Timestamp", message.timestamp());
        input.put("FunctionName", message.functionName());
        input.put("FunctionInvokeID", message.functionInvokeId());
        return root;
    }

    private static byte[] bytes(ObjectNode root) {
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers is always writable", e);
        }
    }

    private static String code(FunctionException.Kind kind) {
        return switch (kind) {
            case USER_CODE, NOT_FOUND -> "Unknown";
            case UNAVAILABLE, NOT_DELIVERED, BUSY -> "Unavailable";
            case TIMEOUT -> "DeadlineExceeded";
            case TOO_LARGE -> "ResourceExhausted";
        };
    }
}
