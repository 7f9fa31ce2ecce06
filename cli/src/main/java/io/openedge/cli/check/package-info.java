/** Whether a machine is fit for a gateway and its application. */
@NullMarked
package io.openedge.cli.check;

import org.jspecify.annotations.NullMarked;
