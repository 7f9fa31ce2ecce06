/** Where the files of an application's services lie on the host. */
@NullMarked
package io.openedge.cli.app;

import org.jspecify.annotations.NullMarked;
