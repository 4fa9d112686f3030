#include "error.h"
#include "store.h"
#include "system.h"

#include <string.h>

#define MAX_EMPTY_PAGES 16

static void set_max(ss_shared_int64 *word, int64_t value) {
  // Under the write lock nobody else writes it.
  if (atomic_load_explicit(word, memory_order_relaxed) < value) {
    atomic_store_explicit(word, value, memory_order_release);
  }
}

/* Maps an index page and finds its entries. */
static int enter_page(ss_store *store, int64_t position, ss_error *error) {
  if (store->page_position == position && store->entries != NULL) {
    return SS_OK;
  }
  store->entries = NULL;
  const int64_t file_length = ss_file_length(store->fd);
  if (position < store->documents || position % 4 != 0 || position > file_length - SS_HEADER_LENGTH) {
    return ss_store_corrupt(store, position, "no index page", error);
  }
  int64_t length = ss_index_page_length(store->index_count);
  length = length > file_length - position ? file_length - position : length;
  const int reason = ss_window_map(&store->page, store->fd, position, length, store->writable);
  if (reason != 0) {
    return ss_fail_system(error, reason, "map", store->path);
  }
  const uint32_t header = ss_header_load(&store->page, position);
  const int64_t payload = header & SS_LENGTH_MASK;
  char name[SS_WIRE_TEXT_CAPACITY];
  int64_t values;
  int64_t capacity;
  if ((header & (SS_NOT_COMPLETE | SS_META_DATA)) != SS_META_DATA ||
      !ss_window_covers(&store->page, position + SS_HEADER_LENGTH, payload)) {
    return ss_store_corrupt(store, position, "no index page", error);
  }
  const uint8_t *const start = ss_window_at(&store->page, position + SS_HEADER_LENGTH);
  ss_wire wire = {store->page.base, start, start + payload};
  if (!ss_wire_name(&wire, name) || strcmp(name, "index") != 0 || !ss_wire_array_place(&wire, &values, &capacity) ||
      capacity != store->index_count) {
    return ss_store_corrupt(store, position, "a damaged index page", error);
  }
  store->entries = (ss_shared_int64 *)(uintptr_t)(store->page.base + values);
  store->page_position = position;
  return SS_OK;
}

int ss_index_find(ss_store *store, int64_t sequence, ss_place *place, ss_error *error) {
  const int64_t last = store->index_count - 1;
  // What stands behind was never written by anybody: a JVM lays a page over whatever a killed writer left there.
  const int64_t indexed = atomic_load_explicit(store->last_index, memory_order_acquire);
  if (sequence >= indexed) {
    sequence = indexed > 0 ? indexed - 1 : -1;
  }
  int64_t page = sequence >> (store->index_count_bits + store->index_spacing_bits);
  int64_t entry = (sequence >> store->index_spacing_bits) & last;
  if (page > last) {
    page = last;
    entry = last;
  }
  // A writer that died may have left an entry out: the one before it serves as well. Of pages that are there but empty no
  // more than a few can be: in a damaged index, documents are counted from the first.
  for (int empty = 0; page >= 0 && empty < MAX_EMPTY_PAGES; page--, entry = last) {
    const int64_t page_position = atomic_load_explicit(&store->pages[page], memory_order_acquire);
    if (page_position == 0) {
      continue;
    }
    const int result = enter_page(store, page_position, error);
    if (result != SS_OK) {
      return result;
    }
    for (; entry >= 0; entry--) {
      const int64_t found = atomic_load_explicit(&store->entries[entry], memory_order_acquire);
      if (found != 0) {
        if (found < store->documents || found % 4 != 0 || found > ss_file_length(store->fd) - SS_HEADER_LENGTH) {
          return ss_store_corrupt(store, page_position, "an index entry that points nowhere", error);
        }
        *place = (ss_place){found, ((page << store->index_count_bits) + entry) << store->index_spacing_bits};
        return SS_OK;
      }
    }
    empty++;
  }
  *place = (ss_place){store->documents, 0};
  return SS_OK;
}

int64_t ss_index_page_length(uint32_t index_count) {
  // Header, name, padding and code take less than 48 bytes; then the two lengths and the entries.
  return 64 + (int64_t)index_count * 8;
}

int64_t ss_index_put_page(uint8_t *start, int64_t position, const char *name, uint32_t count, int64_t used) {
  ss_wire_out out = {start, start + position + SS_HEADER_LENGTH};
  ss_wire_put_event(&out, name);
  ss_wire_put_array_place(&out, count, used, 8);
  return out.at - start - position;
}

static int add_page(ss_store *store, ss_window *window, int64_t page, int64_t *end, ss_error *error) {
  const int64_t length = ss_index_page_length(store->index_count);
  const int result = ss_store_map_for_write(store, window, *end, length + 8, error);
  if (result != SS_OK) {
    return result;
  }
  const int reason = ss_file_reserve(store->fd, *end, length + 8);
  if (reason != 0) {
    return ss_fail_system(error, reason, "index", store->path);
  }
  uint8_t *const at = ss_window_at(window, *end);
  // Aligned in the file: the window starts on a page.
  const int64_t written = ss_index_put_page(window->base, *end - window->offset, "index", store->index_count, 0);
  atomic_store_explicit((_Atomic uint64_t *)(uintptr_t)(at + written), 0, memory_order_relaxed);
  const uint32_t header = SS_META_DATA | (uint32_t)(written - SS_HEADER_LENGTH);
  atomic_store_explicit((_Atomic uint32_t *)(uintptr_t)at, header, memory_order_release);
  atomic_store_explicit(&store->pages[page], *end, memory_order_release);
  set_max(store->pages_used, page + 1);
  *end = ss_align_header(*end + written);
  return SS_OK;
}

int ss_index_add(ss_store *store, ss_window *window, ss_place message, int64_t *end, ss_error *error) {
  if (atomic_load_explicit(store->last_index, memory_order_relaxed) > message.sequence) {
    return SS_OK;
  }
  const int64_t page = message.sequence >> (store->index_count_bits + store->index_spacing_bits);
  const int64_t entry = (message.sequence >> store->index_spacing_bits) & (store->index_count - 1);
  if (page >= store->index_count) {
    return SS_OK; // such a message is refused before it is written
  }
  int result = SS_OK;
  if (atomic_load_explicit(&store->pages[page], memory_order_relaxed) == 0) {
    result = add_page(store, window, page, end, error);
  }
  if (result == SS_OK) {
    result = enter_page(store, atomic_load_explicit(&store->pages[page], memory_order_relaxed), error);
  }
  if (result != SS_OK) {
    return result;
  }
  atomic_store_explicit(&store->entries[entry], message.position, memory_order_release);
  set_max(&store->entries[-1], entry + 1);
  set_max(store->last_index, message.sequence + (INT64_C(1) << store->index_spacing_bits));
  return SS_OK;
}
