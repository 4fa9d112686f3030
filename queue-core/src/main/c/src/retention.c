/* Deletes a queue's oldest files: see readers.h for how it meets readers. */
#include "error.h"
#include "queue.h"
#include "readers.h"
#include "system.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A run. */
typedef struct run {
  ss_queue *queue;
  const ss_retention *limits;
  ss_pruned *pruned;
  int readers; /* descriptor of the readers file */
  int64_t oldest_ns;
  uint64_t total;
  ss_error *error;
} run;

static int64_t ns_of(const struct timespec *time) {
  return (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

static bool status_of(const ss_queue *queue, int32_t cycle, struct stat *status) {
  char name[SS_STORE_NAME_CAPACITY];
  ss_store_name(&queue->settings, cycle, name);
  return fstatat(queue->settings.directory, name, status, 0) == 0;
}

static uint64_t allocated(const struct stat *status) {
  return (uint64_t)status->st_blocks * 512;
}

/* Messages in a file; 1 where it is too damaged to tell, so that what is lost is not nothing. */
static int64_t messages_in(const ss_queue *queue, int32_t cycle) {
  ss_store store;
  ss_store_init(&store);
  ss_window window = {0};
  ss_error ignored;
  ss_place end = {0};
  int result = ss_store_open(&store, &queue->settings, cycle, false, &ignored);
  if (result == SS_OK) {
    result = ss_store_end(&store, &window, &end, &ignored);
  }
  ss_window_unmap(&window);
  ss_store_close(&store);
  return result >= 0 ? end.sequence : result == SS_ERR_NOT_FOUND || result == SS_STORE_NOT_READY ? 0 : 1;
}

/* What a durable subscriber's position is compared with. */
typedef struct need {
  run *run;
  int32_t cycle;
  int64_t messages;
  bool found;
} need;

static void compare(void *context, const char *name, int64_t position) {
  need *const n = context;
  const int32_t at = ss_cycle_of(n->run->queue, position);
  // At 0 it has read nothing, and begins with the oldest message that there is.
  if (position > 0 && (at < n->cycle || (at == n->cycle && ss_sequence_of(n->run->queue, position) < n->messages))) {
    n->found = true;
    if (n->run->pruned->durable[0] == 0) {
      snprintf(n->run->pruned->durable, sizeof n->run->pruned->durable, "%.64s", name);
    }
  }
}

static bool is_needed(run *r, int32_t cycle, int64_t messages, bool free_of_readers) {
  if (!free_of_readers && r->pruned->process == 0) {
    r->pruned->process = ss_readers_holder(r->readers, cycle);
  }
  need n = {r, cycle, messages, !free_of_readers};
  ss_table_positions(&r->queue->table, compare, &n);
  return n.found;
}

static int delete_file(run *r, int32_t cycle, int64_t messages) {
  char name[SS_STORE_NAME_CAPACITY];
  ss_store_name(&r->queue->settings, cycle, name);
  int reason = ss_readers_record(r->readers, cycle, messages);
  if (reason != 0) {
    return ss_fail_system(r->error, reason, "record a deletion in", r->queue->name);
  }
  reason = unlinkat(r->queue->settings.directory, name, 0) < 0 ? errno : 0;
  return reason == 0 || reason == ENOENT ? SS_OK : ss_fail_system(r->error, reason, "delete a file of", r->queue->name);
}

/* Deletes a file if it may go. 1; 0 if it, and so every newer one, may stay; or a negative code. */
static int prune_one(run *r, int32_t cycle) {
  struct stat status;
  if (!status_of(r->queue, cycle, &status)) {
    return 1; // deleted by somebody else
  }
  if (ns_of(&status.st_mtim) >= r->oldest_ns && r->total <= r->limits->bytes) {
    return 0;
  }
  const uint64_t size = allocated(&status);
  const bool hard = r->total > r->limits->hard_bytes;
  r->total -= size < r->total ? size : r->total;
  const int64_t messages = messages_in(r->queue, cycle);
  const bool free_of_readers = ss_readers_lock(r->readers, cycle);
  const bool needed = is_needed(r, cycle, messages, free_of_readers);
  int result = SS_OK;
  if (!hard && (needed || r->pruned->kept > 0)) {
    r->pruned->kept++;
  } else {
    result = delete_file(r, cycle, messages);
    if (result == SS_OK) {
      r->pruned->deleted++;
      r->pruned->bytes += size;
      r->pruned->beneath += needed;
    }
  }
  if (free_of_readers) {
    ss_readers_unlock(r->readers, cycle);
  }
  return result == SS_OK ? 1 : result;
}

static int prune_all(run *r) {
  int32_t *cycles;
  size_t count;
  int result = ss_listing_cycles(r->queue, 0, INT32_MAX, &cycles, &count, r->error);
  for (size_t i = 0; i < count; i++) {
    struct stat status;
    r->total += status_of(r->queue, cycles[i], &status) ? allocated(&status) : 0;
  }
  int more = 1;
  for (size_t i = 0; i + 1 < count && more == 1; i++) {
    more = prune_one(r, cycles[i]);
  }
  if (r->pruned->deleted > 0) {
    // As a JVM that lists the directory anew does: the oldest cycle only here goes up.
    ss_listing ignored;
    if (ss_listing_read(r->queue, 0, &ignored, r->error) == SS_OK && ignored.first >= 0) {
      atomic_store(r->queue->lowest_cycle, ignored.first);
    }
    atomic_fetch_add(r->queue->mod_count, 1);
  }
  free(cycles);
  return result != SS_OK ? result : more < 0 ? more : SS_OK;
}

int ss_queue_prune(ss_queue *queue, const ss_retention *limits, ss_pruned *pruned) {
  if (queue == NULL || limits == NULL || pruned == NULL || limits->age_ns < 0 || limits->hard_bytes < limits->bytes) {
    return SS_ERR_ARGUMENT;
  }
  *pruned = (ss_pruned){0};
  ss_error error;
  if (!queue->writable) {
    ss_fail(&error, SS_ERR_READ_ONLY, 0, "%s was opened read-only: open it for writing to delete files", queue->name);
    return ss_queue_keep_error(queue, &error);
  }
  run r = {.queue = queue, .limits = limits, .pruned = pruned, .error = &error};
  int result = ss_readers_begin(queue->settings.directory, queue->name, &r.readers, &error);
  if (result == SS_ERR_LOCKED) {
    return SS_OK; // another process is at it
  }
  if (result == SS_OK) {
    // By the file system's clock, whatever clock stamps the messages.
    const int64_t now = ss_epoch_ns();
    r.oldest_ns = limits->age_ns > now ? INT64_MIN : now - limits->age_ns;
    result = prune_all(&r);
    close(r.readers);
  }
  return result < 0 ? ss_queue_keep_error(queue, &error) : SS_OK;
}
