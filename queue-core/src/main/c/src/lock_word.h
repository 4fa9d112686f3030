/*
 * The bits of a lock between processes, as io.slipstream.memory.LockWordDescriptor has them; its page tells the protocol.
 *
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-----------------------------------------------------------+-+-+
 *  |                          owner                            |B|W|   0   the futex word
 *  +-----------------------------------------------------------+-+-+
 *  |                           generation                          |   4
 *  +---------------------------------------------------------------+
 *  |                      start of the owner                       |   8
 *  +---------------------------------------------------------------+
 *  |             generation that the start belongs to              |   12
 *  +---------------------------------------------------------------+
 *
 *   owner  pid (bits 0 to 29), or 0 if the lock is free
 *   B      the lock was broken while it was held (bit 30)
 *   W      somebody waits, or did (bit 31)
 *
 * The first 8 bytes change by compare-and-exchange alone. Each acquisition adds 1 to the generation, which tells an owner from
 * every other.
 */
#ifndef SS_LOCK_WORD_H
#define SS_LOCK_WORD_H

#include <stdatomic.h>
#include <stdint.h>

#define SS_LOCK_WAITERS (UINT64_C(1) << 31)
#define SS_LOCK_BROKEN (UINT64_C(1) << 30)
#define SS_LOCK_OWNER_MASK (SS_LOCK_BROKEN - 1)
#define SS_LOCK_GENERATION_MASK (UINT64_MAX << 32)

/* 16 bytes in memory that is shared. */
typedef struct ss_lock_memory {
  _Atomic uint64_t word;
  _Atomic uint64_t start;
} ss_lock_memory;

_Static_assert(sizeof(ss_lock_memory) == 16, "the layout is a promise");

static inline int32_t ss_lock_word_owner(uint64_t word) {
  return (int32_t)(word & SS_LOCK_OWNER_MASK);
}

static inline uint64_t ss_lock_word_acquired(uint64_t word, int32_t owner) {
  return ((word & SS_LOCK_GENERATION_MASK) + (UINT64_C(1) << 32)) | (uint64_t)(uint32_t)owner;
}

static inline uint64_t ss_lock_word_released(uint64_t word) {
  return word & SS_LOCK_GENERATION_MASK;
}

#endif
