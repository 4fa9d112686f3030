#include "peer.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define UNKNOWN INT64_C(-1)

void reading_seek(reading *target, bool to_start) {
  const text list = target->list;
  memset(target, 0, sizeof *target);
  target->list = list;
  target->from_start = to_start;
  target->previous = INT64_MIN;
}

void reading_begin(reading *target, bool gaps, bool listing) {
  target->gaps = gaps;
  target->listing = listing;
  target->list.length = 0;
  target->messages = 0;
  target->first = SS_NO_POSITION;
  target->last = SS_NO_POSITION;
}

static source_reading *source_of(reading *target, uint16_t id) {
  for (size_t i = 0; i < target->sources; i++) {
    if (target->by_source[i].id == id) {
      return &target->by_source[i];
    }
  }
  /* More sources than any test has share the last place, and show as violations. */
  const size_t index = target->sources < MAX_SOURCES ? target->sources++ : MAX_SOURCES - 1;
  source_reading *source = &target->by_source[index];
  memset(source, 0, sizeof *source);
  source->id = id;
  source->expected = target->from_start ? 0 : UNKNOWN;
  source->first = UNKNOWN;
  source->timestamp = INT64_MIN;
  return source;
}

static void violate(reading *target, const char *what, int64_t expected, int64_t found, const ss_message *message) {
  if (target->violation[0] == 0) {
    snprintf(
        target->violation, sizeof target->violation,
        "%s:source=%u:expected=%" PRId64 ":found=%" PRId64 ":position=%" PRId64 ":length=%u", what, message->source_id,
        expected, found, message->position, message->length);
  }
}

static void digest(reading *target, const ss_message *message, int64_t sequence) {
  uint64_t value = target->digest;
  value = content_mix(value ^ (uint64_t)message->position);
  value = content_mix(value ^ (uint64_t)message->timestamp);
  value = content_mix(
      value ^ ((uint64_t)message->source_id << 48 | (uint64_t)message->template_id << 32 |
               (uint64_t)message->schema_id << 16 | message->version));
  value = content_mix(value ^ ((uint64_t)message->block_length << 32 | message->length));
  target->digest = content_mix(value ^ (uint64_t)sequence);
}

void reading_add(reading *target, const ss_message *message) {
  source_reading *source = source_of(target, message->source_id);
  int64_t sequence = source->expected > 0 ? source->expected : 0;
  if (message->length >= sizeof sequence) {
    memcpy(&sequence, message->body, sizeof sequence);
  }
  if (message->position <= target->previous) {
    target->disordered++;
    violate(target, "disordered", target->previous, message->position, message);
  }
  if (((uintptr_t)message->body & 7) != 0) {
    target->unaligned++;
    violate(target, "unaligned", 0, (int64_t)((uintptr_t)message->body & 7), message);
  }
  if (message->timestamp < source->timestamp) {
    target->backwards++;
    violate(target, "backwards", source->timestamp, message->timestamp, message);
  }
  if (!content_matches(message->body, message->source_id, (uint64_t)sequence, message->length)) {
    target->torn++;
    violate(target, "torn", source->expected, sequence, message);
  } else if (source->expected != UNKNOWN && sequence < source->expected) {
    target->repeated++;
    violate(target, "repeated", source->expected, sequence, message);
  } else if (source->expected != UNKNOWN && sequence > source->expected && !target->gaps) {
    target->lost += sequence - source->expected;
    violate(target, "lost", source->expected, sequence, message);
  }
  if (target->messages == 0) {
    target->first = message->position;
  }
  target->last = message->position;
  target->previous = message->position;
  target->messages++;
  if (source->count == 0) {
    source->first = sequence;
  }
  source->last = sequence;
  source->expected = sequence + 1;
  source->timestamp = message->timestamp;
  source->count++;
  source->positions = content_mix(source->positions ^ (uint64_t)message->position);
  digest(target, message, sequence);
  if (target->listing) {
    text_add(
        &target->list, "%s%" PRId64 ":%u:%" PRId64 ":%u:%u:%" PRId64, target->list.length == 0 ? "" : ",",
        message->position, message->source_id, sequence, message->template_id, message->length, message->timestamp);
  }
}

void reading_answer(const reading *source, int64_t moved, text *answer) {
  text_add(
      answer, "ok moved=%" PRId64 " messages=%" PRId64 " first=%" PRId64 " last=%" PRId64, moved, source->messages,
      source->first, source->last);
  text_add(
      answer,
      " lost=%" PRId64 " repeated=%" PRId64 " torn=%" PRId64 " disordered=%" PRId64 " backwards=%" PRId64
      " unaligned=%" PRId64,
      source->lost, source->repeated, source->torn, source->disordered, source->backwards, source->unaligned);
  text_add(answer, " digest=%" PRIx64 " sources=", source->digest);
  /* In the order of their ids, as the other peer lists them. */
  int64_t before = -1;
  for (size_t listed = 0; listed < source->sources; listed++) {
    const source_reading *next = NULL;
    for (size_t i = 0; i < source->sources; i++) {
      const source_reading *candidate = &source->by_source[i];
      if (candidate->id > before && (next == NULL || candidate->id < next->id)) {
        next = candidate;
      }
    }
    if (next == NULL) {
      break;
    }
    before = next->id;
    text_add(
        answer, "%s%u:%" PRId64 ":%" PRId64 ":%" PRId64 ":%" PRIx64, listed == 0 ? "" : ",", next->id, next->count,
        next->first, next->last, next->positions);
  }
  if (source->violation[0] != 0) {
    text_add(answer, " violation=%s", source->violation);
  }
  if (source->listing) {
    text_add(answer, " list=%s", source->list.length == 0 ? "" : source->list.data);
  }
}
