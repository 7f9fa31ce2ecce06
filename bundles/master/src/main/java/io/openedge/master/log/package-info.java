/** The gateway's log: its appenders, and what OSGi components log. */
@NullMarked
package io.openedge.master.log;

import org.jspecify.annotations.NullMarked;
