#include "queue.h"

#include "envelope.h"
#include "error.h"
#include "readers.h"
#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MIN_BLOCK_SIZE (UINT32_C(256) << 10)
#define MAX_BLOCK_SIZE (UINT32_C(1) << 31)
#define SECOND INT64_C(1000000000)

void ss_queue_options_init(ss_queue_options *options) {
  *options = (ss_queue_options){
      .size = sizeof *options,
      .mode = SS_OPEN_OR_CREATE,
      .roll_cycle = "FAST_DAILY",
      .block_size = UINT32_C(64) << 20,
      .source_id = 1,
      .lock_timeout_ns = 5 * SECOND,
      .open_timeout_ns = 10 * SECOND,
      .foreign_interval_ns = SECOND / 10,
      .populate_bytes = UINT32_C(64) << 10,
  };
}

static int check(const ss_queue_options *options, const ss_roll_cycle **cycle, ss_error *error) {
  if (options->size != sizeof *options) {
    return ss_fail(error, SS_ERR_ARGUMENT, 0, "options.size is %zu: call ss_queue_options_init first", options->size);
  }
  if (options->directory == NULL || options->directory[0] == 0) {
    return ss_fail(error, SS_ERR_ARGUMENT, 0, "no directory: set options.directory");
  }
  if (options->block_size < MIN_BLOCK_SIZE || options->block_size > MAX_BLOCK_SIZE ||
      (options->block_size & (options->block_size - 1)) != 0) {
    return ss_fail(
        error, SS_ERR_ARGUMENT, 0, "block size %u is not a power of two from %u to %u", options->block_size, MIN_BLOCK_SIZE,
        MAX_BLOCK_SIZE);
  }
  if (options->lock_timeout_ns < 0 || options->open_timeout_ns < 0 || options->foreign_interval_ns <= 0) {
    return ss_fail(error, SS_ERR_ARGUMENT, 0, "a time-out is below 0, or foreign_interval_ns is not above");
  }
  if (options->mode != SS_OPEN_OR_CREATE && options->mode != SS_OPEN_EXISTING && options->mode != SS_READ_ONLY) {
    return ss_fail(error, SS_ERR_ARGUMENT, 0, "mode %d is not one of ss_open_mode", (int)options->mode);
  }
  *cycle = options->roll_cycle == NULL ? NULL : ss_roll_cycle_named(options->roll_cycle);
  if (*cycle == NULL) {
    return ss_fail(
        error, SS_ERR_ARGUMENT, 0, "no roll cycle '%s': see ss_roll_cycle_name",
        options->roll_cycle == NULL ? "NULL" : options->roll_cycle);
  }
  return SS_OK;
}

/* mkdir -p. 0 or errno. */
static int make_directories(const char *path) {
  char *copy = strdup(path);
  if (copy == NULL) {
    return ENOMEM;
  }
  int reason = 0;
  for (char *at = copy + 1; reason == 0; at++) {
    const char separator = *at;
    if (separator == '/' || separator == 0) {
      *at = 0;
      if (mkdir(copy, 0777) < 0 && errno != EEXIST) {
        reason = errno;
      }
      *at = separator;
    }
    if (separator == 0) {
      break;
    }
  }
  free(copy);
  return reason;
}

static int open_directory(ss_queue *queue, ss_open_mode mode, ss_error *error) {
  const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  int fd = open(queue->name, flags);
  if (fd < 0 && errno == ENOENT && mode == SS_OPEN_OR_CREATE) {
    const int reason = make_directories(queue->name);
    if (reason != 0) {
      return ss_fail_system(error, reason, "make", queue->name);
    }
    fd = open(queue->name, flags);
  }
  if (fd < 0) {
    const int reason = errno;
    if (reason == ENOENT) {
      return ss_fail(error, SS_ERR_NOT_FOUND, reason, "no queue in %s: the directory does not exist", queue->name);
    }
    if (reason == ENOTDIR) {
      return ss_fail(error, SS_ERR_FORMAT, reason, "%s is not a directory: a queue is a directory of its own", queue->name);
    }
    return ss_fail_system(error, reason, "open", queue->name);
  }
  queue->settings.directory = fd;
  return SS_OK;
}

/* A directory with data files but no table store was written by an older version, or is damaged: hands off. */
static int check_is_ours(const ss_queue *queue, ss_error *error) {
  struct stat status;
  if (fstatat(queue->settings.directory, SS_TABLE_STORE_NAME, &status, 0) == 0) {
    return SS_OK;
  }
  const ss_roll_cycle *cycle;
  for (size_t i = 0; (cycle = ss_roll_cycle_at(i)) != NULL; i++) {
    ss_queue probe = {.name = queue->name, .settings = queue->settings};
    probe.settings.cycle = cycle;
    ss_listing listing;
    const int result = ss_listing_read(&probe, 0, &listing, error);
    if (result != SS_OK) {
      return result;
    }
    if (listing.files > 0) {
      return ss_fail(
          error, SS_ERR_FORMAT, 0,
          "%s holds a queue without %s: one of Chronicle Queue 4 or a damaged one; copy its messages with the version that "
          "wrote it",
          queue->name, SS_TABLE_STORE_NAME);
    }
  }
  return SS_OK;
}

/* The words of the table store that every user of the queue needs. */
static int find_words(ss_queue *queue, ss_error *error) {
  ss_table_store *const table = &queue->table;
  if (!queue->writable) {
    queue->lock.word = ss_table_find(table, "chronicle.write.lock");
    queue->mod_count = ss_table_find(table, "listing.modCount");
    return SS_OK;
  }
  struct {
    const char *key;
    int64_t initial;
    ss_shared_int64 **word;
  } const words[] = {
      {"listing.highestCycle", INT32_MIN, &queue->highest_cycle},
      {"listing.lowestCycle", INT32_MAX, &queue->lowest_cycle},
      {"listing.modCount", 0, &queue->mod_count},
      {"chronicle.write.lock", SS_UNLOCKED, &queue->lock.word},
      {"chronicle.append.lock", SS_UNLOCKED, &queue->append_lock},
      {"chronicle.lastIndexReplicated", -1, NULL},
      {"chronicle.lastAcknowledgedIndexReplicated", -1, NULL},
      {"chronicle.lastIndexMSynced", -1, NULL},
  };
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    ss_shared_int64 *word;
    const int result = ss_table_acquire(table, words[i].key, words[i].initial, &word, error);
    if (result != SS_OK) {
      return result;
    }
    if (words[i].word != NULL) {
      *words[i].word = word;
    }
  }
  queue->lock.self = ss_write_lock_self();
  return SS_OK;
}

static void release(ss_queue *queue) {
  ss_wake_close(queue->wake);
  ss_table_close(&queue->table);
  if (queue->settings.directory >= 0) {
    close(queue->settings.directory);
  }
  pthread_mutex_destroy(&queue->mutex);
  free(queue->name);
  free(queue);
}

static int open_files(ss_queue *queue, const ss_queue_options *options, const ss_roll_cycle *cycle, ss_error *error) {
  int result = open_directory(queue, options->mode, error);
  if (result == SS_OK) {
    result = check_is_ours(queue, error);
  }
  if (result == SS_OK) {
    result = ss_table_open(
        &queue->table, queue->settings.directory, queue->name, queue->writable,
        options->mode == SS_OPEN_OR_CREATE ? cycle : NULL, options->open_timeout_ns, error);
  }
  if (result == SS_OK) {
    result = find_words(queue, error);
  }
  if (result == SS_OK && queue->writable) {
    result = ss_wake_open(queue->settings.directory, queue->name, &queue->wake, error);
  }
  if (result == SS_OK && queue->writable) {
    result = ss_readers_create(queue->settings.directory, queue->name, error);
  }
  return result;
}

/* A newest file of another format is refused here and not at the first message. */
static int check_newest(ss_queue *queue, ss_error *error) {
  ss_listing listing;
  int result = ss_listing_read(queue, 0, &listing, error);
  if (result != SS_OK || listing.last < 0) {
    return result;
  }
  ss_store store;
  ss_store_init(&store);
  result = ss_store_open(&store, &queue->settings, listing.last, false, error);
  ss_store_close(&store);
  return result == SS_ERR_NOT_FOUND || result == SS_STORE_NOT_READY ? SS_OK : result;
}

int ss_queue_open(const ss_queue_options *options, ss_queue **queue, ss_error *error) {
  if (error != NULL) {
    *error = (ss_error){0};
  }
  if (queue == NULL || options == NULL) {
    return ss_fail(error, SS_ERR_ARGUMENT, 0, "options and queue must not be NULL");
  }
  *queue = NULL;
  const ss_roll_cycle *cycle;
  int result = check(options, &cycle, error);
  if (result != SS_OK) {
    return result;
  }
  ss_queue *const opened = calloc(1, sizeof *opened);
  char *const name = strdup(options->directory);
  if (opened == NULL || name == NULL) {
    free(opened);
    free(name);
    return ss_fail(error, SS_ERR_NO_MEMORY, ENOMEM, "no memory for a queue");
  }
  pthread_mutex_init(&opened->mutex, NULL);
  opened->name = name;
  opened->writable = options->mode != SS_READ_ONLY;
  opened->source_id = options->source_id;
  opened->lock_timeout_ns = options->lock_timeout_ns;
  opened->foreign_interval_ns = options->foreign_interval_ns;
  opened->populate_bytes = options->populate_bytes;
  opened->clock = options->clock;
  opened->clock_context = options->clock_context;
  opened->table.fd = -1;
  opened->settings = (ss_store_settings){
      .directory = -1,
      .directory_name = name,
      .block_size = options->block_size,
      .timeout_ns = options->open_timeout_ns,
  };
  opened->overlap = ss_store_overlap(options->block_size);
  result = open_files(opened, options, cycle, error);
  if (result == SS_OK) {
    cycle = opened->table.cycle; // what the queue was made with
    opened->settings.cycle = cycle;
    opened->settings.epoch_ms = opened->table.epoch_ms;
    opened->shift = ss_cycle_shift(cycle->index_count, cycle->index_spacing);
    opened->capacity = ss_cycle_capacity(cycle->index_count, cycle->index_spacing);
    result = check_newest(opened, error);
  }
  if (result != SS_OK) {
    release(opened);
    return result;
  }
  *queue = opened;
  return SS_OK;
}

void ss_queue_close(ss_queue *queue) {
  if (queue != NULL) {
    release(queue);
  }
}

void ss_queue_error(ss_queue *queue, ss_error *error) {
  if (queue == NULL || error == NULL) {
    return;
  }
  pthread_mutex_lock(&queue->mutex);
  *error = queue->error;
  pthread_mutex_unlock(&queue->mutex);
}

int64_t ss_queue_now(const ss_queue *queue) {
  return queue->clock == NULL ? ss_epoch_ns() : queue->clock(queue->clock_context);
}

int64_t ss_queue_max_document(const ss_queue *queue) {
  return ((queue->overlap - 8) & ~INT64_C(7)) - 4;
}

size_t ss_queue_max_length(const ss_queue *queue) {
  return (size_t)(ss_queue_max_document(queue) - SS_ENVELOPE_BODY_OFFSET);
}

const char *ss_queue_roll_cycle(const ss_queue *queue) {
  return queue->settings.cycle->name;
}

void ss_queue_wake(ss_queue *queue) {
  if (queue == NULL) {
    return;
  }
  atomic_fetch_add(&queue->wakes, 1);
  if (queue->wake != NULL) {
    ss_wake_all(queue->wake);
  }
}

int ss_queue_keep_error(ss_queue *queue, const ss_error *error) {
  pthread_mutex_lock(&queue->mutex);
  queue->error = *error;
  pthread_mutex_unlock(&queue->mutex);
  return error->code;
}

/* The same where a call may have gone well. */
static int keep_error(ss_queue *queue, int result, const ss_error *error) {
  return result < 0 ? ss_queue_keep_error(queue, error) : result;
}

int ss_queue_first_position(ss_queue *queue, int64_t *position) {
  if (queue == NULL || position == NULL) {
    return SS_ERR_ARGUMENT;
  }
  ss_error error;
  ss_listing listing;
  const int result = ss_listing_read(queue, 0, &listing, &error);
  *position = result != SS_OK || listing.first < 0 ? SS_NO_POSITION : ss_position_of(queue, listing.first, 0);
  return keep_error(queue, result, &error);
}

/* The last message of a cycle's file, if there is one. */
static int last_in(ss_queue *queue, int32_t cycle, int64_t *position, ss_error *error) {
  ss_store store;
  ss_store_init(&store);
  ss_window window = {0};
  int result = ss_store_open(&store, &queue->settings, cycle, false, error);
  if (result == SS_OK) {
    ss_place end;
    result = ss_store_end(&store, &window, &end, error);
    if (result >= 0 && end.sequence > 0) {
      *position = ss_position_of(queue, cycle, end.sequence - 1);
    }
  }
  ss_window_unmap(&window);
  ss_store_close(&store);
  return result == SS_ERR_NOT_FOUND || result > 0 ? SS_OK : result;
}

int ss_queue_last_position(ss_queue *queue, int64_t *position) {
  if (queue == NULL || position == NULL) {
    return SS_ERR_ARGUMENT;
  }
  ss_error error;
  int32_t *cycles;
  size_t count;
  *position = SS_NO_POSITION;
  int result = ss_listing_cycles(queue, 0, INT32_MAX, &cycles, &count, &error);
  while (result == SS_OK && count > 0 && *position == SS_NO_POSITION) {
    result = last_in(queue, cycles[--count], position, &error);
  }
  free(cycles);
  return keep_error(queue, result, &error);
}

int ss_queue_get_stats(ss_queue *queue, ss_queue_stats *stats) {
  if (queue == NULL || stats == NULL) {
    return SS_ERR_ARGUMENT;
  }
  *stats = (ss_queue_stats){0};
  ss_error error;
  int32_t *cycles;
  size_t count;
  int result = ss_queue_first_position(queue, &stats->first_position);
  if (result == SS_OK) {
    result = ss_queue_last_position(queue, &stats->last_position);
  }
  if (result != SS_OK) {
    return result;
  }
  result = ss_listing_cycles(queue, 0, INT32_MAX, &cycles, &count, &error);
  for (size_t i = 0; i < count; i++) {
    char name[SS_STORE_NAME_CAPACITY];
    struct stat status;
    ss_store_name(&queue->settings, cycles[i], name);
    if (fstatat(queue->settings.directory, name, &status, 0) == 0) {
      stats->files++;
      stats->bytes += (uint64_t)status.st_size;
      stats->disk_bytes += (uint64_t)status.st_blocks * 512;
    }
  }
  free(cycles);
  stats->lock_owner = queue->lock.word == NULL ? 0 : ss_write_lock_owner(atomic_load(queue->lock.word));
  return keep_error(queue, result, &error);
}
