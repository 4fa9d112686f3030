#include "envelope.h"
#include "error.h"
#include "publisher.h"
#include "system.h"

#include <errno.h>
#include <string.h>

/* Disk blocks are reserved ahead of the writer, so that a full disk is an error and not a SIGBUS. */
#define MIN_RESERVE (INT64_C(256) << 10)
#define MAX_RESERVE (INT64_C(8) << 20)

/* ---- the write lock */

void ss_append_forget(ss_publisher *p) {
  p->last_written = -1;
  p->prepared = 0;
}

static int lock_slowly(ss_publisher *p, bool *dead) {
  ss_write_lock_wait wait;
  const int result = ss_write_lock_wait_for(&p->queue->lock, p->queue->lock_timeout_ns, &wait);
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

int ss_append_end(ss_publisher *p) {
  if (!ss_write_lock_release(&p->queue->lock)) {
    ss_append_forget(p);
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
    const int result = ss_append_roll(p, now);
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
  const int64_t slack = ss_append_slack(p);
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
          "no space left on the file system of %s: nothing was written; make room, then publish again", p->store.path);
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
  const int result = prepare(p, length + SS_ZERO_BEHIND);
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
int ss_append_place(ss_publisher *p, int64_t document_length, int64_t now) {
  if (now >= p->next_roll_ns || !ss_store_is_open(&p->store)) {
    const int result = ss_append_roll(p, now);
    if (result != SS_OK) {
      return result;
    }
  }
  const int64_t needed = SS_HEADER_LENGTH + document_length + SS_ZERO_BEHIND;
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

int ss_append_begin(ss_publisher *p, int64_t document_length, int64_t *now) {
  ss_queue *const queue = p->queue;
  if (atomic_load_explicit(queue->append_lock, memory_order_relaxed) != SS_UNLOCKED) {
    return ss_fail(
        &p->error, SS_ERR_APPEND_LOCKED, 0, "%s is the sink of a replication by process %d: only that may append",
        queue->name, (int)ss_write_lock_owner(atomic_load(queue->append_lock)));
  }
  bool dead = false;
  int result = SS_OK;
  if (!ss_write_lock_try(&queue->lock)) {
    result = lock_slowly(p, &dead);
    if (result != SS_OK) {
      return result;
    }
  }
  *now = ss_queue_now(queue);
  if (dead) {
    p->stats.takeovers++;
    ss_append_forget(p);
    result = *now >= p->next_roll_ns || !ss_store_is_open(&p->store) ? ss_append_roll(p, *now) : SS_OK;
    if (result == SS_OK) {
      result = recover(p);
    }
  }
  if (result == SS_OK) {
    result = ss_append_place(p, document_length, *now);
  }
  if (result != SS_OK) {
    // What went wrong is what is told; the lock is free either way.
    ss_write_lock_release(&queue->lock);
    ss_wake_sleepers(queue->wake);
  }
  return result;
}

/* Publishes the document that stands at the end but for its envelope. */
int ss_append_finish(ss_publisher *p, size_t body_length, int64_t timestamp, int64_t *position) {
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
    ss_append_forget(p);
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
