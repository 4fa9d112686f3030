package io.slipstream.memory.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.slipstream.memory.SharedMemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What another process may leave in the block, by its death or by its malice. */
final class ExchangeDamageTest {
    private static final Duration NOT_AT_ALL = Duration.ZERO;
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    /** No process has this pid: Linux gives none above 2^22. */
    private static final int NOBODY = 0x2FFF_FFF1;

    private static final int LENGTH = 4096;

    private final MemorySegment memory = Arena.ofAuto().allocate(LENGTH, 64);
    private final List<String> received = new ArrayList<>();

    private Exchange attach() throws SharedMemoryException {
        return Exchange.over(memory, "damaged");
    }

    private void keep(ExchangeMessage message) {
        received.add(message.text());
    }

    private static int attachment(int slot) {
        return ExchangeDescriptor.ATTACHMENTS_OFFSET + slot * ExchangeDescriptor.ATTACHMENT_LENGTH;
    }

    @Test
    void shouldNotWaitForTheDeadNorCountThem() throws Exception {
        try (Exchange first = attach()) {
            memory.set(ValueLayout.JAVA_INT, attachment(5), NOBODY);
            assertThat(first.attached()).isEqualTo(1);
            for (int i = 0; i < 1000; i++) {
                assertThat(first.sendText("text " + i, NOT_AT_ALL)).isTrue();
            }
            assertThat(memory.get(ValueLayout.JAVA_INT, attachment(5))).isZero();
        }
    }

    @Test
    void shouldGiveTheAttachmentsOfTheDeadToOthers() throws Exception {
        for (int slot = 0; slot < ExchangeDescriptor.ATTACHMENTS; slot++) {
            memory.set(ValueLayout.JAVA_INT, attachment(slot), NOBODY);
        }
        try (Exchange first = attach()) {
            assertThat(first.attached()).isEqualTo(1);
        }
    }

    @Test
    void shouldFreeAnAttachmentWhoseReadingIsNowhere() throws Exception {
        try (Exchange first = attach();
                Exchange second = attach()) {
            memory.set(ValueLayout.JAVA_LONG, attachment(1) + ExchangeDescriptor.ATTACHMENT_POSITION_OFFSET, 1L << 40);
            for (int i = 0; i < 1000; i++) {
                assertThat(first.sendText("text " + i, NOT_AT_ALL)).isTrue();
            }
            assertThatThrownBy(() -> second.poll(this::keep, 1))
                    .isInstanceOf(ExchangeFormatException.class)
                    .hasMessageContaining("taken away");
            assertThatThrownBy(() -> second.await(Duration.ofHours(1))).isInstanceOf(ExchangeFormatException.class);
            assertThatThrownBy(() -> second.sendText("", NOT_AT_ALL)).isInstanceOf(ExchangeFormatException.class);
            assertThat(first.attached()).isEqualTo(1);
        }
    }

    @Test
    void shouldShowNothingOfAMessageWhoseSenderDied() throws Exception {
        final int quarter = ExchangeDescriptor.quarter(LENGTH);
        try (Exchange first = attach();
                Exchange second = attach()) {
            first.sendText("sent", NOT_AT_ALL);
            final long tail = memory.get(ValueLayout.JAVA_LONG, ExchangeDescriptor.TAIL_OFFSET);
            // All of a text is there but the tail, and the lock is held.
            final int slot = ExchangeDescriptor.TEXTS_OFFSET + quarter;
            memory.set(ValueLayout.JAVA_INT, slot + ExchangeDescriptor.TEXT_LENGTH_OFFSET, 4);
            memory.setString(slot + ExchangeDescriptor.TEXT_OFFSET, "half");
            memory.set(ValueLayout.JAVA_LONG, slot + ExchangeDescriptor.TEXT_POSITION_OFFSET, tail + 32);
            memory.set(ValueLayout.JAVA_LONG, ExchangeDescriptor.LOCK_OFFSET, NOBODY | 9L << 32);

            assertThat(second.text()).hasValue("sent");
            final byte[] typed = new byte[8];
            assertThat(first.send(new UnsafeBuffer(typed), 0, 8, NOT_AT_ALL)).isTrue();
            assertThat(second.text()).hasValue("sent");
            assertThat(second.poll(message -> received.add(message.isText() ? message.text() : "typed"), 10))
                    .isEqualTo(2);
            assertThat(received).containsExactly("sent", "typed");
        }
    }

    @Test
    void shouldGoOnBehindWhatIsDamaged() throws Exception {
        final int ring = ExchangeDescriptor.TEXTS_OFFSET + 2 * ExchangeDescriptor.quarter(LENGTH);
        try (Exchange first = attach();
                Exchange second = attach()) {
            first.sendText("broken", NOT_AT_ALL);
            memory.set(ValueLayout.JAVA_INT, ring + ExchangeDescriptor.MESSAGE_LENGTH_OFFSET, Integer.MAX_VALUE);
            assertThatThrownBy(() -> second.poll(this::keep, 1))
                    .isInstanceOf(ExchangeFormatException.class)
                    .hasMessageContaining("passed over");
            first.sendText("whole", NOT_AT_ALL);
            assertThat(second.poll(this::keep, 10)).isEqualTo(1);
            assertThat(received).containsExactly("whole");
        }
    }

    @Test
    void shouldSurviveAnyBytes() {
        assertTimeoutPreemptively(DEADLINE, () -> {
            int refused = 0;
            for (int seed = 0; seed < 1000; seed++) {
                refused += survive(new Random(seed)) ? 0 : 1;
            }
            assertThat(refused).isBetween(100, 999);
        });
    }

    /** Damages an exchange in use, then uses it on; false if anything was refused. */
    private boolean survive(Random random) throws Exception {
        memory.fill((byte) 0);
        boolean refused = false;
        Exchange first = null;
        Exchange second = null;
        try {
            first = attach();
            second = attach();
            first.sendText("before", NOT_AT_ALL);
            damage(random);
            for (int i = 0; i < 20; i++) {
                final Exchange exchange = i % 2 == 0 ? first : second;
                try {
                    exchange.sendText("x".repeat(random.nextInt(200)), NOT_AT_ALL);
                    exchange.await(NOT_AT_ALL);
                    exchange.text();
                    exchange.changes();
                    exchange.poll(message -> assertThat(message.text()).isNotNull(), 3);
                } catch (SharedMemoryException e) {
                    assertThat(e).hasMessageContaining("damaged");
                    refused = true;
                }
            }
            attach().close();
        } catch (SharedMemoryException e) {
            refused = true;
        } finally {
            if (first != null) {
                first.close();
            }
            if (second != null) {
                second.close();
            }
        }
        return !refused;
    }

    private void damage(Random random) {
        final int ring = ExchangeDescriptor.TEXTS_OFFSET + 2 * ExchangeDescriptor.quarter(LENGTH);
        for (int i = 0; i < 1 + random.nextInt(8); i++) {
            final int at = switch (random.nextInt(4)) {
                case 0 -> random.nextInt(ExchangeDescriptor.ATTACHMENTS_OFFSET);
                case 1 -> attachment(random.nextInt(3)) + random.nextInt(24);
                case 2 -> ring + random.nextInt(256);
                default -> random.nextInt(LENGTH);
            };
            // One that lives and holds the lock for ever would be waited for, and rightly.
            if (at < ExchangeDescriptor.LOCK_OFFSET || at >= ExchangeDescriptor.LOCK_OFFSET + 4) {
                memory.set(ValueLayout.JAVA_BYTE, at, (byte) (random.nextBoolean() ? random.nextInt() : -1));
            }
        }
    }
}
