/**
 * The queue on Chronicle files. The only code that names {@code net.openhft}; nothing but
 * {@link io.slipstream.queue.MessageQueue#open} may name it.
 */
package io.slipstream.queue.chronicle;
