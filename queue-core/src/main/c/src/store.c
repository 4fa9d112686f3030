#include "store.h"

#include "error.h"
#include "system.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HEADER_CAPACITY 512

/* ---- opening */

int64_t ss_store_overlap(int64_t block_size) {
  if (block_size < (INT64_C(64) << 10)) {
    return block_size;
  }
  if (block_size < (INT64_C(256) << 10)) {
    return INT64_C(64) << 10;
  }
  return block_size < (INT64_C(4) << 30) ? block_size / 4 : INT64_C(1) << 30;
}

void ss_store_init(ss_store *store) {
  *store = (ss_store){.fd = -1};
}

static ss_shared_int64 *shared_at(const ss_window *window, int64_t position) {
  return (ss_shared_int64 *)(uintptr_t)ss_window_at(window, position);
}

/* Finds the array in a document of a name; false if it is not there whole. */
static bool array_in(const ss_window *window, int64_t position, const char *wanted, uint32_t capacity, int64_t *values) {
  const uint32_t header = ss_header_load(window, position);
  const int64_t payload = header & SS_LENGTH_MASK;
  if ((header & (SS_NOT_COMPLETE | SS_META_DATA)) != SS_META_DATA ||
      !ss_window_covers(window, position + SS_HEADER_LENGTH, payload)) {
    return false;
  }
  const uint8_t *const start = ss_window_at(window, position + SS_HEADER_LENGTH);
  ss_wire wire = {window->base, start, start + payload};
  char name[SS_WIRE_TEXT_CAPACITY];
  int64_t found;
  // The window starts on a page, so that an aligned place in it is aligned in the file.
  if (!ss_wire_name(&wire, name) || strcmp(name, wanted) != 0 || !ss_wire_array_place(&wire, values, &found) ||
      found != capacity) {
    return false;
  }
  *values += window->offset;
  return true;
}

static int adopt(ss_store *store, const ss_store_settings *settings, ss_error *error) {
  const int64_t file_length = ss_file_length(store->fd);
  if (file_length < SS_HEADER_LENGTH) {
    return SS_STORE_NOT_READY;
  }
  const int64_t probe = file_length < HEADER_CAPACITY * 8 ? file_length : HEADER_CAPACITY * 8;
  int reason = ss_window_map(&store->head, store->fd, 0, probe, store->writable);
  if (reason != 0) {
    return ss_fail_system(error, reason, "map", store->path);
  }
  ss_store_layout layout;
  const int result = ss_store_parse_header(store->head.base, store->head.length, &layout, store->path, error);
  if (result != SS_OK) {
    return result;
  }
  store->sequence_shift = ss_cycle_shift(layout.index_count, layout.index_spacing);
  if (store->sequence_shift != ss_cycle_shift(settings->cycle->index_count, settings->cycle->index_spacing)) {
    return ss_fail(
        error, SS_ERR_VERSION, 0, "%s has an index of %u pages by %u messages, not that of its roll cycle %s", store->path,
        layout.index_count, layout.index_spacing, settings->cycle->name);
  }
  store->index_count = layout.index_count;
  store->index_count_bits = (unsigned)__builtin_ctz(layout.index_count);
  store->index_spacing_bits = (unsigned)__builtin_ctz(layout.index_spacing);
  const int64_t pages_at = atomic_load_explicit(shared_at(&store->head, layout.index2index), memory_order_acquire);
  if (pages_at < layout.end || pages_at % 4 != 0 || pages_at > file_length - SS_HEADER_LENGTH) {
    return ss_store_refuse(store->path, "no index", error);
  }
  const int64_t pages_length = ss_index_page_length(store->index_count);
  const int64_t head_length = pages_length > file_length - pages_at ? file_length : pages_at + pages_length;
  reason = ss_window_map(&store->head, store->fd, 0, head_length, store->writable);
  if (reason != 0) {
    return ss_fail_system(error, reason, "map", store->path);
  }
  int64_t values;
  if (!array_in(&store->head, pages_at, "index2index", store->index_count, &values)) {
    return ss_store_refuse(store->path, "a damaged index", error);
  }
  store->write_position = shared_at(&store->head, layout.write_position);
  store->sequence_word = shared_at(&store->head, layout.write_position + 8);
  store->last_index = shared_at(&store->head, layout.last_index);
  store->pages = shared_at(&store->head, values);
  store->pages_used = shared_at(&store->head, values - 8);
  store->documents = layout.end;
  return SS_OK;
}

void ss_store_name(const ss_store_settings *settings, int32_t cycle, char name[SS_STORE_NAME_CAPACITY]) {
  ss_cycle_format(settings->cycle, settings->epoch_ms, cycle, name);
  strcat(name, SS_STORE_SUFFIX);
}

static void describe(ss_store *store, const ss_store_settings *settings, int32_t cycle, char name[SS_STORE_NAME_CAPACITY]) {
  ss_store_name(settings, cycle, name);
  snprintf(store->path, sizeof store->path, "%.250s/%s", settings->directory_name, name);
  store->cycle = cycle;
  store->chunk = settings->block_size;
  store->overlap = ss_store_overlap(settings->block_size);
  store->timeout_ns = settings->timeout_ns;
}

int ss_store_open(ss_store *store, const ss_store_settings *settings, int32_t cycle, bool writable, ss_error *error) {
  char name[SS_STORE_NAME_CAPACITY];
  ss_store_close(store);
  describe(store, settings, cycle, name);
  store->writable = writable;
  // Old files may have been moved to another disk, with a link in their place.
  store->fd = ss_open_at(settings->directory, name, SS_OPEN_FOLLOW | (writable ? SS_OPEN_WRITE : 0U));
  if (store->fd < 0) {
    const int reason = errno;
    return reason == ENOENT ? SS_ERR_NOT_FOUND : ss_fail_system(error, reason, "open", store->path);
  }
  const int result = adopt(store, settings, error);
  if (result != SS_OK) {
    ss_store_close(store);
  }
  return result;
}

void ss_store_close(ss_store *store) {
  ss_window_unmap(&store->head);
  ss_window_unmap(&store->page);
  if (store->fd >= 0) {
    close(store->fd);
  }
  store->fd = -1;
  store->page_position = 0;
  store->entries = NULL;
}

/* ---- making */

static int64_t length_of_chunk(const ss_store *store, int64_t position) {
  return (position / store->chunk + 1) * store->chunk + store->overlap;
}

static int64_t capacity_of_new(const ss_roll_cycle *cycle) {
  return HEADER_CAPACITY + 2 * ss_index_page_length(cycle->index_count);
}

/*
 * Whether a file without a header is one whose maker died, and not one that was damaged: such a file has no message yet.
 */
static int check_is_unfinished(const ss_store *store, const ss_store_settings *settings, ss_error *error) {
  uint8_t *const scratch = malloc((size_t)capacity_of_new(settings->cycle) + 8);
  if (scratch == NULL) {
    return ss_fail(error, SS_ERR_NO_MEMORY, ENOMEM, "no memory to examine %s", store->path);
  }
  int64_t first_message;
  ss_store_put_new(scratch, settings->cycle, &first_message);
  free(scratch);
  uint32_t header = 0;
  const ssize_t got = pread(store->fd, &header, sizeof header, first_message);
  if (got < 0) {
    return ss_fail_system(error, errno, "examine", store->path);
  }
  return got == sizeof header && header != 0
             ? ss_store_refuse(store->path, "messages, but a header that is not complete", error)
             : SS_OK;
}

static int write_new(ss_store *store, const ss_store_settings *settings, ss_error *error) {
  const int64_t written = capacity_of_new(settings->cycle);
  int64_t length = length_of_chunk(store, 0);
  length = length < written ? written : length;
  int result = ss_file_grow(store->fd, length, store->timeout_ns);
  if (result == 0) {
    result = ss_file_reserve(store->fd, 0, written);
  }
  if (result == 0) {
    result = ss_window_map(&store->head, store->fd, 0, written, true);
  }
  if (result != 0) {
    return ss_fail_system(error, result, "create", store->path);
  }
  _Atomic uint32_t *const header = (_Atomic uint32_t *)(uintptr_t)store->head.base;
  atomic_store_explicit(header, SS_NOT_COMPLETE, memory_order_release);
  int64_t end;
  const uint32_t ready = ss_store_put_new(store->head.base, settings->cycle, &end);
  atomic_store_explicit(header, ready, memory_order_release);
  return SS_OK;
}

int ss_store_create(ss_store *store, const ss_store_settings *settings, int32_t cycle, ss_error *error) {
  char name[SS_STORE_NAME_CAPACITY];
  char unfinished[SS_CYCLE_NAME_CAPACITY + 16];
  ss_store_close(store);
  describe(store, settings, cycle, name);
  store->writable = true;
  store->fd = ss_open_at(settings->directory, name, SS_OPEN_WRITE);
  if (store->fd < 0 && errno != ENOENT) {
    return ss_fail_system(error, errno, "open", store->path);
  }
  int result;
  if (store->fd >= 0) {
    // A maker who died left it: we hold the lock under which files are made, so nobody else is at it. Those who wait for it
    // have this very file open.
    result = check_is_unfinished(store, settings, error);
    if (result == SS_OK) {
      result = write_new(store, settings, error);
    }
  } else {
    // Made aside and renamed, so that nobody ever sees a part of it, whenever we die.
    snprintf(unfinished, sizeof unfinished, "%s.new", name);
    unlinkat(settings->directory, unfinished, 0);
    store->fd = ss_open_at(settings->directory, unfinished, SS_OPEN_WRITE | SS_OPEN_CREATE);
    if (store->fd < 0) {
      return ss_fail_system(error, errno, "create", store->path);
    }
    result = write_new(store, settings, error);
    if (result == SS_OK && renameat(settings->directory, unfinished, settings->directory, name) < 0) {
      result = ss_fail_system(error, errno, "rename to", store->path);
    }
    if (result != SS_OK) {
      unlinkat(settings->directory, unfinished, 0);
    }
  }
  if (result == SS_OK) {
    result = adopt(store, settings, error);
  }
  if (result != SS_OK) {
    ss_store_close(store);
  }
  return result;
}

/* ---- mapping and walking */

int ss_store_slide(const ss_store *store, ss_window *window, int64_t position, int64_t length, ss_error *error) {
  const int64_t file_length = ss_file_length(store->fd);
  if (position < 0 || length > file_length - position) {
    return SS_STORE_BEYOND;
  }
  const int64_t start = position / store->chunk * store->chunk;
  // A sparse file may be nearly as long as numbers go: no sums before they are known to fit.
  int64_t end = store->chunk + store->overlap > file_length - start ? file_length : start + store->chunk + store->overlap;
  end = end < position + length ? position + length : end;
  const int reason = ss_window_map(window, store->fd, start, end - start, store->writable);
  return reason == 0 ? SS_OK : ss_fail_system(error, reason, "map", store->path);
}

int ss_store_map_for_write(const ss_store *store, ss_window *window, int64_t position, int64_t length, ss_error *error) {
  if (ss_window_covers(window, position, length)) {
    return SS_OK;
  }
  if (position > INT64_MAX / 2) {
    return ss_store_corrupt(store, position, "a file that is too long", error);
  }
  int64_t needed = length_of_chunk(store, position);
  needed = needed < position + length ? position + length : needed;
  const int reason = ss_file_grow(store->fd, needed, store->timeout_ns);
  if (reason != 0) {
    return ss_fail_system(error, reason, "extend", store->path);
  }
  const int mapped = ss_store_map(store, window, position, length, error);
  return mapped == SS_STORE_BEYOND ? ss_store_corrupt(store, position, "cut off while it is written", error) : mapped;
}

int ss_store_corrupt(const ss_store *store, int64_t position, const char *what, ss_error *error) {
  return ss_fail(
      error, SS_ERR_CORRUPT, 0, "%s is damaged at byte %lld (%s): what stands before can be read", store->path,
      (long long)position, what);
}

int ss_store_walk(const ss_store *store, ss_window *window, ss_place *place, int64_t limit, ss_error *error) {
  for (;;) {
    const int mapped = ss_store_map(store, window, place->position, SS_HEADER_LENGTH, error);
    if (mapped != SS_OK) {
      return mapped == SS_STORE_BEYOND ? SS_WALK_FREE : mapped;
    }
    const uint32_t header = ss_header_load(window, place->position);
    if (header == 0) {
      return SS_WALK_FREE;
    }
    if ((header & SS_NOT_COMPLETE) != 0) {
      return header == SS_END_OF_FILE ? SS_WALK_EOF : SS_WALK_INCOMPLETE;
    }
    const int64_t next = ss_align_header(place->position + SS_HEADER_LENGTH + (int64_t)(header & SS_LENGTH_MASK));
    if (!ss_window_covers(window, place->position, next - place->position) && next > ss_file_length(store->fd)) {
      return ss_store_corrupt(store, place->position, "a document that is longer than the file", error);
    }
    if ((header & SS_META_DATA) == 0) {
      if (place->sequence >= limit) {
        return SS_WALK_FREE;
      }
      place->sequence++;
    }
    place->position = next;
  }
}

int ss_store_end(ss_store *store, ss_window *window, ss_place *end, ss_error *error) {
  int64_t position = 0;
  // The position is stored before the word that goes with it: look again while they do not agree.
  for (int i = 0; i < 128; i++) {
    position = atomic_load_explicit(store->write_position, memory_order_acquire);
    const uint64_t word = (uint64_t)atomic_load_explicit(store->sequence_word, memory_order_acquire);
    if (position < store->documents || position % 4 != 0) {
      break;
    }
    const int there = ss_store_map(store, window, position, SS_HEADER_LENGTH, error);
    if (there < 0) {
      return there;
    }
    if (there == SS_STORE_BEYOND) {
      break; // damaged: a message that nobody can have written
    }
    if ((((uint64_t)position << store->sequence_shift) ^ word) >> store->sequence_shift == 0) {
      *end = (ss_place){position, (int64_t)(word & ((UINT64_C(1) << store->sequence_shift) - 1))};
      return ss_store_walk(store, window, end, INT64_MAX, error);
    }
    ss_spin_hint();
  }
  // Nothing is there yet, or a writer died between the two: count from what the index knows.
  *end = (ss_place){store->documents, 0};
  if (position != 0) {
    const int found = ss_index_find(store, INT64_MAX, end, error);
    if (found != SS_OK) {
      return found;
    }
  }
  return ss_store_walk(store, window, end, INT64_MAX, error);
}

int ss_store_finish(ss_store *store, ss_window *window, ss_error *error) {
  static const uint8_t name[] = {0xC3, 'E', 'O', 'F'};
  ss_place end;
  int result = ss_store_end(store, window, &end, error);
  if (result < 0 || result == SS_WALK_EOF) {
    return result < 0 ? result : SS_OK;
  }
  const int64_t length = SS_HEADER_LENGTH + (int64_t)sizeof name;
  result = ss_store_map_for_write(store, window, end.position, length, error);
  if (result != SS_OK) {
    return result;
  }
  const int reason = ss_file_reserve(store->fd, end.position, length);
  if (reason != 0) {
    return ss_fail_system(error, reason, "finish", store->path);
  }
  uint8_t *const at = ss_window_at(window, end.position);
  atomic_store_explicit((_Atomic uint32_t *)(uintptr_t)at, SS_END_OF_FILE, memory_order_release);
  memcpy(at + SS_HEADER_LENGTH, name, sizeof name);
  return SS_OK;
}
