/** Runs functions here, without a gateway. */
@NullMarked
package io.openedge.cli.fn;

import org.jspecify.annotations.NullMarked;
