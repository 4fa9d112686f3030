/**
 * Looks whether a session is whole: every document, every frame, and whether summary and index agree with them. Only reads, and
 * knows nothing of how damage is mended.
 */
package io.slipstream.replay.verify;
