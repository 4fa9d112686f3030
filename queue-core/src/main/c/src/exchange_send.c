#include "error.h"
#include "exchange.h"
#include "system.h"

#include <string.h>

/* A copy of the latest text fails when two more are sent meanwhile. */
#define TEXT_TRIES 1000

/* What is to be sent. */
typedef struct outgoing {
  const void *data;
  uint32_t length;
  uint16_t type;
} outgoing;

/* ---- the latest text: two slots, read while others write, so that every word is an atomic one */

typedef _Atomic uint64_t word;

static word *slot_of(const ss_exchange *exchange, int slot) {
  return (word *)(uintptr_t)((uint8_t *)exchange->memory + sizeof *exchange->memory + (size_t)slot * exchange->quarter);
}

static uint64_t position_of(const ss_exchange *exchange, int slot) {
  return atomic_load_explicit(slot_of(exchange, slot), memory_order_acquire);
}

static bool is_sent(uint64_t position, uint64_t tail) {
  return position != 0 && position <= tail;
}

/* The slot of the latest text, or -1. */
static int latest_slot(const ss_exchange *exchange, uint64_t tail) {
  const uint64_t first = position_of(exchange, 0);
  const uint64_t second = position_of(exchange, 1);
  if (is_sent(second, tail) && (second > first || !is_sent(first, tail))) {
    return 1;
  }
  return is_sent(first, tail) ? 0 : -1;
}

/* Forgets texts that their sender died before he had sent. Under the lock, before the tail moves over them. */
static void forget_unsent(ss_exchange *exchange, uint64_t tail) {
  for (int slot = 0; slot < 2; slot++) {
    const uint64_t position = position_of(exchange, slot);
    if (position != 0 && !is_sent(position, tail)) {
      atomic_store_explicit(slot_of(exchange, slot), 0, memory_order_release);
    }
  }
}

/* Puts a text where the latest is not. It counts once the tail is at its end. Under the lock. */
static void put_text(ss_exchange *exchange, uint64_t tail, uint64_t end, const outgoing *text) {
  word *const place = slot_of(exchange, latest_slot(exchange, tail) == 0 ? 1 : 0);
  // Release: whoever reads any of it sees that the position is gone.
  atomic_store_explicit(&place[0], 0, memory_order_relaxed);
  atomic_store_explicit(&place[1], text->length, memory_order_release);
  word *to = place + SS_EXCHANGE_TEXT_OFFSET / sizeof *to;
  for (uint32_t at = 0; at < text->length; at += (uint32_t)sizeof *to) {
    uint64_t value = 0;
    const uint32_t rest = text->length - at;
    memcpy(&value, (const uint8_t *)text->data + at, rest < sizeof value ? rest : sizeof value);
    atomic_store_explicit(to++, value, memory_order_release);
  }
  atomic_store_explicit(&place[0], end, memory_order_release);
}

/* Copies the latest text if there is room. Its length, SS_ERR_NO_MESSAGE, SS_ERR_CORRUPT, or SS_ERR_TIMEOUT if it was torn. */
static int64_t copy_text(ss_exchange *exchange, char *text, size_t size) {
  uint64_t tail;
  const int result = ss_exchange_tail(exchange, &tail);
  if (result != SS_OK) {
    return result;
  }
  const int slot = latest_slot(exchange, tail);
  if (slot < 0) {
    return position_of(exchange, 0) == 0 && position_of(exchange, 1) == 0 ? SS_ERR_NO_MESSAGE : SS_ERR_TIMEOUT;
  }
  const word *const place = slot_of(exchange, slot);
  const uint64_t position = position_of(exchange, slot);
  const uint64_t length = (uint32_t)atomic_load_explicit(&place[1], memory_order_acquire);
  const word *from = place + SS_EXCHANGE_TEXT_OFFSET / sizeof *from;
  const bool possible = length <= ss_exchange_max_length(exchange);
  if (possible && length < size) {
    for (uint64_t at = 0; at < length; at += sizeof *from) {
      const uint64_t value = atomic_load_explicit(from++, memory_order_acquire);
      memcpy(text + at, &value, length - at < sizeof value ? length - at : sizeof value);
    }
    text[length] = 0;
  }
  if (position_of(exchange, slot) != position || !is_sent(position, tail)) {
    return SS_ERR_TIMEOUT;
  }
  return possible ? (int64_t)length : ss_exchange_damaged(exchange, "its latest text has %u bytes", (unsigned)length);
}

int64_t ss_exchange_text(ss_exchange *exchange, char *text, size_t size) {
  int64_t result = SS_ERR_TIMEOUT;
  for (int i = 0; i < TEXT_TRIES && result == SS_ERR_TIMEOUT; i++) {
    result = copy_text(exchange, text, size);
  }
  if (result == SS_ERR_TIMEOUT) {
    // Others send texts without a pause, or one died while he did.
    result = ss_exchange_acquire(exchange);
    if (result == SS_OK) {
      uint64_t tail;
      result = ss_exchange_tail(exchange, &tail);
      if (result == SS_OK) {
        forget_unsent(exchange, tail);
        result = copy_text(exchange, text, size);
      }
      ss_exchange_release(exchange);
    }
  }
  if (result == SS_ERR_TIMEOUT) {
    ss_fail(
        &exchange->error, SS_ERR_TIMEOUT, 0,
        "the latest text of the exchange %.200s changed under its lock, which somebody broke perhaps: try again",
        exchange->name);
  }
  if (result == SS_ERR_NO_MESSAGE) {
    ss_fail(&exchange->error, SS_ERR_NO_MESSAGE, 0, "no text was sent to the exchange %.200s yet", exchange->name);
  }
  return result;
}

/* ---- sending */

/*
 * The least position that is still to be read, at most the tail; attachments that are before what is wanted are freed if their
 * process is dead or their position is none. Under the lock.
 */
static uint64_t find_head(ss_exchange *exchange, uint64_t tail, uint64_t wanted) {
  uint64_t least = tail;
  exchange->in_own_way = false;
  for (uint32_t slot = 0; slot < SS_EXCHANGE_ATTACHMENTS; slot++) {
    ss_attachment *const attachment = &exchange->memory->attachments[slot];
    const uint64_t owner = atomic_load_explicit(&attachment->owner, memory_order_acquire);
    const uint64_t position = atomic_load_explicit(&attachment->position, memory_order_acquire);
    if ((uint32_t)owner == 0 || position == SS_EXCHANGE_READS_NOTHING) {
      continue;
    }
    const bool possible = ss_exchange_is_position(position) && position <= tail && tail - position <= exchange->ring_length;
    if (!possible || (position < wanted && slot != exchange->slot && !ss_exchange_is_live(attachment, owner))) {
      ss_exchange_free_attachment(attachment, owner);
    } else if (position < least) {
      least = position;
    }
    exchange->in_own_way |= possible && position < wanted && slot == exchange->slot;
  }
  return least;
}

static bool has_room(ss_exchange *exchange, uint64_t tail, uint64_t end) {
  if (end <= exchange->ring_length) {
    return true;
  }
  const uint64_t wanted = end - exchange->ring_length;
  uint64_t head = atomic_load_explicit(&exchange->memory->head, memory_order_acquire);
  if (head < wanted || head > tail) {
    head = find_head(exchange, tail, wanted);
    atomic_store_explicit(&exchange->memory->head, head, memory_order_release);
  }
  return head >= wanted;
}

static void put_header(const ss_exchange *exchange, uint64_t position, uint32_t length, uint16_t type) {
  const ss_exchange_header header = {
      .position = position,
      .length = length,
      .type = type,
      .attachment = (uint16_t)exchange->slot,
      .sender = (uint32_t)exchange->owner,
      .epoch = (uint32_t)(exchange->owner >> 32),
  };
  memcpy(exchange->ring + ss_exchange_at(exchange, position), &header, sizeof header);
}

/* Appends a message and publishes it: 1, 0 if there is no room, SS_ERR_CORRUPT. Under the lock. */
static int append(ss_exchange *exchange, const outgoing *message) {
  uint64_t tail;
  const int result = ss_exchange_tail(exchange, &tail);
  if (result != SS_OK) {
    return result;
  }
  const uint32_t size = ss_exchange_padded(message->length);
  const uint32_t rest = exchange->ring_length - ss_exchange_at(exchange, tail);
  const uint32_t padding = rest < size ? rest : 0;
  const uint64_t position = tail + padding;
  const uint64_t end = position + size;
  if (end > INT64_MAX) {
    return ss_exchange_damaged(exchange, "its tail is %llu", (unsigned long long)tail);
  }
  if (!has_room(exchange, tail, end)) {
    return 0;
  }
  forget_unsent(exchange, tail);
  if (padding > 0) {
    put_header(exchange, tail, padding - SS_EXCHANGE_BODY_OFFSET, SS_EXCHANGE_PADDING);
  }
  put_header(exchange, position, message->length, message->type);
  if (message->length > 0) {
    memcpy(exchange->ring + ss_exchange_at(exchange, position) + SS_EXCHANGE_BODY_OFFSET, message->data, message->length);
  }
  if (message->type == SS_EXCHANGE_TEXT) {
    put_text(exchange, tail, end, message);
  }
  atomic_store_explicit(&exchange->memory->tail, end, memory_order_release);
  return 1;
}

static int write_message(ss_exchange *exchange, const outgoing *message) {
  int result = ss_exchange_require_mine(exchange);
  result = result == SS_OK ? ss_exchange_acquire(exchange) : result;
  if (result != SS_OK) {
    return result;
  }
  const int appended = append(exchange, message);
  result = ss_exchange_release(exchange);
  if (appended == 1) {
    ss_wake_sleepers(&exchange->memory->news);
  }
  return result == SS_OK ? appended : result;
}

static int try_send(ss_exchange *exchange, const outgoing *message) {
  int result = write_message(exchange, message);
  if (result == 0 && !exchange->sends_only && exchange->current == 0) {
    // What this program sent itself takes room too, until it is passed over.
    ss_exchange_header header;
    const int found = ss_exchange_peek(exchange, &header);
    if (ss_exchange_publish_position(exchange)) {
      result = found < 0 ? found : write_message(exchange, message);
    }
  }
  return result;
}

/* Whether no wait brings room, since what stands in the way is the message that this program keeps. */
static bool waits_for_itself(const ss_exchange *exchange) {
  return exchange->in_own_way && exchange->current != 0;
}

static int send_message(ss_exchange *exchange, const outgoing *message, int64_t timeout_ns) {
  if (message->length > ss_exchange_max_length(exchange)) {
    return ss_fail(
        &exchange->error, SS_ERR_TOO_LONG, 0,
        "a message of %u bytes is longer than the %zu that the exchange %.200s takes: make a larger one, or split it",
        (unsigned)message->length, ss_exchange_max_length(exchange), exchange->name);
  }
  int result = try_send(exchange, message);
  if (result == 0 && timeout_ns != 0) {
    ss_wake_word *const room = &exchange->memory->room;
    const int64_t deadline = ss_deadline_ns(timeout_ns < 0 ? INT64_MAX : timeout_ns);
    int64_t left;
    // Asked after every try: others may move the ring on until our own message is in the way.
    while (result == 0 && !waits_for_itself(exchange) && (left = deadline - ss_monotonic_ns()) > 0) {
      const uint32_t announced = ss_wake_announce(room);
      result = try_send(exchange, message);
      if (result == 0 && !waits_for_itself(exchange)) {
        ss_wake_sleep(room, announced, left < SS_EXCHANGE_SLICE_NS ? left : SS_EXCHANGE_SLICE_NS);
        result = try_send(exchange, message);
      }
    }
  }
  if (result == 0 && waits_for_itself(exchange)) {
    return ss_fail(
        &exchange->error, SS_ERR_TIMEOUT, 0,
        "no room in the exchange %.200s while this program keeps the message that it took last: take the next, or wait",
        exchange->name);
  }
  if (result == 0) {
    return ss_fail(
        &exchange->error, SS_ERR_TIMEOUT, 0,
        "no room in the exchange %.200s: a program that is attached has not read what stands there", exchange->name);
  }
  return result == 1 ? SS_OK : result;
}

static uint32_t bounded(size_t length) {
  return length < UINT32_MAX ? (uint32_t)length : UINT32_MAX;
}

int ss_exchange_send(ss_exchange *exchange, const void *message, size_t length, int64_t timeout_ns) {
  if (message == NULL || length < SS_MESSAGE_HEADER_LENGTH) {
    return ss_fail(
        &exchange->error, SS_ERR_ARGUMENT, 0, "a typed message begins with %d bytes of SBE message header, not %zu",
        SS_MESSAGE_HEADER_LENGTH, length);
  }
  return send_message(
      exchange, &(outgoing){.data = message, .length = bounded(length), .type = SS_EXCHANGE_TYPED}, timeout_ns);
}

int ss_exchange_send_text(ss_exchange *exchange, const char *text, size_t length, int64_t timeout_ns) {
  if (text == NULL && length > 0) {
    return ss_fail(&exchange->error, SS_ERR_ARGUMENT, 0, "no text");
  }
  return send_message(exchange, &(outgoing){.data = text, .length = bounded(length), .type = SS_EXCHANGE_TEXT}, timeout_ns);
}
