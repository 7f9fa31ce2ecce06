package io.openedge.function;

/**
 * A message to a function, and its answer: the request with its payload replaced. The payload is not copied and must
 * not be changed.
 *
 * @param id the message's number where it came from; 0: none
 * @param qos of the message, 0 to 2
 * @param topic of the message
 * @param payload event or result; an empty result publishes nothing
 * @param timestamp Unix seconds
 * @param functionName the function to call
 * @param functionInvokeId a UUID; the same for all tries of one message
 */
public record FunctionMessage(
        long id, int qos, String topic, byte[] payload, long timestamp, String functionName, String functionInvokeId) {

    /** The answer to this request. */
    public FunctionMessage withPayload(byte[] result) {
        return new FunctionMessage(id, qos, topic, result, timestamp, functionName, functionInvokeId);
    }
}
