package io.openedge.function.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.openedge.function.FunctionException;
import io.openedge.function.FunctionException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.Test;

/** How calls end, in the words of gRPC and in ours. */
public class StatusTest {
    private static Kind kind(int code, String message) {
        return new Status(code, message).exception().kind();
    }

    private static int code(Kind kind) {
        return Status.of(new CompletionException(new FunctionException(kind, "why")))
                .code();
    }

    @Test
    public void kindsBecomeCodes() {
        assertThat(code(Kind.USER_CODE)).isEqualTo(Status.UNKNOWN);
        assertThat(code(Kind.NOT_FOUND)).isEqualTo(Status.UNKNOWN);
        assertThat(code(Kind.UNAVAILABLE)).isEqualTo(Status.UNAVAILABLE);
        assertThat(code(Kind.NOT_DELIVERED)).isEqualTo(Status.UNAVAILABLE);
        assertThat(code(Kind.TIMEOUT)).isEqualTo(Status.DEADLINE_EXCEEDED);
        assertThat(code(Kind.TOO_LARGE)).isEqualTo(Status.RESOURCE_EXHAUSTED);
        assertThat(code(Kind.BUSY)).isEqualTo(Status.RESOURCE_EXHAUSTED);
        assertThat(Status.of(new IllegalStateException("a fault")))
                .isEqualTo(new Status(Status.INTERNAL, "java.lang.IllegalStateException: a fault"));
    }

    @Test
    public void codesBecomeKinds() {
        assertThat(kind(2, "Exception calling application: ('[UserCodeInvoke] ', x)"))
                .isEqualTo(Kind.USER_CODE);
        assertThat(kind(2, "Exception calling application: function not found")).isEqualTo(Kind.NOT_FOUND);
        assertThat(kind(12, "Method not found!")).isEqualTo(Kind.NOT_FOUND);
        assertThat(kind(8, "Received message larger than max (5 vs. 4)")).isEqualTo(Kind.TOO_LARGE);
        assertThat(kind(8, "gRPC message exceeds maximum size 4: 5")).isEqualTo(Kind.TOO_LARGE);
        assertThat(kind(8, "Concurrent RPC limit exceeded!")).isEqualTo(Kind.BUSY);
        assertThat(kind(4, "")).isEqualTo(Kind.TIMEOUT);
        assertThat(kind(14, "x")).isEqualTo(Kind.UNAVAILABLE);
        assertThat(kind(1, "x")).isEqualTo(Kind.UNAVAILABLE);
        assertThat(kind(13, "x")).isEqualTo(Kind.USER_CODE);
        assertThat(new Status(7, "").exception()).hasMessage("status 7");
    }

    @Test
    public void messagesTravelAsPrintableAscii() {
        Status status = new Status(2, "100% né\n('x', €)");

        assertThat(status.encodedMessage()).isEqualTo("100%25 n%C3%A9%0A('x', %E2%82%AC)");
        assertThat(Status.decode(2, status.encodedMessage())).isEqualTo(status);
        assertThat(Status.decode(2, "50% of %zz %4").message()).isEqualTo("50% of %zz %4");
        assertThat(new Status(2, "a".repeat(10_000)).encodedMessage()).hasSizeLessThan(5000);
    }

    @Test
    public void limitsTravelAsEightDigitsAndAUnit() {
        assertThat(Grpc.timeout(Duration.ofSeconds(30))).isEqualTo("30000m");
        assertThat(Grpc.timeout(Duration.ofNanos(1))).isEqualTo("1m");
        assertThat(Grpc.timeout(Duration.ofDays(10))).isEqualTo("864000S");
        assertThat(Grpc.timeout("2S")).contains(2_000_000_000L);
        assertThat(Grpc.timeout("5u")).contains(5_000L);
        assertThat(Grpc.timeout("99999999H")).contains(Long.MAX_VALUE);
        assertThat(Grpc.timeout("S")).isEmpty();
        assertThat(Grpc.timeout("123456789S")).isEmpty();
        assertThat(Grpc.timeout("1x")).isEmpty();
        assertThat(Grpc.timeout("-1S")).isEmpty();
    }

    @Test
    public void onlyContentTypesOfGrpcAre() {
        assertThat(Grpc.isGrpc("application/grpc")).isTrue();
        assertThat(Grpc.isGrpc("application/grpc+proto")).isTrue();
        assertThat(Grpc.isGrpc("application/grpc;v=1")).isTrue();
        assertThat(Grpc.isGrpc("application/grpc-web")).isFalse();
        assertThat(Grpc.isGrpc("text/html")).isFalse();
        assertThat(Grpc.isGrpc(null)).isFalse();
    }
}
