package io.openedge.function.manager.rule;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Random UUIDs. Their beginning comes from the system's source of randomness, the rest is computed: asking the system for
 * each would cost more than the rest of a message's way. Owned by the loop.
 */
final class InvokeIds {
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());

    String next() {
        long most = random.nextLong() & ~0xF000L | VERSION_4;
        long least = random.nextLong() & ~(3L << 62) | VARIANT;
        return new UUID(most, least).toString();
    }
}
