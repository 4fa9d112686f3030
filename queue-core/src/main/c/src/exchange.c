#include "exchange.h"

#include "error.h"
#include "system.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define EPOCH (UINT64_C(1) << 32)
#define PID_MASK (EPOCH - 1)

int ss_exchange_damaged(ss_exchange *exchange, const char *format, ...) {
  char what[200];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(what, sizeof what, format, arguments);
  va_end(arguments);
  return ss_fail(
      &exchange->error, SS_ERR_CORRUPT, 0,
      "the exchange %.120s is damaged: %s; another program has written into it: end the programs that use it and make it "
      "anew",
      exchange->name, what);
}

int ss_exchange_tail(ss_exchange *exchange, uint64_t *tail) {
  *tail = atomic_load_explicit(&exchange->memory->tail, memory_order_acquire);
  return ss_exchange_is_position(*tail) ? SS_OK : ss_exchange_damaged(exchange, "its tail is %lld", (long long)*tail);
}

int ss_exchange_acquire(ss_exchange *exchange) {
  const int result = ss_lock_acquire(&exchange->lock, SS_EXCHANGE_PATIENCE_NS);
  return result >= 0
             ? SS_OK
             : ss_fail(
                   &exchange->error, SS_ERR_LOCKED, 0,
                   "process %d has held the lock of the exchange %.200s for over a second: it was stopped; continue "
                   "or end it",
                   (int)ss_lock_owner(&exchange->lock), exchange->name);
}

int ss_exchange_release(ss_exchange *exchange) {
  return ss_lock_release(&exchange->lock) == SS_OK
             ? SS_OK
             : ss_fail(
                   &exchange->error, SS_ERR_LOCK_LOST, 0,
                   "the lock of the exchange %.200s was taken away while it was held: what was begun may not be done",
                   exchange->name);
}

/* ---- attachments */

bool ss_exchange_is_live(const ss_attachment *attachment, uint64_t owner) {
  const int32_t pid = (int32_t)(owner & PID_MASK);
  if (pid <= 0 || ss_process_is_gone(pid)) {
    return false;
  }
  const uint64_t start = atomic_load_explicit(&attachment->start, memory_order_acquire);
  const uint64_t present = start == 0 ? 0 : ss_process_start(pid);
  return present == 0 || present == start;
}

void ss_exchange_free_attachment(ss_attachment *attachment, uint64_t owner) {
  atomic_compare_exchange_strong(&attachment->owner, &owner, owner & ~PID_MASK);
}

int ss_exchange_require_mine(ss_exchange *exchange) {
  if (atomic_load_explicit(&exchange->memory->attachments[exchange->slot].owner, memory_order_acquire) == exchange->owner) {
    return SS_OK;
  }
  return ss_fail(
      &exchange->error, SS_ERR_CORRUPT, 0,
      "the attachment to the exchange %.120s was taken away: another program took this one for dead or damaged, as it may "
      "where they do not share a pid namespace; messages may have been missed: close it and attach again",
      exchange->name);
}

/* Gives the attachment back. Somebody may wait for room that this program kept. */
static void detach(ss_exchange *exchange) {
  ss_exchange_free_attachment(&exchange->memory->attachments[exchange->slot], exchange->owner);
  atomic_thread_fence(memory_order_seq_cst);
  ss_wake_sleepers(&exchange->memory->room);
}

/* Under the lock. */
static int attach(ss_exchange *exchange) {
  uint64_t tail;
  const int result = ss_exchange_tail(exchange, &tail);
  if (result != SS_OK) {
    return result;
  }
  for (uint32_t slot = 0; slot < SS_EXCHANGE_ATTACHMENTS; slot++) {
    ss_attachment *const attachment = &exchange->memory->attachments[slot];
    const uint64_t before = atomic_load_explicit(&attachment->owner, memory_order_acquire);
    if (!ss_exchange_is_live(attachment, before)) {
      const int32_t pid = (int32_t)getpid();
      exchange->slot = slot;
      exchange->owner = ((before & ~PID_MASK) + EPOCH) | (uint64_t)(uint32_t)pid;
      exchange->position = exchange->published = tail;
      atomic_store_explicit(&attachment->position, tail, memory_order_release);
      atomic_store_explicit(&attachment->start, ss_process_start(pid), memory_order_release);
      atomic_store_explicit(&attachment->owner, exchange->owner, memory_order_release);
      return SS_OK;
    }
  }
  return ss_fail(
      &exchange->error, SS_ERR_NO_SPACE, 0, "the exchange %.200s has %d programs attached already: end one of them",
      exchange->name, SS_EXCHANGE_ATTACHMENTS);
}

int ss_exchange_attached(const ss_exchange *exchange) {
  int count = 0;
  for (int slot = 0; slot < SS_EXCHANGE_ATTACHMENTS; slot++) {
    const ss_attachment *const attachment = &exchange->memory->attachments[slot];
    count += ss_exchange_is_live(attachment, atomic_load_explicit(&attachment->owner, memory_order_acquire)) ? 1 : 0;
  }
  return count;
}

/* ---- opening */

static uint64_t magic(void) {
  uint64_t value;
  memcpy(&value, "SLIPEXCH", sizeof value);
  return value;
}

/* Makes memory that is zero an exchange, beside others that do the same; checks what is there. */
static int format(ss_exchange *exchange, uint64_t size) {
  ss_exchange_memory *const memory = exchange->memory;
  uint64_t found = 0;
  if (!atomic_compare_exchange_strong(&memory->magic, &found, magic()) && found != magic()) {
    return ss_fail(
        &exchange->error, SS_ERR_FORMAT, 0,
        "%.200s holds something else: it does not begin with SLIPEXCH; use another name", exchange->name);
  }
  uint32_t version = 0;
  if (!atomic_compare_exchange_strong(&memory->version, &version, SS_EXCHANGE_VERSION) && version != SS_EXCHANGE_VERSION) {
    return ss_fail(
        &exchange->error, SS_ERR_VERSION, 0,
        "%.200s holds an exchange of version %u, this library knows %d: use one version for all", exchange->name, version,
        SS_EXCHANGE_VERSION);
  }
  size = size < SS_EXCHANGE_MAX_LENGTH ? size : SS_EXCHANGE_MAX_LENGTH;
  uint64_t length = 0;
  if (atomic_compare_exchange_strong(&memory->length, &length, size)) {
    length = size;
  }
  if (length < SS_EXCHANGE_MIN_LENGTH || length > size) {
    return ss_exchange_damaged(
        exchange, "%llu bytes of exchange in %llu of memory", (unsigned long long)length, (unsigned long long)size);
  }
  exchange->quarter = (uint32_t)((length - sizeof *memory) / 4) & ~(uint32_t)(SS_EXCHANGE_ALIGNMENT - 1);
  exchange->ring_length = 2 * exchange->quarter;
  exchange->ring = (uint8_t *)memory + sizeof *memory + 2 * (size_t)exchange->quarter;
  return SS_OK;
}

int ss_exchange_attach_over(ss_exchange *exchange, void *memory, size_t length) {
  if (memory == NULL || (uintptr_t)memory % sizeof(uint64_t) != 0 || length < SS_EXCHANGE_MIN_LENGTH) {
    return ss_fail(
        &exchange->error, SS_ERR_ARGUMENT, 0,
        "%.200s: an exchange needs at least %d bytes at an address that is a multiple of 8, not %zu", exchange->name,
        SS_EXCHANGE_MIN_LENGTH, length);
  }
  exchange->memory = memory;
  int result = format(exchange, length);
  if (result == SS_OK) {
    ss_lock_init(&exchange->lock, &exchange->memory->lock);
    result = ss_exchange_acquire(exchange);
  }
  if (result == SS_OK) {
    result = attach(exchange);
    const int released = ss_exchange_release(exchange);
    if (result == SS_OK && released != SS_OK) {
      detach(exchange);
      result = released;
    }
  }
  return result;
}

int ss_exchange_finish(int result, ss_exchange *made, ss_exchange **exchange, ss_error *error) {
  if (result == SS_OK) {
    *exchange = made;
    return SS_OK;
  }
  if (error != NULL) {
    *error = made->error;
  }
  if (made->mapping != NULL) {
    munmap(made->mapping, made->mapping_length);
  }
  free(made);
  return result;
}

ss_exchange *ss_exchange_make(const char *name, ss_exchange **exchange, ss_error *error) {
  *exchange = NULL;
  ss_exchange *const made = calloc(1, sizeof *made);
  if (made == NULL) {
    ss_fail(error, SS_ERR_NO_MEMORY, ENOMEM, "no memory for an exchange");
    return NULL;
  }
  snprintf(made->name, sizeof made->name, "%s", name);
  return made;
}

int ss_exchange_over(void *memory, size_t length, ss_exchange **exchange, ss_error *error) {
  ss_exchange *const made = ss_exchange_make("over the caller's memory", exchange, error);
  return made == NULL ? SS_ERR_NO_MEMORY
                      : ss_exchange_finish(ss_exchange_attach_over(made, memory, length), made, exchange, error);
}

void ss_exchange_close(ss_exchange *exchange) {
  if (exchange == NULL) {
    return;
  }
  detach(exchange);
  if (exchange->mapping != NULL) {
    munmap(exchange->mapping, exchange->mapping_length);
  }
  free(exchange);
}

const ss_error *ss_exchange_error(const ss_exchange *exchange) {
  return &exchange->error;
}

size_t ss_exchange_max_length(const ss_exchange *exchange) {
  return exchange->quarter - SS_EXCHANGE_BODY_OFFSET;
}

int64_t ss_exchange_changes(const ss_exchange *exchange) {
  const uint64_t tail = atomic_load_explicit(&exchange->memory->tail, memory_order_acquire);
  return (int64_t)(tail / SS_EXCHANGE_ALIGNMENT);
}
