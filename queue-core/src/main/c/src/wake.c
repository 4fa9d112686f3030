#include "wake.h"

#include "error.h"
#include "system.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define WAKE_VERSION 1
#define VERSION_OFFSET 8
#define LOCK_TIMEOUT_NS INT64_C(10000000000)

static uint64_t magic(void) {
  uint64_t value;
  memcpy(&value, "SLIPWAKE", sizeof value);
  return value;
}

/* Whoever is first writes; who finds something else there leaves it. */
static bool claim_format(uint8_t *base, uint64_t *found_magic, uint32_t *found_version) {
  _Atomic uint64_t *const magic_place = (_Atomic uint64_t *)(uintptr_t)base;
  _Atomic uint32_t *const version_place = (_Atomic uint32_t *)(uintptr_t)(base + VERSION_OFFSET);
  *found_magic = 0;
  if (!atomic_compare_exchange_strong(magic_place, found_magic, magic()) && *found_magic != magic()) {
    return false;
  }
  *found_magic = magic();
  *found_version = 0;
  return atomic_compare_exchange_strong(version_place, found_version, WAKE_VERSION) || *found_version == WAKE_VERSION;
}

int ss_wake_open(int directory, const char *directory_name, ss_wake_word **word, ss_error *error) {
  char path[300];
  snprintf(path, sizeof path, "%.250s/%s", directory_name, SS_WAKE_NAME);
  const int fd = ss_open_at(directory, SS_WAKE_NAME, SS_OPEN_WRITE | SS_OPEN_CREATE);
  if (fd < 0) {
    return ss_fail_system(error, errno, "open", path);
  }
  int result = ss_file_grow(fd, SS_WAKE_LENGTH, LOCK_TIMEOUT_NS);
  if (result == 0) {
    result = ss_file_reserve(fd, 0, SS_WAKE_LENGTH);
  }
  void *base = MAP_FAILED;
  if (result == 0) {
    base = mmap(NULL, SS_WAKE_LENGTH, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    result = base == MAP_FAILED ? errno : 0;
  }
  close(fd);
  if (result != 0) {
    return ss_fail_system(error, result, "map", path);
  }
  uint64_t found_magic;
  uint32_t found_version;
  if (!claim_format(base, &found_magic, &found_version)) {
    munmap(base, SS_WAKE_LENGTH);
    return found_magic == magic()
               ? ss_fail(
                     error, SS_ERR_VERSION, 0, "%s has version %u, this library knows %d: use one version for all", path,
                     found_version, WAKE_VERSION)
               : ss_fail(
                     error, SS_ERR_FORMAT, 0, "%s is not what wakes subscribers: delete it while nobody uses the queue",
                     path);
  }
  *word = (ss_wake_word *)(uintptr_t)((uint8_t *)base + SS_WAKE_WORD_OFFSET);
  return SS_OK;
}

void ss_wake_close(ss_wake_word *word) {
  if (word != NULL) {
    munmap((uint8_t *)(uintptr_t)word - SS_WAKE_WORD_OFFSET, SS_WAKE_LENGTH);
  }
}

void ss_wake_all(ss_wake_word *word) {
  uint32_t present = atomic_load_explicit(word, memory_order_relaxed);
  // Counts, and clears S where it is set.
  while (!atomic_compare_exchange_weak(word, &present, (present | SS_WAKE_SLEEPING) + 1)) {
  }
  ss_futex_wake_all((uint32_t *)(uintptr_t)word);
}

uint32_t ss_wake_announce(ss_wake_word *word) {
  const uint32_t announced = atomic_fetch_or(word, SS_WAKE_SLEEPING) | SS_WAKE_SLEEPING;
  atomic_thread_fence(memory_order_seq_cst);
  return announced;
}

bool ss_wake_sleep(ss_wake_word *word, uint32_t announced, int64_t timeout_ns) {
  const int result = ss_futex_wait((uint32_t *)(uintptr_t)word, announced, timeout_ns);
  return result == 0 || (result == EAGAIN && atomic_load_explicit(word, memory_order_relaxed) != announced);
}
