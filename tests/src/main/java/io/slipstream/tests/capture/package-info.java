/** Real captures, brought into a form that tests and benchmarks can run on. */
package io.slipstream.tests.capture;
