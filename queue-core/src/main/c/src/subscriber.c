#include "subscriber.h"

#include "envelope.h"
#include "error.h"
#include "system.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* How often to look whether the set of files has changed, while nothing is there to read. */
#define LOOK_INTERVAL_NS INT64_C(10000000)
#define FIRST_SLICE_NS INT64_C(1000000)
#define NAME_LENGTH 64

/* ---- opening */

static bool is_name(const char *name) {
  const size_t length = strlen(name);
  if (length < 1 || length > NAME_LENGTH) {
    return false;
  }
  for (const char *at = name; *at != 0; at++) {
    if (!((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') ||
          strchr("-_.", *at) != NULL)) {
      return false;
    }
  }
  return true;
}

static int find_durable(ss_subscriber *s, const char *name, ss_error *error) {
  if (!is_name(name)) {
    return ss_fail(
        error, SS_ERR_ARGUMENT, 0, "'%.80s' is no subscriber name: use 1 to 64 letters, digits, '-', '_' and '.'", name);
  }
  if (!s->queue->writable) {
    return ss_fail(
        error, SS_ERR_READ_ONLY, 0,
        "%s was opened read-only: a durable subscriber keeps its position in the queue, so open it for writing",
        s->queue->name);
  }
  char key[sizeof "index." + NAME_LENGTH];
  snprintf(key, sizeof key, "index.%s", name);
  const int result = ss_table_acquire(&s->queue->table, key, 0, &s->durable, error);
  if (result == SS_OK) {
    s->wanted = atomic_load(s->durable);
    s->resumed = s->wanted != 0;
  }
  return result;
}

int ss_subscriber_open(ss_queue *queue, const char *name, ss_subscriber **subscriber) {
  if (queue == NULL || subscriber == NULL) {
    return SS_ERR_ARGUMENT;
  }
  *subscriber = NULL;
  ss_subscriber *const opened = calloc(1, sizeof *opened);
  if (opened == NULL) {
    return SS_ERR_NO_MEMORY;
  }
  opened->queue = queue;
  ss_store_init(&opened->store);
  ss_pin_init(&opened->pin);
  opened->seen = -1;
  opened->schema_id = SS_ANY;
  opened->source_id = SS_ANY;
  if (name != NULL) {
    ss_error error;
    const int result = find_durable(opened, name, &error);
    if (result != SS_OK) {
      free(opened);
      return ss_queue_keep_error(queue, &error);
    }
  }
  *subscriber = opened;
  return SS_OK;
}

void ss_subscriber_close(ss_subscriber *subscriber) {
  if (subscriber != NULL) {
    ss_subscriber_done(subscriber);
    ss_subscriber_leave(subscriber);
    ss_pin_close(&subscriber->pin);
    free(subscriber);
  }
}

const ss_error *ss_subscriber_error(const ss_subscriber *subscriber) {
  return &subscriber->error;
}

void ss_subscriber_get_stats(const ss_subscriber *subscriber, ss_subscriber_stats *stats) {
  *stats = subscriber->stats;
}

int ss_subscriber_resumed(const ss_subscriber *subscriber) {
  return subscriber->resumed;
}

int64_t ss_subscriber_position(const ss_subscriber *subscriber) {
  return ss_store_is_open(&subscriber->store)
             ? ss_position_of(subscriber->queue, subscriber->store.cycle, subscriber->next.sequence)
             : subscriber->wanted;
}

void ss_subscriber_done(ss_subscriber *subscriber) {
  if (subscriber->unhandled) {
    subscriber->unhandled = false;
    atomic_store_explicit(subscriber->durable, ss_subscriber_position(subscriber), memory_order_release);
  }
}

int ss_subscriber_filter(
    ss_subscriber *subscriber, int schema_id, int source_id, const uint16_t *template_ids, size_t count) {
  if (subscriber == NULL || count > SS_MAX_TEMPLATES || (template_ids == NULL && count > 0) || schema_id < SS_ANY ||
      schema_id > UINT16_MAX || source_id < SS_ANY || source_id > UINT16_MAX) {
    return SS_ERR_ARGUMENT;
  }
  subscriber->schema_id = schema_id;
  subscriber->source_id = source_id;
  subscriber->template_count = count;
  if (count > 0) {
    memcpy(subscriber->templates, template_ids, count * sizeof *template_ids);
  }
  return SS_OK;
}

/* ---- from file to file */

void ss_subscriber_leave(ss_subscriber *s) {
  s->wanted = ss_subscriber_position(s);
  ss_window_unmap(&s->window);
  ss_store_close(&s->store);
}

void ss_subscriber_hold(ss_subscriber *s, int32_t cycle) {
  ss_pin_hold(&s->pin, s->queue->settings.directory, cycle);
}

/* Whether the set of files may have changed since it was looked at last. */
static bool may_have_changed(ss_subscriber *s) {
  const ss_queue *const queue = s->queue;
  if (queue->mod_count != NULL && atomic_load_explicit(queue->mod_count, memory_order_acquire) != s->seen) {
    return true;
  }
  // Files may also come with nobody counting: copied in by hand.
  const int64_t interval = queue->mod_count == NULL ? LOOK_INTERVAL_NS : 10 * LOOK_INTERVAL_NS;
  return ss_monotonic_coarse_ns() - s->looked_ns > interval;
}

void ss_subscriber_look_again(ss_subscriber *s) {
  s->seen = -1;
  s->looked_ns = 0;
}

static int look(ss_subscriber *s, int32_t after, ss_listing *listing) {
  // Before the directory is read, so that no change is missed.
  s->seen = s->queue->mod_count == NULL ? -1 : atomic_load_explicit(s->queue->mod_count, memory_order_acquire);
  s->looked_ns = ss_monotonic_coarse_ns();
  return ss_listing_read(s->queue, after, listing, &s->error);
}

/* Counts what was deleted between the place it comes from and a file. One that has read nothing misses nothing. */
static void count_lost(ss_subscriber *s, int32_t cycle) {
  const int64_t from = ss_subscriber_position(s);
  if (from > 0 && ss_cycle_of(s->queue, from) < cycle) {
    const int64_t sequence = ss_sequence_of(s->queue, from);
    s->stats.lost += (uint64_t)ss_readers_lost(s->queue->settings.directory, ss_cycle_of(s->queue, from), sequence, cycle);
  }
}

/* Opens a file and stands at its beginning. 1, 0 if it is not there or not ready, or a negative code. */
static int enter(ss_subscriber *s, int32_t cycle) {
  ss_store next;
  ss_store_init(&next);
  const int result = ss_store_open(&next, &s->queue->settings, cycle, false, &s->error);
  if (result != SS_OK) {
    if (result == SS_ERR_NOT_FOUND || result == SS_STORE_NOT_READY) {
      ss_subscriber_look_again(s);
      return 0;
    }
    return result;
  }
  ss_subscriber_hold(s, cycle);
  count_lost(s, cycle);
  ss_window_unmap(&s->window);
  ss_store_close(&s->store);
  s->store = next;
  s->next = (ss_place){next.documents, 0};
  ss_subscriber_look_again(s); // what follows it is looked at once its end is reached
  s->stats.rolls++;
  return 1;
}

/*
 * Into the first file behind a cycle. One that is not ready, with another behind it, never will be: files are made one after
 * the other, under the write lock, and its maker died. As enter; *entered receives which.
 */
static int enter_after(ss_subscriber *s, int32_t after, int32_t *entered) {
  for (;;) {
    ss_listing listing;
    int result = look(s, after, &listing);
    if (result != SS_OK || listing.next < 0) {
      return result;
    }
    result = enter(s, listing.next);
    *entered = listing.next;
    if (result != 0 || listing.next >= listing.last) {
      return result;
    }
    after = listing.next;
  }
}

/* From a position that is in no file: into the file that holds it, or the first one behind it. As enter. */
static int enter_wanted(ss_subscriber *s) {
  if (!may_have_changed(s)) {
    return 0;
  }
  const int32_t cycle = ss_cycle_of(s->queue, s->wanted);
  int32_t entered = -1;
  int result = enter_after(s, cycle - 1, &entered);
  const int64_t sequence = entered == cycle ? ss_sequence_of(s->queue, s->wanted) : 0;
  if (result != 1 || sequence == 0) {
    return result;
  }
  result = ss_index_find(&s->store, sequence, &s->next, &s->error);
  if (result == SS_OK) {
    result = ss_store_walk(&s->store, &s->window, &s->next, sequence, &s->error);
  }
  if (result < 0) {
    ss_window_unmap(&s->window);
    ss_store_close(&s->store);
    return result;
  }
  return 1;
}

/* From the end of a file to the next. As enter. */
static int enter_next(ss_subscriber *s) {
  if (!may_have_changed(s)) {
    return 0;
  }
  int32_t entered;
  return enter_after(s, s->store.cycle, &entered);
}

/*
 * Nothing stands at the end of a file that is not finished. Its writer will finish it before the next; only a file that was
 * deleted, or one whose writer died before its first message, never will be.
 */
static int leave_if_dead(ss_subscriber *s) {
  // By the clock and not by the count of changes: that shares its cache line with the write lock, which a spinning reader
  // must not slow down.
  if (ss_monotonic_coarse_ns() - s->looked_ns <= LOOK_INTERVAL_NS) {
    return 0;
  }
  if (s->queue->mod_count != NULL && atomic_load_explicit(s->queue->mod_count, memory_order_relaxed) == s->seen) {
    s->looked_ns = ss_monotonic_coarse_ns();
    return 0;
  }
  ss_listing listing;
  const int result = look(s, s->store.cycle, &listing);
  if (result != SS_OK || listing.next < 0) {
    return result;
  }
  struct stat status;
  const bool deleted = fstat(s->store.fd, &status) == 0 && status.st_nlink == 0;
  int32_t entered;
  return deleted || s->next.sequence == 0 ? enter_after(s, s->store.cycle, &entered) : 0;
}

int ss_subscriber_advance(ss_subscriber *s) {
  for (;;) {
    int moved = 1;
    if (!ss_store_is_open(&s->store)) {
      moved = enter_wanted(s);
    } else {
      const int mapped = ss_store_map(&s->store, &s->window, s->next.position, SS_HEADER_LENGTH, &s->error);
      if (mapped < 0) {
        return mapped;
      }
      const uint32_t header = mapped == SS_STORE_BEYOND ? 0 : ss_header_load(&s->window, s->next.position);
      if (header == 0) {
        moved = leave_if_dead(s);
      } else if ((header & SS_NOT_COMPLETE) != 0) {
        moved = header == SS_END_OF_FILE ? enter_next(s) : 0;
      } else {
        s->length = header & SS_LENGTH_MASK;
        const int whole = ss_store_map(&s->store, &s->window, s->next.position, SS_HEADER_LENGTH + s->length, &s->error);
        if (whole != SS_OK) {
          return whole < 0
                     ? whole
                     : ss_store_corrupt(&s->store, s->next.position, "a document that is longer than the file", &s->error);
        }
        if ((header & SS_META_DATA) == 0) {
          return 1;
        }
        s->next.position = ss_align_header(s->next.position + SS_HEADER_LENGTH + s->length);
      }
    }
    if (moved <= 0) {
      return moved;
    }
  }
}

/* ---- reading */

static bool is_wanted(const ss_subscriber *s, const ss_message *message) {
  if ((s->schema_id != SS_ANY && s->schema_id != message->schema_id) ||
      (s->source_id != SS_ANY && s->source_id != message->source_id)) {
    return false;
  }
  if (s->template_count == 0) {
    return true;
  }
  for (size_t i = 0; i < s->template_count; i++) {
    if (s->templates[i] == message->template_id) {
      return true;
    }
  }
  return false;
}

/* What the document at next is. */
typedef enum document_kind { MESSAGE, FILTERED, FOREIGN } document_kind;

static document_kind examine(const ss_subscriber *s, ss_message *message) {
  const uint8_t *const document = ss_window_at(&s->window, s->next.position + SS_HEADER_LENGTH);
  if (!ss_envelope_get(document, s->length, message)) {
    return FOREIGN;
  }
  message->position = ss_position_of(s->queue, s->store.cycle, s->next.sequence);
  return is_wanted(s, message) ? MESSAGE : FILTERED;
}

static void pass(ss_subscriber *s) {
  s->next.position = ss_align_header(s->next.position + SS_HEADER_LENGTH + s->length);
  s->next.sequence++;
  s->unhandled = s->durable != NULL;
}

int ss_next(ss_subscriber *subscriber, ss_message *message) {
  if (subscriber == NULL || message == NULL) {
    return SS_ERR_ARGUMENT;
  }
  ss_subscriber *const s = subscriber;
  ss_subscriber_done(s);
  for (;;) {
    const int found = ss_subscriber_advance(s);
    if (found != 1) {
      ss_subscriber_done(s);
      return found;
    }
    const document_kind kind = examine(s, message);
    pass(s);
    if (kind == MESSAGE) {
      s->stats.messages++;
      return 1;
    }
    s->stats.filtered += kind == FILTERED;
    s->stats.foreign += kind == FOREIGN;
  }
}

int64_t ss_poll(ss_subscriber *subscriber, ss_handler handler, void *context, size_t limit) {
  if (subscriber == NULL || handler == NULL) {
    return SS_ERR_ARGUMENT;
  }
  ss_subscriber *const s = subscriber;
  ss_subscriber_done(s);
  int64_t count = 0;
  while ((size_t)count < limit) {
    ss_message message;
    const int found = ss_subscriber_advance(s);
    if (found != 1) {
      return count > 0 ? count : found;
    }
    const document_kind kind = examine(s, &message);
    const int64_t position = ss_subscriber_position(s);
    if (kind == MESSAGE && handler(context, &message) != 0) {
      break;
    }
    // Unless the handler has moved the subscriber.
    if (ss_subscriber_position(s) == position) {
      pass(s);
      ss_subscriber_done(s);
    }
    count++;
    s->stats.messages += kind == MESSAGE;
    s->stats.filtered += kind == FILTERED;
    s->stats.foreign += kind == FOREIGN;
  }
  return count;
}

/* Sleeps until it is woken, or for a while. As ss_subscriber_advance. */
static int sleep_once(ss_subscriber *s, int64_t slice_ns) {
  ss_wake_word *const wake = s->queue->wake;
  s->stats.sleeps++;
  if (wake == NULL) {
    ss_sleep_ns(slice_ns);
  } else {
    const uint32_t announced = ss_wake_announce(wake);
    const int found = ss_subscriber_advance(s);
    if (found != 0) {
      return found;
    }
    // Counted before the word changes, so that a call to wake is seen here or there.
    if (atomic_load(&s->queue->wakes) == s->wakes) {
      ss_wake_sleep(wake, announced, slice_ns);
    }
  }
  return ss_subscriber_advance(s);
}

int ss_wait(ss_subscriber *subscriber, int64_t timeout_ns) {
  if (subscriber == NULL) {
    return SS_ERR_ARGUMENT;
  }
  ss_subscriber *const s = subscriber;
  ss_subscriber_done(s);
  int found = ss_subscriber_advance(s);
  if (found != 0 || timeout_ns == 0) {
    return found;
  }
  const int64_t start = ss_monotonic_ns();
  const int64_t interval = s->queue->foreign_interval_ns;
  // Where messages come from programs that wake nobody, the next is soon; where none come, ever more seldom is enough.
  int64_t longest = interval < FIRST_SLICE_NS ? interval : FIRST_SLICE_NS;
  for (;;) {
    const uint32_t wakes = atomic_load(&s->queue->wakes);
    if (wakes != s->wakes) {
      // Perhaps from before this wait began: whoever called for it must not be missed.
      s->wakes = wakes;
      return ss_subscriber_advance(s);
    }
    int64_t slice = longest;
    longest = longest > interval / 2 ? interval : 2 * longest;
    if (timeout_ns > 0) {
      const int64_t left = timeout_ns - (ss_monotonic_ns() - start);
      if (left <= 0) {
        return 0;
      }
      slice = left < slice ? left : slice;
    }
    found = sleep_once(s, slice);
    if (found != 0) {
      return found;
    }
  }
}
