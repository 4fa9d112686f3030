#include "error.h"
#include "exchange.h"
#include "system.h"

#include <string.h>

static int pass_over_all(ss_exchange *exchange, uint64_t tail, const char *what) {
  const uint64_t position = exchange->position;
  exchange->position = tail;
  return ss_exchange_damaged(
      exchange, "%s at %llu (passed over to %llu)", what, (unsigned long long)position, (unsigned long long)tail);
}

/*
 * Checks the message at our position. Nothing that stands there is believed: it may be damaged, and it may change while it is
 * looked at, so the header is copied first.
 */
static int check(ss_exchange *exchange, uint64_t tail, ss_exchange_header *header) {
  const uint32_t at = ss_exchange_at(exchange, exchange->position);
  memcpy(header, exchange->ring + at, sizeof *header);
  if (header->length > ss_exchange_max_length(exchange)) {
    return pass_over_all(exchange, tail, "a message with an impossible length");
  }
  const uint32_t padded = ss_exchange_padded(header->length);
  if (header->position != exchange->position || padded > tail - exchange->position || padded > exchange->ring_length - at) {
    return pass_over_all(exchange, tail, "no message");
  }
  if (header->type != SS_EXCHANGE_PADDING && header->type != SS_EXCHANGE_TEXT &&
      (header->type != SS_EXCHANGE_TYPED || header->length < SS_MESSAGE_HEADER_LENGTH)) {
    return pass_over_all(exchange, tail, "a message of an unknown type");
  }
  exchange->found = padded;
  return SS_OK;
}

int ss_exchange_peek(ss_exchange *exchange, ss_exchange_header *header) {
  uint64_t tail;
  int result = ss_exchange_tail(exchange, &tail);
  if (result != SS_OK) {
    return result;
  }
  if (tail < exchange->position || tail - exchange->position > exchange->ring_length) {
    return pass_over_all(exchange, tail, "no message");
  }
  while (exchange->position != tail) {
    result = check(exchange, tail, header);
    if (result != SS_OK) {
      return result;
    }
    const bool own = header->attachment == exchange->slot && header->epoch == (uint32_t)(exchange->owner >> 32);
    if (header->type != SS_EXCHANGE_PADDING && !own) {
      return 1;
    }
    exchange->position += exchange->found;
  }
  return 0;
}

bool ss_exchange_publish_position(ss_exchange *exchange) {
  if (exchange->position == exchange->published) {
    return false;
  }
  ss_exchange_memory *const memory = exchange->memory;
  atomic_store_explicit(&memory->attachments[exchange->slot].position, exchange->position, memory_order_release);
  exchange->published = exchange->position;
  atomic_thread_fence(memory_order_seq_cst);
  ss_wake_sleepers(&memory->room);
  return true;
}

/* Moves behind the message that was handed over last. */
static int begin(ss_exchange *exchange) {
  if (exchange->sends_only) {
    return ss_fail(
        &exchange->error, SS_ERR_ARGUMENT, 0, "this program said that it only sends to the exchange %.200s",
        exchange->name);
  }
  exchange->position += exchange->current;
  exchange->current = 0;
  return ss_exchange_require_mine(exchange);
}

int ss_exchange_next(ss_exchange *exchange, ss_exchange_message *message) {
  int result = begin(exchange);
  if (result != SS_OK) {
    return result;
  }
  ss_exchange_header header;
  result = ss_exchange_peek(exchange, &header);
  ss_exchange_publish_position(exchange);
  if (result != 1) {
    return result;
  }
  exchange->current = exchange->found;
  const uint8_t *const data = exchange->ring + ss_exchange_at(exchange, exchange->position) + SS_EXCHANGE_BODY_OFFSET;
  *message = (ss_exchange_message){
      .position = (int64_t)exchange->position,
      .data = data,
      .length = header.length,
      .sender = (int32_t)header.sender,
      .type = header.type,
  };
  if (header.type == SS_EXCHANGE_TYPED) {
    uint16_t fields[SS_MESSAGE_HEADER_LENGTH / sizeof(uint16_t)];
    memcpy(fields, data, sizeof fields);
    message->block_length = fields[0];
    message->template_id = fields[1];
    message->schema_id = fields[2];
    message->version = fields[3];
  }
  return 1;
}

int ss_exchange_wait(ss_exchange *exchange, int64_t timeout_ns) {
  int result = begin(exchange);
  if (result != SS_OK) {
    return result;
  }
  ss_wake_word *const news = &exchange->memory->news;
  const int64_t deadline = ss_deadline_ns(timeout_ns < 0 ? INT64_MAX : timeout_ns);
  ss_exchange_header header;
  for (;;) {
    result = ss_exchange_peek(exchange, &header);
    ss_exchange_publish_position(exchange);
    const int64_t left = result != 0 ? 0 : deadline - ss_monotonic_ns();
    if (left <= 0) {
      return result;
    }
    const uint32_t announced = ss_wake_announce(news);
    result = ss_exchange_peek(exchange, &header);
    if (result != 0) {
      return result;
    }
    ss_wake_sleep(news, announced, left < SS_EXCHANGE_SLICE_NS ? left : SS_EXCHANGE_SLICE_NS);
    result = ss_exchange_require_mine(exchange);
    if (result != SS_OK) {
      return result;
    }
  }
}

int ss_exchange_send_only(ss_exchange *exchange) {
  const int result = begin(exchange);
  if (result != SS_OK) {
    return result;
  }
  exchange->sends_only = true;
  exchange->position = exchange->published = SS_EXCHANGE_READS_NOTHING;
  ss_exchange_memory *const memory = exchange->memory;
  atomic_store(&memory->attachments[exchange->slot].position, SS_EXCHANGE_READS_NOTHING);
  atomic_thread_fence(memory_order_seq_cst);
  ss_wake_sleepers(&memory->room);
  return SS_OK;
}
