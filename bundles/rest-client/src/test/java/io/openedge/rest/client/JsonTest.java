package io.openedge.rest.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** Text to plain values and back, and what is refused. */
public class JsonTest {
    @Test
    public void everyKindOfValueComesBack() throws Exception {
        String text = "{\"a\":[1,-2.5,\"x\\n\\u00e9\",true,false,null,{}],\"b\":123456789012345678901234567890}";
        Map<String, Object> value = Json.object(bytes(text));
        assertThat(value)
                .containsEntry("a", new ArrayList<>(Arrays.asList(1L, -2.5, "x\né", true, false, null, Map.of())))
                .containsEntry("b", new BigInteger("123456789012345678901234567890"));
        assertThat(Json.parse(bytes(Json.text(value)))).isEqualTo(value);
    }

    @Test
    public void whatIsRefused() {
        assertRefused("", "the text is empty");
        assertRefused("{\"a\":1,\"a\":2}", "Duplicate field 'a'");
        assertRefused("{} x", "Unrecognized token 'x'");
        assertRefused("1 2", "more than one JSON value");
        assertRefused("[1,]", "");
        assertRefused("NaN", "");
        assertRefused("1e999", "out of range");
        assertRefused("[".repeat(33) + "]".repeat(33), "nesting depth");
        assertThatThrownBy(() -> Json.parse(new byte[] {'"', (byte) 0xC3, '"'})).hasMessageContaining("not UTF-8");
        assertThatThrownBy(() -> Json.object(bytes("[]"))).hasMessage("a JSON object is expected");
    }

    @Test
    public void theDeepestThatIsAllowed() throws Exception {
        assertThat(Json.parse(bytes("[".repeat(32) + "]".repeat(32)))).isInstanceOf(List.class);
    }

    @Test
    public void whatJsonCannotSayIsWrittenAsText() {
        assertThat(Json.text(List.of(Double.NaN, Thread.State.NEW))).isEqualTo("[\"NaN\",\"NEW\"]");
    }

    private static void assertRefused(String text, String reason) {
        assertThatThrownBy(() -> Json.parse(bytes(text)))
                .as(text)
                .isInstanceOf(JsonException.class)
                .hasMessageContaining(reason);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
