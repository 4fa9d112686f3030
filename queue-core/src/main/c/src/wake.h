/*
 * slipstream.wake: how a subscriber that sleeps is woken by a publisher in another process, in C or Java.
 *
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |                          "SLIPWAKE"                           |   0
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                          version = 1                          |   8
 *  +---------------------------------------------------------------+
 *  |                              0                               ...
 *  +-+-------------------------------------------------------------+
 *  |S|                       count of wakes                        |   64   the futex word; S: somebody sleeps (bit 0)
 *  +-+-------------------------------------------------------------+
 *  |                              0                               ...  to 4096
 *
 * Who wants to sleep sets S, looks at the queue once more and waits for the word to change. Who has published looks at S: if
 * it is set, adds one to the word, which clears S and counts, and wakes all. So a publisher with no sleeper pays one load, and
 * a sleeper that was killed costs one idle wake.
 */
#ifndef SS_WAKE_H
#define SS_WAKE_H

#include "slipstream.h"

#include <stdatomic.h>
#include <stdbool.h>

#define SS_WAKE_NAME "slipstream.wake"
#define SS_WAKE_LENGTH 4096
#define SS_WAKE_WORD_OFFSET 64
#define SS_WAKE_SLEEPING UINT32_C(1)

typedef _Atomic uint32_t ss_wake_word;

/* Maps the file of a queue for reading and writing, making it if missing. *word stays valid until ss_wake_close. */
int ss_wake_open(int directory, const char *directory_name, ss_wake_word **word, ss_error *error);

void ss_wake_close(ss_wake_word *word);

/* Wakes all sleepers, whether there are any or not. */
void ss_wake_all(ss_wake_word *word);

/* To be called after the write lock was given back behind what was published. Returns true if somebody was woken. */
static inline bool ss_wake_sleepers(ss_wake_word *word) {
  // What was published must be there for all to see before the word is looked at: who falls asleep looks the other way round.
#if defined(__x86_64__)
  atomic_signal_fence(memory_order_seq_cst); // giving the lock back was a full fence
#else
  atomic_thread_fence(memory_order_seq_cst);
#endif
  if ((atomic_load_explicit(word, memory_order_relaxed) & SS_WAKE_SLEEPING) == 0) {
    return false;
  }
  ss_wake_all(word);
  return true;
}

/* Announces a sleep; what is returned is what ss_wake_sleep takes. A full fence: look at the queue after it. */
uint32_t ss_wake_announce(ss_wake_word *word);

/* Sleeps until somebody wakes, at most so long; false if the time ran out. */
bool ss_wake_sleep(ss_wake_word *word, uint32_t announced, int64_t timeout_ns);

#endif
