#include "envelope.h"
#include "error.h"
#include "subscriber.h"
#include "system.h"

#include <stdlib.h>

/* A durable subscriber's position is where it was moved to. */
static int moved(ss_subscriber *s) {
  s->unhandled = s->durable != NULL;
  ss_subscriber_done(s);
  ss_subscriber_look_again(s);
  return SS_OK;
}

/* Will begin with a file, which is in none yet; below 0 for the first that there will be. */
static void want(ss_subscriber *s, int32_t cycle) {
  if (cycle < 0) {
    s->wanted = 0;
    ss_pin_leave(&s->pin);
  } else {
    s->wanted = ss_position_of(s->queue, cycle, 0);
    ss_subscriber_hold(s, cycle);
  }
}

/* Puts another file in place of the one that is read. */
static void adopt(ss_subscriber *s, ss_store *store, ss_window *window, ss_place next) {
  if (store != &s->store) {
    ss_window_unmap(&s->window);
    ss_store_close(&s->store);
    s->store = *store;
    s->window = *window;
    ss_subscriber_hold(s, s->store.cycle);
  }
  s->next = next;
}

/*
 * Finds a message in a file. 1 with its place, 0 if it is not there, or a negative code.
 */
static int find(ss_store *store, ss_window *window, int64_t sequence, ss_place *place, ss_error *error) {
  int result = ss_index_find(store, sequence, place, error);
  if (result == SS_OK) {
    result = ss_store_walk(store, window, place, sequence, error);
  }
  if (result < 0) {
    return result;
  }
  if (place->sequence != sequence || result != SS_WALK_FREE) {
    return 0;
  }
  const int mapped = ss_store_map(store, window, place->position, SS_HEADER_LENGTH, error);
  return mapped == SS_OK ? ss_header_load(window, place->position) != 0 : mapped < 0 ? mapped : 0;
}

int ss_to_start(ss_subscriber *subscriber) {
  if (subscriber == NULL) {
    return SS_ERR_ARGUMENT;
  }
  ss_subscriber *const s = subscriber;
  ss_listing listing;
  const int result = ss_listing_read(s->queue, 0, &listing, &s->error);
  if (result != SS_OK) {
    return result;
  }
  if (ss_store_is_open(&s->store) && s->store.cycle == listing.first) {
    s->next = (ss_place){s->store.documents, 0};
  } else {
    ss_subscriber_leave(s);
    want(s, listing.first);
  }
  return moved(s);
}

int ss_to_end(ss_subscriber *subscriber) {
  if (subscriber == NULL) {
    return SS_ERR_ARGUMENT;
  }
  ss_subscriber *const s = subscriber;
  ss_listing listing;
  int result = ss_listing_read(s->queue, 0, &listing, &s->error);
  if (result != SS_OK) {
    return result;
  }
  if (listing.last < 0) {
    ss_subscriber_leave(s);
    want(s, -1);
    return moved(s);
  }
  ss_place end = {0};
  if (ss_store_is_open(&s->store) && s->store.cycle == listing.last) {
    result = ss_store_end(&s->store, &s->window, &end, &s->error);
    if (result < 0) {
      return result;
    }
    s->next = end;
    return moved(s);
  }
  ss_store store;
  ss_window window = {0};
  ss_store_init(&store);
  result = ss_store_open(&store, &s->queue->settings, listing.last, false, &s->error);
  if (result == SS_STORE_NOT_READY || result == SS_ERR_NOT_FOUND) {
    // It is being made, so there is nothing in it.
    ss_subscriber_leave(s);
    want(s, listing.last);
    return moved(s);
  }
  if (result == SS_OK) {
    result = ss_store_end(&store, &window, &end, &s->error);
  }
  if (result < 0) {
    ss_window_unmap(&window);
    ss_store_close(&store);
    return result;
  }
  adopt(s, &store, &window, end);
  return moved(s);
}

static int no_message(ss_subscriber *s, int64_t position) {
  return ss_fail(
      &s->error, SS_ERR_NO_MESSAGE, 0,
      "no message at position %lld (%llx) in %s: it was deleted, or the position belongs to another queue",
      (long long)position, (unsigned long long)position, s->queue->name);
}

int ss_to_position(ss_subscriber *subscriber, int64_t position) {
  if (subscriber == NULL) {
    return SS_ERR_ARGUMENT;
  }
  ss_subscriber *const s = subscriber;
  if (position < 0) {
    return no_message(s, position);
  }
  const int32_t cycle = ss_cycle_of(s->queue, position);
  const int64_t sequence = ss_sequence_of(s->queue, position);
  ss_place place;
  if (ss_store_is_open(&s->store) && s->store.cycle == cycle) {
    const int found = find(&s->store, &s->window, sequence, &place, &s->error);
    if (found <= 0) {
      return found < 0 ? found : no_message(s, position);
    }
    adopt(s, &s->store, &s->window, place);
    return moved(s);
  }
  ss_store store;
  ss_window window = {0};
  ss_store_init(&store);
  int result = ss_store_open(&store, &s->queue->settings, cycle, false, &s->error);
  if (result == SS_STORE_NOT_READY || result == SS_ERR_NOT_FOUND) {
    return no_message(s, position);
  }
  if (result == SS_OK) {
    result = find(&store, &window, sequence, &place, &s->error);
    if (result == 1) {
      adopt(s, &store, &window, place);
      return moved(s);
    }
  }
  ss_window_unmap(&window);
  ss_store_close(&store);
  return result < 0 ? result : no_message(s, position);
}

/* ---- by time */

/* A file that a search looks into. */
typedef struct search {
  ss_store store;
  ss_window window;
} search;

static void stop(search *file) {
  ss_window_unmap(&file->window);
  ss_store_close(&file->store);
}

/*
 * Time of the first message of ours from a number on, below another; foreign documents are passed over.
 * 1, 0 if there is none, or a negative code.
 */
static int timestamp_from(search *file, int64_t from, int64_t to, int64_t *timestamp, ss_error *error) {
  ss_place place;
  int found = find(&file->store, &file->window, from, &place, error);
  while (found == 1 && place.sequence < to) {
    const uint32_t header = ss_header_load(&file->window, place.position);
    const int64_t length = header & SS_LENGTH_MASK;
    const int mapped = ss_store_map(&file->store, &file->window, place.position, SS_HEADER_LENGTH + length, error);
    if (mapped != SS_OK) {
      return mapped < 0 ? mapped : 0;
    }
    ss_message message;
    if (ss_envelope_get(ss_window_at(&file->window, place.position + SS_HEADER_LENGTH), length, &message)) {
      *timestamp = message.timestamp;
      return 1;
    }
    // Over this document, and over metadata to the next.
    const int64_t sequence = place.sequence + 1;
    const int end = ss_store_walk(&file->store, &file->window, &place, sequence, error);
    if (end != SS_WALK_FREE || place.sequence != sequence) {
      return end < 0 ? end : 0;
    }
    const int there = ss_store_map(&file->store, &file->window, place.position, SS_HEADER_LENGTH, error);
    found = there < 0 ? there : there == SS_OK && ss_header_load(&file->window, place.position) != 0;
  }
  return found < 0 ? found : 0;
}

static int open_search(ss_subscriber *s, search *file, int32_t cycle) {
  stop(file);
  const int result = ss_store_open(&file->store, &s->queue->settings, cycle, false, &s->error);
  return result == SS_ERR_NOT_FOUND || result == SS_STORE_NOT_READY ? 0 : result < 0 ? result : 1;
}

/* The first message of a file that is not older. 1 with its place, 0 if all are, or a negative code. */
static int search_in(search *file, int64_t timestamp, ss_place *place, ss_error *error) {
  ss_place end;
  const int result = ss_store_end(&file->store, &file->window, &end, error);
  if (result < 0) {
    return result;
  }
  int64_t low = 0;
  int64_t high = end.sequence;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    int64_t found = 0;
    const int there = timestamp_from(file, middle, high, &found, error);
    if (there < 0) {
      return there;
    }
    if (there == 1 && found < timestamp) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < end.sequence ? find(&file->store, &file->window, low, place, error) : 0;
}

static int to_time(ss_subscriber *s, search *file, const int32_t *cycles, size_t count, int64_t timestamp) {
  // The last file whose first message is older than the time holds the answer, or the file after it does.
  size_t low = 0;
  size_t high = count - 1;
  while (low < high) {
    const size_t middle = low + (high - low + 1) / 2;
    int64_t found = 0;
    int there = open_search(s, file, cycles[middle]);
    if (there == 1) {
      there = timestamp_from(file, 0, INT64_MAX, &found, &s->error);
    }
    if (there < 0) {
      return there;
    }
    if (there == 1 && found < timestamp) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  ss_place place = {0};
  int there = open_search(s, file, cycles[low]);
  if (there == 1) {
    there = search_in(file, timestamp, &place, &s->error);
  }
  if (there < 0) {
    return there;
  }
  if (there == 1) {
    adopt(s, &file->store, &file->window, place);
    ss_store_init(&file->store);
    file->window = (ss_window){0};
    return moved(s);
  }
  if (low + 1 < count) {
    ss_subscriber_leave(s);
    want(s, cycles[low + 1]);
    return moved(s);
  }
  return ss_to_end(s);
}

int ss_to_time(ss_subscriber *subscriber, int64_t timestamp) {
  if (subscriber == NULL) {
    return SS_ERR_ARGUMENT;
  }
  int32_t *cycles;
  size_t count;
  int result = ss_listing_cycles(subscriber->queue, 0, INT32_MAX, &cycles, &count, &subscriber->error);
  if (result == SS_OK) {
    search file = {.window = {0}};
    ss_store_init(&file.store);
    result = count == 0 ? ss_to_start(subscriber) : to_time(subscriber, &file, cycles, count, timestamp);
    stop(&file);
  }
  free(cycles);
  return result;
}
