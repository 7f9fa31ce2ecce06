/** The verbs of bin/openedge. */
@NullMarked
package io.openedge.cli;

import org.jspecify.annotations.NullMarked;
