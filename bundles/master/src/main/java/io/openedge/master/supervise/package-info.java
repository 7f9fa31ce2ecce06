/** Keeps the services of the application running, written once for all engines. */
@NullMarked
package io.openedge.master.supervise;

import org.jspecify.annotations.NullMarked;
