/**
 * Processes that publish or read a queue until they are told to stop, or killed: {@link io.slipstream.tests.faults.Worker} in a
 * JVM, {@code tests/src/main/c/worker.c} natively. They take the same arguments and say the same.
 *
 * <pre>
 *   publish DIRECTORY BLOCK SOURCE COUNT PAUSE_NS HOLD_NS LEDGER
 *       Publishes COUNT messages, or without end if that is 0: one by one, in batches (which Java has not) and through claims in
 *       turn. PAUSE_NS: between calls; HOLD_NS: how long a claim is open at the most; LEDGER: a file, or -.
 *         ready            the queue is open; goes on when it is sent a line
 *         publishing       the first call has returned
 *         progress ...     each second
 *         done published longest takeovers ...
 *
 *   read DIRECTORY BLOCK
 *       Reads and checks everything from the start on, asleep while there is nothing to read.
 *         ready
 *         violation: ...
 *         progress ...     each second
 *         counts source=messages ...
 *         done messages violations foreign last digest positions ...
 *
 *   describe DIRECTORY BLOCK       native only
 *         done owner first last files disk
 * </pre>
 *
 * <p>Numbers are decimal; positions and digests are hexadecimal; times are in ns. When its standard input ends a publisher stops,
 * and so does a reader once it has seen nothing new for a second. Whoever fails says {@code error ...} and ends with status 1.
 */
package io.slipstream.tests.faults;
