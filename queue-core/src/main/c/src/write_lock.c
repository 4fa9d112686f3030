#include "write_lock.h"

#include "system.h"

#include <sched.h>
#include <unistd.h>

#define STAMP_FLAG (INT64_C(1) << 62)
#define STAMP_MASK UINT64_C(0x3FFFFFFF)

/* A holder keeps the lock for well below a microsecond: spin, then let others run, then sleep. */
#define SPINS 200
#define YIELDS 20
#define SLEEP_NS 50000

/* Whether the owner lives is asked first after a while and then every while: it takes a system call or two. */
#define FIRST_CHECK_NS 100000
#define CHECK_INTERVAL_NS 1000000

static int64_t stamp_of(uint64_t start) {
  return STAMP_FLAG | (int64_t)((start & STAMP_MASK) << 32);
}

int64_t ss_write_lock_self(void) {
  const int32_t pid = (int32_t)getpid();
  const uint64_t start = ss_process_start(pid);
  return start == 0 ? pid : stamp_of(start) | pid;
}

int32_t ss_write_lock_owner(int64_t word) {
  return word == SS_UNLOCKED ? 0 : (int32_t)(word & 0xFFFFFFFF);
}

static bool is_dead(int64_t word) {
  const int32_t pid = ss_write_lock_owner(word);
  if (ss_process_is_gone(pid)) {
    return true;
  }
  if ((word & (STAMP_FLAG | SS_UNLOCKED)) != STAMP_FLAG) {
    return false;
  }
  const uint64_t start = ss_process_start(pid);
  return start != 0 && (stamp_of(start) | pid) != word;
}

int ss_write_lock_wait_for(const ss_write_lock *lock, int64_t timeout_ns, ss_write_lock_wait *wait) {
  *wait = (ss_write_lock_wait){0};
  for (int spin = 0; spin < SPINS; spin++) {
    if (atomic_load_explicit(lock->word, memory_order_relaxed) == SS_UNLOCKED && ss_write_lock_try(lock)) {
      return SS_OK;
    }
    ss_spin_hint();
  }
  const int64_t start = ss_monotonic_ns();
  int64_t next_check = start + FIRST_CHECK_NS;
  for (int round = 0;; round++) {
    const int64_t word = atomic_load_explicit(lock->word, memory_order_relaxed);
    const int64_t now = ss_monotonic_ns();
    wait->waited_ns = now - start;
    if (word == SS_UNLOCKED) {
      if (ss_write_lock_try(lock)) {
        return SS_OK;
      }
      continue;
    }
    if (now >= next_check) {
      next_check = now + CHECK_INTERVAL_NS;
      int64_t expected = word;
      if (is_dead(word) && atomic_compare_exchange_strong_explicit(
                               lock->word, &expected, lock->self, memory_order_seq_cst, memory_order_relaxed)) {
        wait->dead = ss_write_lock_owner(word);
        return SS_OK;
      }
    }
    if (wait->waited_ns > timeout_ns) {
      wait->owner = ss_write_lock_owner(word);
      return SS_ERR_LOCKED;
    }
    if (round < YIELDS) {
      sched_yield();
    } else {
      ss_sleep_ns(SLEEP_NS);
    }
  }
}
