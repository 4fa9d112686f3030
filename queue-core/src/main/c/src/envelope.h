/* The envelope of a message: see slipstream.h for its picture. */
#ifndef SS_ENVELOPE_H
#define SS_ENVELOPE_H

#include "slipstream.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define SS_ENVELOPE_VERSION 1
#define SS_ENVELOPE_TIMESTAMP_OFFSET 4
#define SS_ENVELOPE_MESSAGE_OFFSET 12
#define SS_ENVELOPE_BODY_OFFSET (SS_ENVELOPE_MESSAGE_OFFSET + SS_MESSAGE_HEADER_LENGTH)
#define SS_ENVELOPE_PADDING_MASK 0x07

static inline uint32_t ss_envelope_padding(size_t body_length) {
  return (uint32_t)(-body_length & 7);
}

/* Length of the document that carries a body: always 4 (mod 8). */
static inline int64_t ss_envelope_document_length(size_t body_length) {
  return SS_ENVELOPE_BODY_OFFSET + (int64_t)body_length + ss_envelope_padding(body_length);
}

/* Writes everything but the message. */
static inline void ss_envelope_put(uint8_t *document, size_t body_length, uint16_t source_id, int64_t timestamp) {
  const uint32_t padding = ss_envelope_padding(body_length);
  const uint32_t head = SS_ENVELOPE_VERSION | padding << 8 | (uint32_t)source_id << 16;
  memcpy(document, &head, sizeof head);
  memcpy(document + SS_ENVELOPE_TIMESTAMP_OFFSET, &timestamp, sizeof timestamp);
}

/* Reads a document; false if it is no message of ours. Reads nothing twice: another process may be writing. */
static inline bool ss_envelope_get(const uint8_t *document, int64_t length, ss_message *message) {
  uint32_t head;
  uint16_t header[4];
  // A body that is not aligned is no message of ours: publishers align documents first.
  if (length < SS_ENVELOPE_BODY_OFFSET || (length & 7) != 4 || ((uintptr_t)document & 7) != 4) {
    return false;
  }
  memcpy(&head, document, sizeof head);
  const uint32_t padding = head >> 8 & 0xFF;
  if ((head & 0xFF) != SS_ENVELOPE_VERSION || padding > SS_ENVELOPE_PADDING_MASK ||
      padding > length - SS_ENVELOPE_BODY_OFFSET) {
    return false;
  }
  memcpy(header, document + SS_ENVELOPE_MESSAGE_OFFSET, sizeof header);
  memcpy(&message->timestamp, document + SS_ENVELOPE_TIMESTAMP_OFFSET, sizeof message->timestamp);
  message->source_id = (uint16_t)(head >> 16);
  message->length = (uint32_t)(length - SS_ENVELOPE_BODY_OFFSET - padding);
  message->body = document + SS_ENVELOPE_BODY_OFFSET;
  message->block_length = header[0];
  message->template_id = header[1];
  message->schema_id = header[2];
  message->version = header[3];
  return message->block_length <= message->length;
}

#endif
