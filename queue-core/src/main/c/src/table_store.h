/*
 * metadata.cq4t: what all users of a queue share, as named i64 that live in the file. The roll cycle, the write lock, the
 * listing of data files and the positions of durable subscribers are there.
 *
 *   +--------------------------------------------------+
 *   | META  header: STStore { wireType, metadata:      |
 *   |         SCQMeta { roll: SCQSRoll { length,       |
 *   |         format, epoch }, sourceId } }            |
 *   +--------------------------------------------------+
 *   | DATA  key, padding, i64 at a multiple of 8       |   one for each key, appended under a lock of the byte at
 *   +--------------------------------------------------+   2^63 - 2, never moved or removed
 *   | ...                                              |
 *   +--------------------------------------------------+
 *   | 0     nothing yet                                |
 */
#ifndef SS_TABLE_STORE_H
#define SS_TABLE_STORE_H

#include "roll_cycle.h"
#include "slipstream.h"

#include <stdatomic.h>

typedef _Atomic int64_t ss_shared_int64;

typedef struct ss_table_store {
  int directory; /* descriptor; borrowed */
  int fd;
  bool writable;
  uint8_t *base; /* address space for the longest store; only what lies within the file may be touched */
  int64_t timeout_ns;
  const ss_roll_cycle *cycle;
  int64_t epoch_ms;
  char path[256]; /* for messages; shortened at the front if need be */
} ss_table_store;

/* The file's name. */
#define SS_TABLE_STORE_NAME "metadata.cq4t"

/*
 * Opens the table store of a directory, making it if allowed.
 *
 * cycle: to create with, or NULL to create nothing.
 */
int ss_table_open(
    ss_table_store *store, int directory, const char *directory_name, bool writable, const ss_roll_cycle *cycle,
    int64_t timeout_ns, ss_error *error);

void ss_table_close(ss_table_store *store);

/* The value of a key, or NULL if there is none; case is ignored. Safe for several threads. */
ss_shared_int64 *ss_table_find(const ss_table_store *store, const char *key);

/* The same, making the key with an initial value if there is none. */
int ss_table_acquire(ss_table_store *store, const char *key, int64_t initial, ss_shared_int64 **value, ss_error *error);

/* Calls for each durable subscriber's position; Chronicle's replicated ones, which have more than that, left out. */
void ss_table_positions(
    const ss_table_store *store, void (*each)(void *context, const char *name, int64_t position), void *context);

/* Reads a store's header from memory: what a fuzzer calls. */
int ss_table_parse_header(
    const uint8_t *base, int64_t length, const ss_roll_cycle **cycle, int64_t *epoch_ms, const char *path, ss_error *error);

/* Position of a key's value in memory that holds a store, -1 if there is none; *end receives where the next document
 * goes, or -1 if the store is damaged. */
int64_t ss_table_scan(const uint8_t *base, int64_t length, const char *key, int64_t *end);

#endif
