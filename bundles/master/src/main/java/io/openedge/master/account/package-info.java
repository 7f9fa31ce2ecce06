/** Who may call the gateway: tokens and rights. */
@NullMarked
package io.openedge.master.account;

import org.jspecify.annotations.NullMarked;
