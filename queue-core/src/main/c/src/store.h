/*
 * One data file of a queue, <cycle>.cq4: a header, then documents one behind the other, then a mark once the next file begins.
 *
 *   +--------------------------------------------------------------+
 *   | META  header: SCQStore {                                     |  0
 *   |         writePosition [position of the last message,         |      set after the message is there
 *   |                        position << shift | sequence number], |      valid if its upper bits agree with the position
 *   |         indexing: SCQSIndexing { indexCount, indexSpacing,   |
 *   |           index2Index, lastIndex },                          |      lastIndex: next sequence number to be indexed
 *   |         dataFormat 1 }                                       |
 *   +--------------------------------------------------------------+
 *   | META  index2index: capacity, used, positions of index pages  |
 *   +--------------------------------------------------------------+
 *   | META  index: capacity, used, positions of every              |      further pages stand among the messages
 *   |         indexSpacing-th message                              |
 *   +--------------------------------------------------------------+
 *   | DATA  a message                                              |      its header becomes non-zero when all of it is there
 *   | ...                                                          |
 *   +--------------------------------------------------------------+
 *   | 0     nothing yet, or END_OF_FILE "EOF"                      |
 *
 * Headers are 4-byte aligned; everything this library writes keeps them 8-byte aligned.
 */
#ifndef SS_STORE_H
#define SS_STORE_H

#include "table_store.h"
#include "window.h"
#include "wire.h"

/* Where things are in a file's header. */
typedef struct ss_store_layout {
  int64_t write_position; /* of the i64; the sequence word follows it */
  int64_t index2index;    /* of the i64 that names the page of pages */
  int64_t last_index;     /* of the i64 */
  int64_t end;            /* of the header document */
  uint32_t index_count;
  uint32_t index_spacing;
} ss_store_layout;

typedef struct ss_store {
  int fd; /* -1: no file */
  int32_t cycle;
  bool writable;
  int64_t timeout_ns;
  int64_t chunk;   /* how much is mapped at a time: what a JVM with the same block size maps */
  int64_t overlap; /* and how much beyond */
  ss_window head;  /* header and page of pages */
  ss_window page;  /* the index page used last */
  ss_shared_int64 *write_position;
  ss_shared_int64 *sequence_word;
  ss_shared_int64 *last_index;
  ss_shared_int64 *pages; /* positions of the index pages */
  ss_shared_int64 *pages_used;
  int64_t documents; /* position of the first header behind the file's own */
  int64_t page_position;
  ss_shared_int64 *entries; /* of the index page used last */
  unsigned sequence_shift;
  uint32_t index_count;
  unsigned index_count_bits;
  unsigned index_spacing_bits;
  char path[300]; /* for messages */
} ss_store;

/* What every file of a queue has in common. */
typedef struct ss_store_settings {
  int directory;
  const char *directory_name;
  const ss_roll_cycle *cycle;
  int64_t epoch_ms;
  int64_t block_size;
  int64_t timeout_ns;
} ss_store_settings;

#define SS_STORE_SUFFIX ".cq4"
#define SS_STORE_NAME_CAPACITY (SS_CYCLE_NAME_CAPACITY + 8)

/* Beside the codes of slipstream.h: the file is not complete yet. */
#define SS_STORE_NOT_READY 1

/* Beside the codes of slipstream.h: a position is behind the end of the file. */
#define SS_STORE_BEYOND 1

/* How much of a file is mapped beyond a chunk, which is how long a document may be: Chronicle's rule. */
int64_t ss_store_overlap(int64_t block_size);

/* An empty store. */
void ss_store_init(ss_store *store);

/*
 * Opens the file of a cycle; whatever was open is closed before.
 * SS_OK, SS_STORE_NOT_READY, SS_ERR_NOT_FOUND if there is no such file, or another code.
 */
int ss_store_open(ss_store *store, const ss_store_settings *settings, int32_t cycle, bool writable, ss_error *error);

/*
 * Makes the file of a cycle, or completes one whose maker died, and opens it. Only under the write lock.
 */
int ss_store_create(ss_store *store, const ss_store_settings *settings, int32_t cycle, ss_error *error);

void ss_store_close(ss_store *store);

static inline bool ss_store_is_open(const ss_store *store) {
  return store->fd >= 0;
}

/*
 * Slides a window so that it covers a range, a chunk at a time. SS_OK; SS_STORE_BEYOND if the file ends before; or a code.
 */
int ss_store_slide(const ss_store *store, ss_window *window, int64_t position, int64_t length, ss_error *error);

/* The same, at no cost where the window covers the range already. */
static inline int ss_store_map(
    const ss_store *store, ss_window *window, int64_t position, int64_t length, ss_error *error) {
  return ss_window_covers(window, position, length) ? SS_OK : ss_store_slide(store, window, position, length, error);
}

/* Makes the file long enough for a range, as long as a JVM of the same block size would, and maps it. */
int ss_store_map_for_write(const ss_store *store, ss_window *window, int64_t position, int64_t length, ss_error *error);

/* The header at a position that a window covers. What its writer stored before is seen after. */
static inline uint32_t ss_header_load(const ss_window *window, int64_t position) {
  return atomic_load_explicit((_Atomic uint32_t *)(uintptr_t)ss_window_at(window, position), memory_order_acquire);
}

/* A damaged document: fails with a message that names the file and the position. */
int ss_store_corrupt(const ss_store *store, int64_t position, const char *what, ss_error *error);

/* What ss_store_walk stopped at. */
typedef enum ss_walk_end { SS_WALK_FREE = 0, SS_WALK_EOF = 1, SS_WALK_INCOMPLETE = 2 } ss_walk_end;

/* A place among the documents of a file. */
typedef struct ss_place {
  int64_t position; /* of a header */
  int64_t sequence; /* number of the first message at or behind it */
} ss_place;

/*
 * Goes on over documents until there is none.
 *
 * place: where to start; receives where it stopped.
 * limit: stop before the message of this number; INT64_MAX for none.
 * Returns an ss_walk_end, also at the limit, or a negative code.
 */
int ss_store_walk(const ss_store *store, ss_window *window, ss_place *place, int64_t limit, ss_error *error);

/*
 * The place behind the last message: what the header says, corrected by what follows it. window is used to look. Returns as
 * ss_store_walk.
 */
int ss_store_end(ss_store *store, ss_window *window, ss_place *end, ss_error *error);

/* Writes the end-of-file mark if it is not there. Only under the write lock. */
int ss_store_finish(ss_store *store, ss_window *window, ss_error *error);

/* ---- header (header.c) */

/* Reads a file's header from memory: what a fuzzer calls too. */
int ss_store_parse_header(const uint8_t *base, int64_t length, ss_store_layout *layout, const char *path, ss_error *error);

/* The name of a cycle's file. */
void ss_store_name(const ss_store_settings *settings, int32_t cycle, char name[SS_STORE_NAME_CAPACITY]);

/* Fails for a file that is none of a queue's. */
int ss_store_refuse(const char *path, const char *why, ss_error *error);

/*
 * Writes the header and the first index pages of a new file into memory, but for the header's own header, which is returned;
 * *end receives where the first message goes.
 */
uint32_t ss_store_put_new(uint8_t *base, const ss_roll_cycle *cycle, int64_t *end);

/* ---- index (index.c) */

/* The nearest place not behind a message that the index knows. */
int ss_index_find(ss_store *store, int64_t sequence, ss_place *place, ss_error *error);

/* Whether a message belongs in the index. */
static inline bool ss_index_wants(const ss_store *store, int64_t sequence) {
  return (sequence & ((INT64_C(1) << store->index_spacing_bits) - 1)) == 0;
}

/*
 * Enters a message into the index, only under the write lock. Where a new page is needed it is written at *end, which moves
 * behind it; window is slid there.
 */
int ss_index_add(ss_store *store, ss_window *window, ss_place message, int64_t *end, ss_error *error);

/*
 * Writes a page of the index, all zero, as a document but for its header; start lies in the file at a multiple of 8. Returns
 * its length with its header.
 */
int64_t ss_index_put_page(uint8_t *start, int64_t position, const char *name, uint32_t count, int64_t used);

/* Bytes that an index page's document takes at the most, header counted. */
int64_t ss_index_page_length(uint32_t index_count);

#endif
