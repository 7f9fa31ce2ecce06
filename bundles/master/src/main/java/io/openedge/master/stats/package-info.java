/** What runs where, on disk: what finds it again after a crash. */
@NullMarked
package io.openedge.master.stats;

import org.jspecify.annotations.NullMarked;
