/** Carries calls of functions between processes, as gRPC over HTTP/2. */
@NullMarked
package io.openedge.function.grpc;

import org.jspecify.annotations.NullMarked;
