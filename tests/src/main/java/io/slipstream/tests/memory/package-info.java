/** Programs of the tests that share memory with others, and the ones that the tests build to share it with. */
package io.slipstream.tests.memory;
