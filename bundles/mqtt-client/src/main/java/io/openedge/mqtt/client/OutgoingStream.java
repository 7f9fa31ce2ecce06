package io.openedge.mqtt.client;

import com.hivemq.client.internal.mqtt.message.publish.MqttPublish;
import io.reactivex.Flowable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The one stream of messages that the HiveMQ client draws from: cheaper than a stream for each message. Thread rule: the
 * connection's thread.
 */
final class OutgoingStream extends Flowable<MqttPublish> implements Subscription {
    private final Supplier<@Nullable OutgoingMessage> source;
    private @Nullable Subscriber<? super MqttPublish> subscriber;
    private long requested;
    private boolean emitting;

    /** @param source the next message, null when there is none now */
    OutgoingStream(Supplier<@Nullable OutgoingMessage> source) {
        this.source = source;
    }

    @Override
    protected void subscribeActual(Subscriber<? super MqttPublish> client) {
        subscriber = client;
        client.onSubscribe(this);
    }

    @Override
    public void request(long more) {
        requested = requested + more < 0 ? Long.MAX_VALUE : requested + more;
        emit();
    }

    @Override
    public void cancel() {
        subscriber = null;
    }

    /** Hands over what is there, as far as it is asked for. A request from within only raises what is asked for. */
    void emit() {
        if (emitting) {
            return;
        }
        emitting = true;
        try {
            while (subscriber != null && requested > 0) {
                OutgoingMessage message = source.get();
                if (message == null) {
                    return;
                }
                requested--;
                subscriber.onNext(message);
            }
        } finally {
            emitting = false;
        }
    }
}
