package io.openedge.hub.session;

import io.openedge.hub.store.MemoryBudget;

/**
 * What all clients together may have in memory. Thread rule: any thread.
 *
 * @param waiting messages that wait for their subscriber, and those it has not acknowledged
 * @param passing messages between two loops
 * @param subscriptions filters of all sessions
 * @param receiving bytes that are no whole packet yet, or whose turn has not come
 */
public record Memory(MemoryBudget waiting, MemoryBudget passing, MemoryBudget subscriptions, MemoryBudget receiving) {}
