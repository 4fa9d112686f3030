/*
 * Insides of an exchange. The layout and the protocol are those of io.slipstream.memory.exchange.ExchangeDescriptor, whose page
 * tells them:
 *
 *     0  "SLIPEXCH"
 *     8  u32 version = 1
 *    16  u64 length of the exchange
 *    64  lock, 16 bytes
 *    80  u64 head: no attachment has yet to read what is before
 *   128  u64 tail: position behind the last message
 *   192  u32 wake word of those who wait for a message
 *   256  u32 wake word of those who wait for room
 *   320  16 attachments of 64 bytes: u64 pid and epoch, u64 start of the process, u64 position
 *  1344  2 text slots of Q bytes: u64 position, u32 length, u32 0, text
 *        ring of 2 Q bytes; a message: u64 position, u32 length, u16 type, u16 attachment, u32 pid, u32 epoch, 24: what it carries
 *
 *  Q = (length - 1344) / 4, rounded down to a multiple of 32
 */
#ifndef SS_EXCHANGE_H
#define SS_EXCHANGE_H

#include "slipstream.h"

#include "lock_word.h"
#include "wake.h"

#include <stdatomic.h>
#include <stdbool.h>

#define SS_EXCHANGE_VERSION 1
#define SS_EXCHANGE_MAX_LENGTH (UINT64_C(1) << 30)
#define SS_EXCHANGE_ATTACHMENTS 16
#define SS_EXCHANGE_ALIGNMENT 32
#define SS_EXCHANGE_BODY_OFFSET 24
#define SS_EXCHANGE_TEXT_OFFSET 16
#define SS_EXCHANGE_PADDING 0
#define SS_EXCHANGE_READS_NOTHING UINT64_MAX

/* How long to sleep at the most before looking again. */
#define SS_EXCHANGE_SLICE_NS INT64_C(50000000)

/* A message is copied within a microsecond or so; whoever holds the lock for so long was stopped. */
#define SS_EXCHANGE_PATIENCE_NS INT64_C(1000000000)

typedef struct ss_attachment {
  _Atomic uint64_t owner; /* pid, and above it the epoch */
  _Atomic uint64_t start;
  _Atomic uint64_t position;
  uint8_t unused[40];
} ss_attachment;

/* What an exchange begins with. */
typedef struct ss_exchange_memory {
  _Atomic uint64_t magic;
  _Atomic uint32_t version;
  uint32_t unused0;
  _Atomic uint64_t length;
  uint8_t unused1[40];
  ss_lock_memory lock;
  _Atomic uint64_t head;
  uint8_t unused2[40];
  _Atomic uint64_t tail;
  uint8_t unused3[56];
  ss_wake_word news;
  uint8_t unused4[60];
  ss_wake_word room;
  uint8_t unused5[60];
  ss_attachment attachments[SS_EXCHANGE_ATTACHMENTS];
} ss_exchange_memory;

_Static_assert(offsetof(ss_exchange_memory, lock) == 64, "the layout is a promise");
_Static_assert(offsetof(ss_exchange_memory, head) == 80, "the layout is a promise");
_Static_assert(offsetof(ss_exchange_memory, tail) == 128, "the layout is a promise");
_Static_assert(offsetof(ss_exchange_memory, news) == 192, "the layout is a promise");
_Static_assert(offsetof(ss_exchange_memory, room) == 256, "the layout is a promise");
_Static_assert(offsetof(ss_exchange_memory, attachments) == 320, "the layout is a promise");
_Static_assert(sizeof(ss_exchange_memory) == 1344, "the layout is a promise");

/* A message's header in the ring. */
typedef struct ss_exchange_header {
  uint64_t position;
  uint32_t length;
  uint16_t type;
  uint16_t attachment;
  uint32_t sender;
  uint32_t epoch;
} ss_exchange_header;

_Static_assert(sizeof(ss_exchange_header) == SS_EXCHANGE_BODY_OFFSET, "the layout is a promise");

struct ss_exchange {
  ss_exchange_memory *memory;
  uint8_t *ring;
  uint32_t quarter;
  uint32_t ring_length;
  uint32_t slot;  /* our attachment */
  uint64_t owner; /* what we wrote into it */
  uint64_t position;
  uint64_t published;
  uint32_t found;   /* padded length of the message at the position, which ss_exchange_peek found */
  uint32_t current; /* the same of the one that was handed over and not passed yet, or 0 */
  bool sends_only;
  bool in_own_way; /* what stood in the way of the last message to be sent was not read by ourselves */
  ss_lock lock;
  void *mapping; /* ours to unmap, or NULL */
  size_t mapping_length;
  ss_error error;
  char name[300];
};

/* What a message takes in the ring. */
static inline uint32_t ss_exchange_padded(uint32_t length) {
  return (SS_EXCHANGE_BODY_OFFSET + length + SS_EXCHANGE_ALIGNMENT - 1) & ~(uint32_t)(SS_EXCHANGE_ALIGNMENT - 1);
}

static inline bool ss_exchange_is_position(uint64_t value) {
  return value <= INT64_MAX && value % SS_EXCHANGE_ALIGNMENT == 0;
}

/* Where in the ring a position is. */
static inline uint32_t ss_exchange_at(const ss_exchange *exchange, uint64_t position) {
  return (uint32_t)(position % exchange->ring_length);
}

/* Says that the exchange is damaged: SS_ERR_CORRUPT. */
__attribute__((format(printf, 2, 3))) int ss_exchange_damaged(ss_exchange *exchange, const char *format, ...);

/* Reads the tail. SS_OK or SS_ERR_CORRUPT. */
int ss_exchange_tail(ss_exchange *exchange, uint64_t *tail);

/* ---- opening: makes a handle of a name, or NULL; attaches it to memory; gives it to the caller, or tells why not and frees it */

ss_exchange *ss_exchange_make(const char *name, ss_exchange **exchange, ss_error *error);
int ss_exchange_attach_over(ss_exchange *exchange, void *memory, size_t length);
int ss_exchange_finish(int result, ss_exchange *made, ss_exchange **exchange, ss_error *error);

/* ---- the lock and the attachments */

/* Takes the lock of the exchange. SS_OK or SS_ERR_LOCKED. */
int ss_exchange_acquire(ss_exchange *exchange);

/* Gives it back, a full fence. SS_OK or SS_ERR_LOCK_LOST. */
int ss_exchange_release(ss_exchange *exchange);

/* Whether a process has this attachment and lives. */
bool ss_exchange_is_live(const ss_attachment *attachment, uint64_t owner);

/* Takes an attachment away from its owner, if it is still his. */
void ss_exchange_free_attachment(ss_attachment *attachment, uint64_t owner);

/* SS_OK, or SS_ERR_CORRUPT if our attachment is no longer ours. */
int ss_exchange_require_mine(ss_exchange *exchange);

/* ---- receiving */

/*
 * Looks for the next message of another, passing over others. 1 with its header as it was checked, 0, or SS_ERR_CORRUPT: then
 * all that was there has been passed over.
 */
int ss_exchange_peek(ss_exchange *exchange, ss_exchange_header *header);

/* Lets others overwrite what was passed over; false if that is nothing new. */
bool ss_exchange_publish_position(ss_exchange *exchange);

#endif
