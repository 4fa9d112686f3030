/*
 * The lock under which a queue is appended to: one word in the table store, taken by every process that writes, JVMs among
 * them.
 *
 *    63                            32 31                             0
 *   +--------------------------------+--------------------------------+
 *   | 1 0 0 ...                     0|0                              0|   free
 *   +-+-+----------------------------+--------------------------------+
 *   |0|1| start of the process       | pid                            |   owned by a process of this library
 *   +-+-+----------------------------+--------------------------------+
 *   |0|0| 0, or a thread's id        | pid                            |   owned by a JVM
 *   +-+-+----------------------------+--------------------------------+
 *
 * The start is that of /proc/PID/stat, field 22, its low 30 bits: it tells an owner that died from another process that has
 * been given its pid since. A pid means something only within one pid namespace.
 */
#ifndef SS_WRITE_LOCK_H
#define SS_WRITE_LOCK_H

#include "table_store.h"

typedef struct ss_write_lock {
  ss_shared_int64 *word;
  int64_t self;
} ss_write_lock;

/* What waiting for the lock came to. */
typedef struct ss_write_lock_wait {
  int64_t waited_ns; /* 0 if it was free */
  int32_t dead;      /* pid of the dead owner that it was taken from, or 0: what it left must be examined */
  int32_t owner;     /* on SS_ERR_LOCKED, who has it */
} ss_write_lock_wait;

#define SS_UNLOCKED INT64_MIN

/* What this process writes into the word. */
int64_t ss_write_lock_self(void);

/* Pid of the owner that a word names, or 0 if the lock is free. */
int32_t ss_write_lock_owner(int64_t word);

/* Takes the lock however long it takes, at most timeout_ns. SS_OK or SS_ERR_LOCKED. */
int ss_write_lock_wait_for(const ss_write_lock *lock, int64_t timeout_ns, ss_write_lock_wait *wait);

/* Takes the lock if it is free. */
static inline bool ss_write_lock_try(const ss_write_lock *lock) {
  int64_t expected = SS_UNLOCKED;
  return atomic_compare_exchange_strong_explicit(
      lock->word, &expected, lock->self, memory_order_seq_cst, memory_order_relaxed);
}

/* Gives the lock back; false if it is not ours any more. A full fence. */
static inline bool ss_write_lock_release(const ss_write_lock *lock) {
  int64_t expected = lock->self;
  return atomic_compare_exchange_strong_explicit(
      lock->word, &expected, SS_UNLOCKED, memory_order_seq_cst, memory_order_relaxed);
}

#endif
