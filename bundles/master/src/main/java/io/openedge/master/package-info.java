/** Loads features and the application, and keeps its services running. */
@NullMarked
package io.openedge.master;

import org.jspecify.annotations.NullMarked;
