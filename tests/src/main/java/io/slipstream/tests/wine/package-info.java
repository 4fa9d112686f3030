/** What the tests with Windows programs run in a process of its own. */
package io.slipstream.tests.wine;
