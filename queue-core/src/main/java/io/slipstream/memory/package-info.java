/**
 * What the operating system knows of memory, files and processes. The only code that calls native functions; it knows nothing of queues or
 * telemetry.
 */
package io.slipstream.memory;
