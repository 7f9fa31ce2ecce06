package io.openedge.hub.session;

import io.openedge.hub.auth.Authenticator;
import io.openedge.hub.route.Router;
import io.openedge.hub.store.Journal;
import io.openedge.hub.store.RetainedStore;
import org.slf4j.Logger;

/**
 * What all connections share.
 *
 * @param authenticator who gets in
 * @param router where messages go
 * @param journal keeps messages and sessions
 * @param retained keeps retained messages
 * @param retaining puts them there
 * @param memory what clients may have in it
 * @param claims who has which client id
 * @param limits how much of everything
 * @param counters of the hub
 * @param log of the hub
 */
public record Broker(
        Authenticator authenticator,
        Router router,
        Journal journal,
        RetainedStore retained,
        Retaining retaining,
        Memory memory,
        Claims claims,
        Limits limits,
        Counters counters,
        Logger log) {}
