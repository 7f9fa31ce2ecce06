package io.openedge.mqtt;

/** A message that the broker does not take, although there is a connection. */
public final class MqttRefusedException extends MqttException {
    private static final long serialVersionUID = 1L;

    private final boolean lasting;

    /**
     * @param message why
     * @param lasting whether the broker would refuse the same message each time
     */
    public MqttRefusedException(String message, boolean lasting) {
        super(message);
        this.lasting = lasting;
    }

    /** Whether the broker would refuse the same message each time: it is too large, say. */
    public boolean lasting() {
        return lasting;
    }
}
