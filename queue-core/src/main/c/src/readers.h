/*
 * The file slipstream.readers, through which readers and whoever deletes a queue's files know of each other.
 *
 *   0      "SLIPREAD"
 *   8      u32 version = 1, u32 0
 *   16     i64 number of files deleted, ever; set after the record is there
 *   64     records of 16 bytes, the n-th deletion in the one n modulo 4092: i64 cycle, i64 messages that the file held
 *   65536  its end
 *
 * Locks of open file descriptions, which need no bytes:
 *
 *   2^60 - 1                     exclusive: whoever deletes files, one at a time
 *   2^60 + cycle * 2^22 + pid    shared: a reader in process pid stands in the file of a cycle
 *
 * Who reads locks the byte of the next file before it gives back that of the last. Who deletes locks, from the oldest file on,
 * all bytes up to the last of the file's cycle; where another holds one, the file stays. It writes the record, deletes, and
 * gives the lock back. ReadersDescriptor is the same in Java.
 */
#ifndef SS_READERS_H
#define SS_READERS_H

#include "slipstream.h"

#include <stdbool.h>
#include <stdint.h>

#define SS_READERS_NAME "slipstream.readers"

/* In no file. */
#define SS_PIN_NOWHERE (-1)

/* A subscriber's word that it reads a file. */
typedef struct ss_pin {
  int fd; /* an open file description of its own, or -1 */
  int32_t cycle;
  int32_t held; /* the cycle that is locked */
} ss_pin;

/* Makes the file if it is not there. */
int ss_readers_create(int directory, const char *directory_name, ss_error *error);

void ss_pin_init(ss_pin *pin);

/* Enters a file. Where the directory has no readers file, or the file system no locks, nobody is told. */
void ss_pin_hold(ss_pin *pin, int directory, int32_t cycle);

/* Is in no file any more. */
void ss_pin_leave(ss_pin *pin);

void ss_pin_close(ss_pin *pin);

/* Messages that were deleted between a place and a later file, as far back as is known. */
int64_t ss_readers_lost(int directory, int32_t cycle, int64_t sequence, int32_t to);

/* ---- whoever deletes */

/* Opens the file and locks out others who delete: the descriptor; SS_ERR_LOCKED if another is at it; or a negative code. */
int ss_readers_begin(int directory, const char *directory_name, int *fd, ss_error *error);

/* Locks out readers up to a cycle; false if there are some. */
bool ss_readers_lock(int fd, int32_t cycle);

void ss_readers_unlock(int fd, int32_t cycle);

/* A process that reads a file up to a cycle, or 0. */
int32_t ss_readers_holder(int fd, int32_t cycle);

/* Says that a file is about to be deleted. 0 or errno. */
int ss_readers_record(int fd, int32_t cycle, int64_t messages);

#endif
