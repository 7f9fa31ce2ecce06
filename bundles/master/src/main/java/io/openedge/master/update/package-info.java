/** Changing the application: plan, journal, transaction, health, roll back. */
@NullMarked
package io.openedge.master.update;

import org.jspecify.annotations.NullMarked;
