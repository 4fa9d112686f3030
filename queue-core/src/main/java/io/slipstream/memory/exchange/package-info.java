/**
 * Texts and typed messages that programs, in Java and in C, hand to each other through a block of shared memory of any kind. It
 * knows shared memory and nothing of queues or telemetry; {@code ss_exchange} of libslipstream is the same in C.
 */
package io.slipstream.memory.exchange;
