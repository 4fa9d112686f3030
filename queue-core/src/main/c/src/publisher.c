#include "envelope.h"
#include "error.h"
#include "queue.h"
#include "system.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Disk blocks are reserved ahead of the writer, so that a full disk is an error and not a SIGBUS. */
#define MIN_RESERVE (INT64_C(256) << 10)
#define MAX_RESERVE (INT64_C(8) << 20)

/* What is zeroed behind a document, so that the header that follows reads as nothing. */
#define ZERO_BEHIND 8

struct ss_publisher {
  ss_queue *queue;
  ss_store store;
  ss_window window;
  ss_place end;         /* where the next document goes, as far as we know */
  int64_t last_written; /* the file's write position when end was right; -1 if it is not known */
  int64_t prepared;     /* up to where the file may be written without a look: mapped, reserved, populated */
  int64_t reserved;     /* up to where disk blocks are */
  int64_t next_roll_ns; /* when the next cycle begins */
  int64_t last_timestamp;
  int known_schema; /* -1: none */
  int known_version;
  bool claimed;
  size_t claimed_length;
  ss_publisher_stats stats;
  ss_error error;
};

int ss_publisher_open(ss_queue *queue, ss_publisher **publisher) {
  if (queue == NULL || publisher == NULL) {
    return SS_ERR_ARGUMENT;
  }
  *publisher = NULL;
  if (!queue->writable) {
    pthread_mutex_lock(&queue->mutex);
    ss_fail(
        &queue->error, SS_ERR_READ_ONLY, 0, "%s was opened read-only: open it without SS_READ_ONLY to publish",
        queue->name);
    pthread_mutex_unlock(&queue->mutex);
    return SS_ERR_READ_ONLY;
  }
  ss_publisher *const opened = calloc(1, sizeof *opened);
  if (opened == NULL) {
    return SS_ERR_NO_MEMORY;
  }
  opened->queue = queue;
  ss_store_init(&opened->store);
  opened->last_written = -1;
  opened->known_schema = -1;
  *publisher = opened;
  return SS_OK;
}

void ss_publisher_close(ss_publisher *publisher) {
  if (publisher == NULL) {
    return;
  }
  if (publisher->claimed) {
    ss_abort(publisher);
  }
  ss_window_unmap(&publisher->window);
  ss_store_close(&publisher->store);
  free(publisher);
}

const ss_error *ss_publisher_error(const ss_publisher *publisher) {
  return &publisher->error;
}

void ss_publisher_get_stats(const ss_publisher *publisher, ss_publisher_stats *stats) {
  *stats = publisher->stats;
}

/* ---- the write lock */

static void forget(ss_publisher *p) {
  p->last_written = -1;
  p->prepared = 0;
}

static int lock_slowly(ss_publisher *p, bool *dead) {
  ss_lock_wait wait;
  const int result = ss_lock_wait_for(&p->queue->lock, p->queue->lock_timeout_ns, &wait);
  p->stats.contended++;
  if (wait.waited_ns > p->stats.longest_wait_ns) {
    p->stats.longest_wait_ns = wait.waited_ns;
  }
  if (result != SS_OK) {
    return ss_fail(
        &p->error, result, 0,
        "the write lock of %s is held by process %d, which lives: end its claim, or raise lock_timeout_ns", p->queue->name,
        (int)wait.owner);
  }
  *dead = wait.dead != 0;
  return SS_OK;
}

static int unlock(ss_publisher *p) {
  if (!ss_lock_release(&p->queue->lock)) {
    forget(p);
    return ss_fail(
        &p->error, SS_ERR_LOCK_LOST, 0,
        "another process took the write lock of %s while this one held it: do all run in one pid namespace?",
        p->queue->name);
  }
  // The release was the full fence that this needs.
  if (ss_wake_sleepers(p->queue->wake)) {
    p->stats.wakes++;
  }
  return SS_OK;
}

/* Sets the words that say where the last message is. */
static void note_last(ss_store *store, ss_place message) {
  if (atomic_load_explicit(store->write_position, memory_order_relaxed) < message.position) {
    atomic_store_explicit(store->write_position, message.position, memory_order_release);
  }
  const uint64_t mask = (UINT64_C(1) << store->sequence_shift) - 1;
  const uint64_t word = ((uint64_t)message.position << store->sequence_shift) + ((uint64_t)message.sequence & mask);
  atomic_store_explicit(store->sequence_word, (int64_t)word, memory_order_release);
}

/*
 * Sets right what a writer that died under the lock may have left half done: a message that is there, but not yet in the
 * header's words or in the index.
 */
static int recover(ss_publisher *p) {
  ss_store *const store = &p->store;
  ss_place end;
  ss_place last;
  int result = ss_index_find(store, INT64_MAX, &end, &p->error);
  if (result == SS_OK) {
    result = ss_store_walk(store, &p->window, &end, INT64_MAX, &p->error);
  }
  if (result < 0 || end.sequence == 0) {
    return result < 0 ? result : SS_OK;
  }
  result = ss_index_find(store, end.sequence - 1, &last, &p->error);
  if (result == SS_OK) {
    // It stops in front of the message itself.
    result = ss_store_walk(store, &p->window, &last, end.sequence - 1, &p->error);
  }
  if (result < 0) {
    return result;
  }
  note_last(store, last);
  return SS_OK;
}

/* ---- files */

/* Takes over what Chronicle's tools may have made ahead of time. */
static bool adopt_precreated(const ss_queue *queue, int32_t cycle) {
  char name[SS_CYCLE_NAME_CAPACITY];
  char from[SS_CYCLE_NAME_CAPACITY + 16];
  char to[SS_CYCLE_NAME_CAPACITY + 16];
  ss_cycle_format(queue->settings.cycle, queue->settings.epoch_ms, cycle, name);
  snprintf(from, sizeof from, "%s.precreated", name);
  snprintf(to, sizeof to, "%s%s", name, SS_STORE_SUFFIX);
  return renameat(queue->settings.directory, from, queue->settings.directory, to) == 0;
}

/* Writes the end mark of an older file, if it has none. */
static int finish_one(ss_publisher *p, int32_t cycle) {
  ss_queue *const queue = p->queue;
  ss_place end;
  ss_window_unmap(&p->window);
  int result = ss_store_open(&p->store, &queue->settings, cycle, false, &p->error);
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
    return result < 0 ? result : SS_OK; // above 0: it is finished, or its maker died and there is nothing in it
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
static int roll(ss_publisher *p, int64_t now) {
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
    forget(p);
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

/* ---- a place for a document */

/* Finds the end of the queue again, after others have written. */
static int find_end(ss_publisher *p, int64_t now) {
  for (int attempt = 0;; attempt++) {
    const int64_t written = atomic_load_explicit(p->store.write_position, memory_order_acquire);
    const int64_t mapped = p->window.offset;
    const int end = p->last_written == written ? ss_store_walk(&p->store, &p->window, &p->end, INT64_MAX, &p->error)
                                               : ss_store_end(&p->store, &p->window, &p->end, &p->error);
    p->last_written = written;
    if (p->window.offset != mapped) {
      p->prepared = 0;
    }
    if (end == SS_WALK_FREE) {
      return SS_OK;
    }
    if (end == SS_WALK_INCOMPLETE) {
      // A writer of an older version died: nobody but us may write, so it will never be complete.
      atomic_store((_Atomic uint32_t *)(uintptr_t)ss_window_at(&p->window, p->end.position), 0);
      return SS_OK;
    }
    if (end < 0) {
      return end;
    }
    // Finished: another publisher's clock is ahead of ours, and it has gone on to the next file.
    const int32_t finished = p->store.cycle;
    const int result = roll(p, now);
    if (result != SS_OK) {
      return result;
    }
    if (p->store.cycle == finished || attempt > 0) {
      return ss_fail(
          &p->error, SS_ERR_CYCLE_FULL, 0, "%s is finished, and the clock has not reached the next cycle: did it go back?",
          p->store.path);
    }
  }
}

/* Maps, reserves and populates room at the end. */
static int prepare(ss_publisher *p, int64_t length) {
  const int64_t position = p->end.position;
  ss_window *const window = &p->window;
  if (!ss_window_covers(window, position, length)) {
    const int result = ss_store_map_for_write(&p->store, window, position, length, &p->error);
    if (result != SS_OK) {
      return result;
    }
    p->prepared = position;
  }
  if (p->prepared < position) {
    p->prepared = position;
  }
  // An index page may have to go behind the message.
  const int64_t slack = ss_index_page_length(p->store.index_count) + ZERO_BEHIND;
  const int64_t page = (int64_t)ss_page_size();
  const int64_t step = p->queue->populate_bytes;
  int64_t ahead = (position + length + step + page - 1) / page * page;
  if (!ss_window_covers(window, position, ahead - position)) {
    ahead = window->offset + window->length;
  }
  if (ahead + slack > p->reserved) {
    int64_t reserve = position / 8;
    reserve = reserve < MIN_RESERVE ? MIN_RESERVE : reserve > MAX_RESERVE ? MAX_RESERVE : reserve;
    const int64_t needed = ahead + slack - position;
    if (ss_file_reserve(p->store.fd, position, needed + reserve) == 0) {
      p->reserved = ahead + slack + reserve;
    } else if (ss_file_reserve(p->store.fd, position, length + slack) == 0) {
      // The last of the disk: as far as it goes.
      ahead = position + length;
    } else {
      return ss_fail(
          &p->error, SS_ERR_NO_SPACE, ENOSPC,
          "no space left on the file system of %s for a message of %lld bytes: nothing was written; make room, then "
          "publish "
          "again",
          p->store.path, (long long)length);
    }
  }
  if (step > 0 && ahead - p->prepared >= page) {
    const int64_t from = p->prepared / page * page;
    const int result = ss_populate(ss_window_at(window, from), (size_t)(ahead - from));
    if (result == ENOSPC) {
      return ss_fail(
          &p->error, SS_ERR_NO_SPACE, ENOSPC,
          "no space left on the file system of %s: nothing was written; make room, then "
          "publish again",
          p->store.path);
    }
    // Where the kernel cannot, pages come by faults.
  }
  p->prepared = ahead;
  return SS_OK;
}

/* Zeroes what follows a document: a place where readers look already. */
static void zero_header(uint8_t *at) {
  atomic_store_explicit((_Atomic uint64_t *)(uintptr_t)at, 0, memory_order_relaxed);
}

/* Brings headers back to multiples of 8, for aligned payloads: a metadata document, which no reader counts or sees. */
static int realign(ss_publisher *p) {
  const int64_t length = SS_HEADER_LENGTH + 8;
  const int result = prepare(p, length + ZERO_BEHIND);
  if (result != SS_OK) {
    return result;
  }
  uint8_t *const at = ss_window_at(&p->window, p->end.position);
  memset(at + SS_HEADER_LENGTH, 0, (size_t)(length - SS_HEADER_LENGTH));
  zero_header(at + length);
  atomic_store_explicit((_Atomic uint32_t *)(uintptr_t)at, SS_META_DATA | 8, memory_order_release);
  p->end.position += length;
  return SS_OK;
}

/* Under the lock: brings end up to date and makes room for a document behind it. */
static int place(ss_publisher *p, int64_t document_length, int64_t now) {
  if (now >= p->next_roll_ns || !ss_store_is_open(&p->store)) {
    const int result = roll(p, now);
    if (result != SS_OK) {
      return result;
    }
  }
  const int64_t needed = SS_HEADER_LENGTH + document_length + ZERO_BEHIND;
  const bool known = p->last_written == atomic_load_explicit(p->store.write_position, memory_order_acquire) &&
                     p->end.position + needed <= p->prepared && ss_window_covers(&p->window, p->end.position, needed) &&
                     ss_header_load(&p->window, p->end.position) == 0;
  if (!known) {
    int result = find_end(p, now);
    if (result == SS_OK && p->end.position % 8 != 0) {
      result = realign(p);
    }
    if (result == SS_OK &&
        (p->end.position + needed > p->prepared || !ss_window_covers(&p->window, p->end.position, needed))) {
      result = prepare(p, needed);
    }
    if (result != SS_OK) {
      return result;
    }
  }
  if (p->end.sequence >= p->queue->capacity - 1) {
    return ss_fail(
        &p->error, SS_ERR_CYCLE_FULL, 0,
        "the file %s holds %lld messages, as many as its roll cycle allows: use a shorter or larger roll cycle",
        p->store.path, (long long)p->end.sequence);
  }
  return SS_OK;
}

static int begin(ss_publisher *p, int64_t document_length, int64_t *now) {
  ss_queue *const queue = p->queue;
  if (atomic_load_explicit(queue->append_lock, memory_order_relaxed) != SS_UNLOCKED) {
    return ss_fail(
        &p->error, SS_ERR_APPEND_LOCKED, 0, "%s is the sink of a replication by process %d: only that may append",
        queue->name, (int)ss_lock_owner(atomic_load(queue->append_lock)));
  }
  bool dead = false;
  int result = SS_OK;
  if (!ss_lock_try(&queue->lock)) {
    result = lock_slowly(p, &dead);
    if (result != SS_OK) {
      return result;
    }
  }
  *now = ss_queue_now(queue);
  if (dead) {
    p->stats.takeovers++;
    forget(p);
    result = *now >= p->next_roll_ns || !ss_store_is_open(&p->store) ? roll(p, *now) : SS_OK;
    if (result == SS_OK) {
      result = recover(p);
    }
  }
  if (result == SS_OK) {
    result = place(p, document_length, *now);
  }
  if (result != SS_OK) {
    // What went wrong is what is told; the lock is free either way.
    ss_lock_release(&queue->lock);
    ss_wake_sleepers(queue->wake);
  }
  return result;
}

static int64_t stamp(const ss_publisher *p, int64_t timestamp, int64_t now) {
  return timestamp != SS_NOW ? timestamp : now > p->last_timestamp ? now : p->last_timestamp;
}

/* Publishes the document that stands at the end but for its envelope. */
static int finish(ss_publisher *p, size_t body_length, int64_t timestamp, int64_t *position) {
  ss_store *const store = &p->store;
  const int64_t length = ss_envelope_document_length(body_length);
  uint8_t *const header = ss_window_at(&p->window, p->end.position);
  uint8_t *const document = header + SS_HEADER_LENGTH;
  ss_envelope_put(document, body_length, p->queue->source_id, timestamp);
  memset(document + SS_ENVELOPE_BODY_OFFSET + body_length, 0, ss_envelope_padding(body_length));
  zero_header(document + length);
  uint32_t nothing = 0;
  if (!atomic_compare_exchange_strong_explicit(
          (_Atomic uint32_t *)(uintptr_t)header, &nothing, (uint32_t)length, memory_order_release, memory_order_relaxed)) {
    forget(p);
    return ss_fail(
        &p->error, SS_ERR_LOCK_LOST, 0, "%s was written to at byte %lld by a process that does not hold the write lock",
        store->path, (long long)p->end.position);
  }
  const ss_place message = p->end;
  note_last(store, message);
  p->last_written = message.position;
  p->end = (ss_place){ss_align_header(message.position + SS_HEADER_LENGTH + length), message.sequence + 1};
  p->last_timestamp = timestamp;
  p->stats.messages++;
  p->stats.bytes += (uint64_t)(SS_HEADER_LENGTH + length);
  if (position != NULL) {
    *position = ss_position_of(p->queue, store->cycle, message.sequence);
  }
  if (ss_index_wants(store, message.sequence)) {
    // The message is there whatever comes of this: the index is a short cut, and readers do without an entry.
    p->stats.unindexed += ss_index_add(store, &p->window, message, &p->end.position, &p->error) != SS_OK;
  }
  return SS_OK;
}

/* ---- publishing */

static int check_length(ss_publisher *p, size_t body_length) {
  if (body_length > ss_queue_max_length(p->queue)) {
    return ss_fail(
        &p->error, SS_ERR_TOO_LONG, 0,
        "a message of %zu bytes does not fit the queue in %s (at most %zu): split it, or give the queue a larger "
        "block_size",
        body_length, p->queue->name, ss_queue_max_length(p->queue));
  }
  return SS_OK;
}

static int check_schema(ss_publisher *p, const uint8_t *message) {
  uint16_t header[4];
  memcpy(header, message, sizeof header);
  if (header[2] == p->known_schema && header[3] == p->known_version) {
    return SS_OK;
  }
  if (!ss_schema_is_known(p->queue, header[2], header[3])) {
    return ss_fail(
        &p->error, SS_ERR_UNKNOWN_SCHEMA, 0,
        "schema %u version %u is not known to the queue in %s: give it to ss_queue_add_schema", header[2], header[3],
        p->queue->name);
  }
  p->known_schema = header[2];
  p->known_version = header[3];
  return SS_OK;
}

static int check_message(ss_publisher *p, const void *message, size_t length) {
  if (message == NULL || length < SS_MESSAGE_HEADER_LENGTH) {
    return ss_fail(
        &p->error, SS_ERR_ARGUMENT, 0, "a message of %zu bytes has no SBE message header of 8 bytes",
        message == NULL ? (size_t)0 : length);
  }
  const int result = check_length(p, length - SS_MESSAGE_HEADER_LENGTH);
  return result != SS_OK ? result : check_schema(p, message);
}

static int check_free(ss_publisher *p) {
  return p->claimed ? ss_fail(&p->error, SS_ERR_CLAIM, 0, "a claim is open: commit or abort it first") : SS_OK;
}

static int check_timestamp(ss_publisher *p, int64_t timestamp) {
  if (timestamp != SS_NOW && timestamp < p->last_timestamp) {
    return ss_fail(
        &p->error, SS_ERR_TIMESTAMP, 0,
        "timestamp %lld is %llu ns before this publisher's last one: timestamps never decrease within a source",
        (long long)timestamp, (unsigned long long)p->last_timestamp - (unsigned long long)timestamp);
  }
  return SS_OK;
}

int64_t ss_publish_batch(
    ss_publisher *publisher, const ss_bytes *messages, size_t count, int64_t timestamp, int64_t *position) {
  if (publisher == NULL || (messages == NULL && count > 0)) {
    return SS_ERR_ARGUMENT;
  }
  int result = check_free(publisher);
  if (result == SS_OK) {
    result = check_timestamp(publisher, timestamp);
  }
  size_t published = 0;
  bool locked = false;
  int64_t now = 0;
  while (result == SS_OK && published < count) {
    const ss_bytes *const message = &messages[published];
    result = check_message(publisher, message->data, message->length);
    if (result != SS_OK) {
      break;
    }
    const size_t body_length = message->length - SS_MESSAGE_HEADER_LENGTH;
    const int64_t document_length = ss_envelope_document_length(body_length);
    result = locked ? place(publisher, document_length, now) : begin(publisher, document_length, &now);
    if (result != SS_OK) {
      break;
    }
    locked = true;
    uint8_t *const document = ss_window_at(&publisher->window, publisher->end.position + SS_HEADER_LENGTH);
    memcpy(document + SS_ENVELOPE_MESSAGE_OFFSET, message->data, message->length);
    result = finish(publisher, body_length, stamp(publisher, timestamp, now), position);
    published += result == SS_OK;
  }
  // begin() gives the lock back where it fails.
  if (locked) {
    const int unlocked = unlock(publisher);
    result = result == SS_OK ? unlocked : result;
  }
  return published > 0 && result != SS_ERR_LOCK_LOST ? (int64_t)published : result;
}

int ss_publish(ss_publisher *publisher, const void *message, size_t length, int64_t timestamp, int64_t *position) {
  const ss_bytes one = {message, length};
  const int64_t published = ss_publish_batch(publisher, &one, 1, timestamp, position);
  return published < 0 ? (int)published : SS_OK;
}

int ss_claim(ss_publisher *publisher, size_t length, void **message) {
  if (publisher == NULL || message == NULL) {
    return SS_ERR_ARGUMENT;
  }
  *message = NULL;
  int64_t now;
  int result = check_free(publisher);
  if (result == SS_OK) {
    result = check_length(publisher, length);
  }
  if (result == SS_OK) {
    result = begin(publisher, ss_envelope_document_length(length), &now);
  }
  if (result != SS_OK) {
    return result;
  }
  publisher->claimed = true;
  publisher->claimed_length = length;
  *message = ss_window_at(&publisher->window, publisher->end.position + SS_HEADER_LENGTH + SS_ENVELOPE_MESSAGE_OFFSET);
  return SS_OK;
}

int ss_abort(ss_publisher *publisher) {
  if (publisher == NULL) {
    return SS_ERR_ARGUMENT;
  }
  if (!publisher->claimed) {
    return ss_fail(&publisher->error, SS_ERR_CLAIM, 0, "no claim is open");
  }
  publisher->claimed = false;
  memset(
      ss_window_at(&publisher->window, publisher->end.position + SS_HEADER_LENGTH), 0,
      (size_t)ss_envelope_document_length(publisher->claimed_length));
  return unlock(publisher);
}

int ss_commit(ss_publisher *publisher, size_t length, int64_t *position) {
  if (publisher == NULL) {
    return SS_ERR_ARGUMENT;
  }
  if (!publisher->claimed) {
    return ss_fail(&publisher->error, SS_ERR_CLAIM, 0, "no claim is open");
  }
  uint8_t *const document = ss_window_at(&publisher->window, publisher->end.position + SS_HEADER_LENGTH);
  int result = SS_OK;
  if (length > publisher->claimed_length) {
    result = ss_fail(
        &publisher->error, SS_ERR_ARGUMENT, 0, "the message takes %zu bytes, the claim was for %zu: claim more", length,
        publisher->claimed_length);
  } else {
    result = check_schema(publisher, document + SS_ENVELOPE_MESSAGE_OFFSET);
  }
  if (result != SS_OK) {
    ss_abort(publisher);
    return result;
  }
  publisher->claimed = false;
  const int64_t used = ss_envelope_document_length(length);
  memset(document + used, 0, (size_t)(ss_envelope_document_length(publisher->claimed_length) - used));
  result = finish(publisher, length, stamp(publisher, SS_NOW, ss_queue_now(publisher->queue)), position);
  const int unlocked = unlock(publisher);
  return result != SS_OK ? result : unlocked;
}

int ss_publisher_pretouch(ss_publisher *publisher, size_t length) {
  if (publisher == NULL) {
    return SS_ERR_ARGUMENT;
  }
  if (publisher->claimed || !ss_store_is_open(&publisher->store)) {
    return SS_OK;
  }
  // Where others have written meanwhile; about is good enough, as nothing is changed.
  const int64_t written = atomic_load_explicit(publisher->store.write_position, memory_order_relaxed);
  const int64_t position = written > publisher->end.position ? written : publisher->end.position;
  ss_window *const window = &publisher->window;
  if (!ss_window_covers(window, position, 1)) {
    return SS_OK;
  }
  const int64_t page = (int64_t)ss_page_size();
  const int64_t room = window->offset + window->length;
  int64_t ahead = length > (size_t)(room - position) ? room : (position + (int64_t)length + page - 1) / page * page;
  ahead = ahead > room ? room : ahead;
  const int64_t from = (publisher->prepared > position ? publisher->prepared : position) / page * page;
  if (ahead <= from) {
    return SS_OK;
  }
  const int64_t slack = ss_index_page_length(publisher->store.index_count) + ZERO_BEHIND;
  if (ahead + slack > publisher->reserved) {
    if (ss_file_reserve(publisher->store.fd, from, ahead + slack - from) != 0) {
      return SS_OK; // whoever publishes into it will be told
    }
    publisher->reserved = ahead + slack;
  }
  if (ss_populate(ss_window_at(window, from), (size_t)(ahead - from)) == 0 &&
      publisher->prepared >= publisher->end.position) {
    publisher->prepared = ahead;
  }
  return SS_OK;
}
