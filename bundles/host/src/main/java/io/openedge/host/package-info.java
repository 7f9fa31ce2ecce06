/** Looks at the host: hardware by OSHI, graphics processors by nvidia-smi, processes by /proc. */
@NullMarked
package io.openedge.host;

import org.jspecify.annotations.NullMarked;
