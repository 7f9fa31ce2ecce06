package io.openedge.remote.mqtt;

import java.util.concurrent.atomic.LongAdder;

/** What has happened with one remote since the start, over all of its rules. Any thread. */
final class Counters {
    /** Messages that the remote has. */
    final LongAdder sent = new LongAdder();
    /** Messages from the remote that the hub has. */
    final LongAdder received = new LongAdder();
    /** Messages of QoS 0 that found no connection and no place to wait. */
    final LongAdder dropped = new LongAdder();
    /** Messages that were the bridge's own and did not go back. */
    final LongAdder echoes = new LongAdder();
    /** Messages whose topic has no counterpart on the other side. */
    final LongAdder unnamed = new LongAdder();
    /** Messages that the other side refuses each time, and the last of them. */
    final LongAdder refused = new LongAdder();

    volatile String lastRefused = "";
    /** Connections that were lost. */
    final LongAdder losses = new LongAdder();
}
