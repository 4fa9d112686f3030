#include "error.h"
#include "queue.h"
#include "system.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Goes over the queue's data files; other files are none of ours. */
typedef struct walk {
  DIR *stream;
  const ss_queue *queue;
} walk;

static int start(walk *files, const ss_queue *queue, ss_error *error) {
  files->queue = queue;
  const int fd = openat(queue->settings.directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  files->stream = fd < 0 ? NULL : fdopendir(fd);
  if (files->stream == NULL) {
    const int reason = errno;
    if (fd >= 0) {
      close(fd);
    }
    return ss_fail_system(error, reason, "list", queue->name);
  }
  return SS_OK;
}

static bool next(walk *files, int32_t *cycle) {
  const struct dirent *entry;
  while ((entry = readdir(files->stream)) != NULL) {
    const size_t length = strlen(entry->d_name);
    const size_t suffix = sizeof SS_STORE_SUFFIX - 1;
    if (length > suffix && strcmp(entry->d_name + length - suffix, SS_STORE_SUFFIX) == 0 &&
        ss_cycle_parse(
            files->queue->settings.cycle, files->queue->settings.epoch_ms, entry->d_name, length - suffix, cycle) &&
        *cycle <= INT64_MAX >> files->queue->shift) { // others have no position
      return true;
    }
  }
  return false;
}

int ss_listing_read(const ss_queue *queue, int32_t after, ss_listing *listing, ss_error *error) {
  *listing = (ss_listing){-1, -1, -1, 0};
  walk files;
  const int result = start(&files, queue, error);
  if (result != SS_OK) {
    return result;
  }
  int32_t cycle;
  while (next(&files, &cycle)) {
    listing->files++;
    if (listing->first < 0 || cycle < listing->first) {
      listing->first = cycle;
    }
    if (cycle > listing->last) {
      listing->last = cycle;
    }
    if (cycle > after && (listing->next < 0 || cycle < listing->next)) {
      listing->next = cycle;
    }
  }
  closedir(files.stream);
  return SS_OK;
}

static int ascending(const void *a, const void *b) {
  const int32_t x = *(const int32_t *)a;
  const int32_t y = *(const int32_t *)b;
  return (x > y) - (x < y);
}

int ss_listing_cycles(const ss_queue *queue, int32_t from, int32_t to, int32_t **cycles, size_t *count, ss_error *error) {
  *cycles = NULL;
  *count = 0;
  size_t room = 0;
  walk files;
  int result = start(&files, queue, error);
  if (result != SS_OK) {
    return result;
  }
  int32_t cycle;
  while (result == SS_OK && next(&files, &cycle)) {
    if (cycle < from || cycle > to) {
      continue;
    }
    if (*count == room) {
      room = room == 0 ? 64 : 2 * room;
      int32_t *larger = realloc(*cycles, room * sizeof **cycles);
      if (larger == NULL) {
        free(*cycles);
        *cycles = NULL;
        *count = 0;
        result = ss_fail(error, SS_ERR_NO_MEMORY, ENOMEM, "no memory to list %s", queue->name);
        break;
      }
      *cycles = larger;
    }
    (*cycles)[(*count)++] = cycle;
  }
  closedir(files.stream);
  if (*count > 1) {
    qsort(*cycles, *count, sizeof **cycles, ascending);
  }
  return result;
}

void ss_listing_announce(const ss_queue *queue, int32_t cycle) {
  // A JVM that lists the directory anew writes these without the write lock.
  int64_t lowest = atomic_load(queue->lowest_cycle);
  while (lowest > cycle && !atomic_compare_exchange_weak(queue->lowest_cycle, &lowest, cycle)) {
  }
  int64_t highest = atomic_load(queue->highest_cycle);
  while (highest < cycle && !atomic_compare_exchange_weak(queue->highest_cycle, &highest, cycle)) {
  }
  atomic_fetch_add(queue->mod_count, 1);
}
