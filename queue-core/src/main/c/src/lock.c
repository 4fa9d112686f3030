#include "lock_word.h"
#include "system.h"

#include <unistd.h>

/* What a lock protects takes well below a microsecond as a rule. */
#define SPINS 200
#define FIRST_SLICE_NS INT64_C(1000000)
#define LONGEST_SLICE_NS INT64_C(50000000)

static ss_lock_memory *memory_of(const ss_lock *lock) {
  return lock->memory;
}

int ss_lock_init(ss_lock *lock, void *memory) {
  if (lock == NULL || memory == NULL || (uintptr_t)memory % sizeof(uint64_t) != 0) {
    return SS_ERR_ARGUMENT;
  }
  const int32_t pid = (int32_t)getpid();
  *lock = (ss_lock){.memory = memory, .owner = pid, .start = (uint32_t)ss_process_start(pid)};
  return SS_OK;
}

/* Acquires from what was seen: a free lock, or a dead owner's. */
static bool replace(ss_lock *lock, uint64_t seen, uint64_t waiters) {
  ss_lock_memory *const memory = memory_of(lock);
  const uint64_t wanted = ss_lock_word_acquired(seen, lock->owner) | waiters;
  uint64_t expected = seen;
  if (!atomic_compare_exchange_strong_explicit(
          &memory->word, &expected, wanted, memory_order_seq_cst, memory_order_relaxed)) {
    return false;
  }
  atomic_store_explicit(&memory->start, ss_lock_word_released(wanted) | lock->start, memory_order_release);
  lock->held = wanted;
  lock->recovered = (seen & (SS_LOCK_OWNER_MASK | SS_LOCK_BROKEN)) != 0;
  return true;
}

static bool acquire_free(ss_lock *lock) {
  const uint64_t seen = atomic_load_explicit(&memory_of(lock)->word, memory_order_relaxed);
  return ss_lock_word_owner(seen) == 0 && replace(lock, seen, 0);
}

static bool is_dead(const ss_lock *lock, uint64_t word) {
  const int32_t owner = ss_lock_word_owner(word);
  if (ss_process_is_gone(owner)) {
    return true;
  }
  const uint64_t start = atomic_load(&memory_of(lock)->start);
  if ((start & SS_LOCK_GENERATION_MASK) != (word & SS_LOCK_GENERATION_MASK) || (uint32_t)start == 0) {
    return false;
  }
  const uint32_t present = (uint32_t)ss_process_start(owner);
  return present != 0 && present != (uint32_t)start;
}

static bool acquire_from_dead(ss_lock *lock, uint64_t seen) {
  return ss_lock_word_owner(seen) != 0 && is_dead(lock, seen) && replace(lock, seen, seen & SS_LOCK_WAITERS);
}

static uint32_t *futex_word(ss_lock_memory *memory) {
  return (uint32_t *)(uintptr_t)&memory->word;
}

/* The wake that this waiter had may have been the only one: no other who sleeps is to miss it. */
static void pass_on(ss_lock_memory *memory) {
  uint64_t seen = atomic_load(&memory->word);
  while (ss_lock_word_owner(seen) != 0) {
    if (atomic_compare_exchange_weak(&memory->word, &seen, seen | SS_LOCK_WAITERS)) {
      return;
    }
  }
  ss_futex_wake(futex_word(memory), 1);
}

static bool await_owner(ss_lock *lock, int64_t timeout_ns) {
  for (int spin = 0; spin < SPINS; spin++) {
    ss_spin_hint();
    if (acquire_free(lock)) {
      return true;
    }
  }
  ss_lock_memory *const memory = memory_of(lock);
  const int64_t deadline = ss_deadline_ns(timeout_ns);
  int64_t slice = FIRST_SLICE_NS;
  uint64_t suspect = 0;
  uint64_t waiters = 0;
  for (;;) {
    uint64_t seen = atomic_load(&memory->word);
    if (ss_lock_word_owner(seen) == 0) {
      if (replace(lock, seen, waiters)) {
        return true;
      }
      continue;
    }
    const int64_t left = deadline - ss_monotonic_ns();
    // Whoever has it for longer than a sleep may be dead; whoever got it meanwhile was not, then.
    if ((left <= 0 || (seen & ~SS_LOCK_WAITERS) == suspect) && acquire_from_dead(lock, seen)) {
      return true;
    }
    suspect = seen & ~SS_LOCK_WAITERS;
    if (left <= 0) {
      if (waiters != 0) {
        pass_on(memory);
      }
      return false;
    }
    const uint64_t awaited = seen | SS_LOCK_WAITERS;
    if (seen == awaited || atomic_compare_exchange_strong(&memory->word, &seen, awaited)) {
      waiters = SS_LOCK_WAITERS;
      const int64_t sleep_ns = left < slice ? left : slice;
      ss_futex_wait(futex_word(memory), (uint32_t)awaited, sleep_ns);
      slice = 2 * slice < LONGEST_SLICE_NS ? 2 * slice : LONGEST_SLICE_NS;
    }
  }
}

int ss_lock_acquire(ss_lock *lock, int64_t timeout_ns) {
  if (lock->held != 0) {
    return SS_ERR_ARGUMENT;
  }
  if (!acquire_free(lock)) {
    const bool acquired = timeout_ns == 0 ? acquire_from_dead(lock, atomic_load(&memory_of(lock)->word))
                                          : await_owner(lock, timeout_ns < 0 ? INT64_MAX : timeout_ns);
    if (!acquired) {
      return SS_ERR_TIMEOUT;
    }
  }
  return lock->recovered ? SS_RECOVERED : SS_OK;
}

int ss_lock_try(ss_lock *lock) {
  return ss_lock_acquire(lock, 0);
}

int ss_lock_release(ss_lock *lock) {
  const uint64_t mine = lock->held;
  if (mine == 0) {
    return SS_ERR_ARGUMENT;
  }
  ss_lock_memory *const memory = memory_of(lock);
  lock->held = 0;
  uint64_t seen = mine;
  do {
    const uint64_t waiters = seen & SS_LOCK_WAITERS;
    if (atomic_compare_exchange_strong_explicit(
            &memory->word, &seen, ss_lock_word_released(mine), memory_order_seq_cst, memory_order_relaxed)) {
      if (waiters != 0) {
        ss_futex_wake(futex_word(memory), 1);
      }
      return SS_OK;
    }
  } while (((seen ^ mine) & ~SS_LOCK_WAITERS) == 0);
  return SS_ERR_LOCK_LOST;
}

int32_t ss_lock_owner(const ss_lock *lock) {
  return ss_lock_word_owner(atomic_load(&memory_of(lock)->word));
}

int ss_lock_break(ss_lock *lock) {
  ss_lock_memory *const memory = memory_of(lock);
  uint64_t seen = atomic_load(&memory->word);
  while (ss_lock_word_owner(seen) != 0) {
    const uint64_t waiters = seen & SS_LOCK_WAITERS;
    if (atomic_compare_exchange_weak(&memory->word, &seen, ss_lock_word_released(seen) | SS_LOCK_BROKEN)) {
      if (waiters != 0) {
        ss_futex_wake(futex_word(memory), 1);
      }
      return 1;
    }
  }
  return 0;
}
