#include "error.h"
#include "publisher.h"

#include <stdio.h>
#include <stdlib.h>

/* Takes over what Chronicle's tools may have made ahead of time. */
static bool adopt_precreated(const ss_queue *queue, int32_t cycle) {
  char name[SS_CYCLE_NAME_CAPACITY];
  char from[SS_CYCLE_NAME_CAPACITY + 16];
  char to[SS_STORE_NAME_CAPACITY];
  ss_cycle_format(queue->settings.cycle, queue->settings.epoch_ms, cycle, name);
  snprintf(from, sizeof from, "%s.precreated", name);
  ss_store_name(&queue->settings, cycle, to);
  return renameat(queue->settings.directory, from, queue->settings.directory, to) == 0;
}

/* Writes the end mark of an older file, if it has none. */
static int finish_one(ss_publisher *p, int32_t cycle) {
  ss_queue *const queue = p->queue;
  ss_place end;
  ss_window_unmap(&p->window);
  int result = ss_store_open(&p->store, &queue->settings, cycle, false, &p->error);
  if (result == SS_STORE_NOT_READY) {
    // Its maker died; a JVM that reads would wait for it.
    result = ss_store_create(&p->store, &queue->settings, cycle, &p->error);
  }
  if (result == SS_OK) {
    result = ss_store_end(&p->store, &p->window, &end, &p->error);
    if (result == SS_WALK_FREE || result == SS_WALK_INCOMPLETE) {
      ss_window_unmap(&p->window);
      result = ss_store_open(&p->store, &queue->settings, cycle, true, &p->error);
      if (result == SS_OK) {
        result = ss_store_finish(&p->store, &p->window, &p->error);
      }
    }
  }
  switch (result) {
  case SS_ERR_FORMAT:
  case SS_ERR_VERSION:
  case SS_ERR_CORRUPT:
  case SS_ERR_PERMISSION:
    // What is wrong with an old file must not keep anybody from publishing into the present one.
    p->stats.unmarked++;
    return SS_OK;
  case SS_ERR_NOT_FOUND: // deleted meanwhile
    return SS_OK;
  default:
    return result < 0 ? result : SS_OK; // above 0: it is finished
  }
}

/* Writes the end mark of every file before a cycle that has none. */
static int finish_before(ss_publisher *p, int32_t first, int32_t cycle) {
  ss_queue *const queue = p->queue;
  if (queue->normalised == NULL) {
    const int result = ss_table_acquire(&queue->table, "normalisedEOFsTo", first, &queue->normalised, &p->error);
    if (result != SS_OK) {
      return result;
    }
  }
  const int64_t done = atomic_load(queue->normalised);
  const int32_t from = done > first && done < cycle ? (int32_t)done : first;
  int32_t *cycles;
  size_t count;
  int result = ss_listing_cycles(queue, from, cycle - 1, &cycles, &count, &p->error);
  for (size_t i = 0; result == SS_OK && i < count; i++) {
    result = finish_one(p, cycles[i]);
    if (result == SS_OK) {
      atomic_store(queue->normalised, cycles[i]);
    }
  }
  free(cycles);
  return result;
}

/* Enters the file of the present cycle, or of a later one that is there: never goes back. */
int ss_append_roll(ss_publisher *p, int64_t now) {
  ss_queue *const queue = p->queue;
  const int64_t length_ms = queue->settings.cycle->length_ms;
  const int64_t epoch_ms = queue->settings.epoch_ms;
  const int64_t since_ms = now / 1000000 - epoch_ms;
  if (since_ms < 0 || since_ms / length_ms > INT32_MAX || since_ms / length_ms > INT64_MAX >> queue->shift) {
    return ss_fail(
        &p->error, SS_ERR_TIMESTAMP, 0, "the clock of %s says %lld ns, which no cycle covers", queue->name, (long long)now);
  }
  int32_t cycle = (int32_t)(since_ms / length_ms);
  ss_listing listing;
  int result = ss_listing_read(queue, cycle, &listing, &p->error);
  if (result != SS_OK) {
    return result;
  }
  cycle = listing.last > cycle ? listing.last : cycle;
  if (!ss_store_is_open(&p->store) || p->store.cycle != cycle) {
    if (listing.first >= 0 && listing.first < cycle) {
      result = finish_before(p, listing.first, cycle);
    }
    ss_window_unmap(&p->window);
    ss_append_forget(p);
    p->reserved = 0;
    if (result == SS_OK) {
      result = ss_store_open(&p->store, &queue->settings, cycle, true, &p->error);
    }
    if (result == SS_ERR_NOT_FOUND && adopt_precreated(queue, cycle)) {
      result = ss_store_open(&p->store, &queue->settings, cycle, true, &p->error);
    }
    if (result == SS_ERR_NOT_FOUND || result == SS_STORE_NOT_READY) {
      result = ss_store_create(&p->store, &queue->settings, cycle, &p->error);
    }
    if (result != SS_OK) {
      ss_store_close(&p->store);
      return result;
    }
    ss_listing_announce(queue, cycle);
    p->stats.rolls++;
  }
  // A file of a far day, by its name, has no end that a clock ever reaches.
  if (__builtin_mul_overflow((cycle + INT64_C(1)) * length_ms + epoch_ms, INT64_C(1000000), &p->next_roll_ns)) {
    p->next_roll_ns = INT64_MAX;
  }
  return SS_OK;
}
