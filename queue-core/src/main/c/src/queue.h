/* An open queue, as its publishers and subscribers see it. */
#ifndef SS_QUEUE_H
#define SS_QUEUE_H

#include "store.h"
#include "wake.h"
#include "write_lock.h"

#include <pthread.h>

struct ss_queue {
  ss_store_settings settings;
  char *name; /* of the directory */
  bool writable;
  uint16_t source_id;
  int64_t lock_timeout_ns;
  int64_t foreign_interval_ns;
  uint32_t populate_bytes;
  int64_t (*clock)(void *context);
  void *clock_context;
  unsigned shift;   /* bits of a position that hold the sequence number */
  int64_t capacity; /* messages that one file can hold */
  int64_t overlap;  /* longest document and its header */
  ss_table_store table;
  ss_write_lock lock;
  ss_shared_int64 *append_lock;
  ss_shared_int64 *highest_cycle; /* NULL where the queue is read-only */
  ss_shared_int64 *lowest_cycle;
  ss_shared_int64 *mod_count;  /* counts changes of the set of files; NULL if a read-only queue has none */
  ss_shared_int64 *normalised; /* up to which cycle every file is finished */
  ss_wake_word *wake;          /* NULL where the queue is read-only */
  _Atomic uint32_t wakes;      /* how often ss_queue_wake was called on this object */
  pthread_mutex_t mutex;       /* guards error */
  ss_error error;
};

/* Keeps what went wrong in a call on the queue, for ss_queue_error; returns its code. */
int ss_queue_keep_error(ss_queue *queue, const ss_error *error);

/* ns since the Unix epoch, by the queue's clock. */
int64_t ss_queue_now(const ss_queue *queue);

static inline int64_t ss_position_of(const ss_queue *queue, int32_t cycle, int64_t sequence) {
  // A damaged file's sequence number may be any.
  return (int64_t)(((uint64_t)cycle << queue->shift) + (uint64_t)sequence);
}

static inline int32_t ss_cycle_of(const ss_queue *queue, int64_t position) {
  return (int32_t)((position >> queue->shift) & INT32_MAX);
}

static inline int64_t ss_sequence_of(const ss_queue *queue, int64_t position) {
  return position & ((INT64_C(1) << queue->shift) - 1);
}

/* Longest document, header not counted, that fits every reader's mapping. */
int64_t ss_queue_max_document(const ss_queue *queue);

/* ---- data files (listing.c) */

/* The set of files; -1 for a cycle that is not there. */
typedef struct ss_listing {
  int32_t first;
  int32_t last;
  int32_t next; /* the first that is greater than the one asked for */
  uint64_t files;
} ss_listing;

/* Looks at the directory. */
int ss_listing_read(const ss_queue *queue, int32_t after, ss_listing *listing, ss_error *error);

/* The cycles from one to another, both counted, in ascending order; to be freed. */
int ss_listing_cycles(const ss_queue *queue, int32_t from, int32_t to, int32_t **cycles, size_t *count, ss_error *error);

/* Tells the others that a file is there. */
void ss_listing_announce(const ss_queue *queue, int32_t cycle);

/* ---- schemas (schema.c) */

/* Whether the queue holds a schema. */
bool ss_schema_is_known(const ss_queue *queue, uint16_t id, uint16_t version);

#endif
