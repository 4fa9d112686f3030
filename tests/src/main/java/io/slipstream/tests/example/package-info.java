/** Example programs in Java, counterparts of those in {@code queue-core/src/main/c/examples}. */
package io.slipstream.tests.example;
