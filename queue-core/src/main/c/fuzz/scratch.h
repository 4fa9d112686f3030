/*
 * What the fuzzers share: a private directory on a file system in memory, queues with short waits in it, and checks.
 *
 * Environment:
 *   SLIPSTREAM_FUZZ_SCRATCH  where to make the private directory; /dev/shm, TMPDIR or /tmp if unset
 *   SLIPSTREAM_FUZZ_SEEDS    a directory: the fuzzer writes inputs to begin with into it and ends
 */
#ifndef SS_FUZZ_SCRATCH_H
#define SS_FUZZ_SCRATCH_H

#include "slipstream.h"
#include "system.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Called by libFuzzer. */
int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Something that must hold whatever the input. */
#define REQUIRE(condition)                                                                                                 \
  do {                                                                                                                     \
    if (!(condition)) {                                                                                                    \
      fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);                                       \
      abort();                                                                                                             \
    }                                                                                                                      \
  } while (0)

/* Smallest block: files of 320 KiB, documents of up to 64 KiB. */
#define BLOCK_SIZE (UINT32_C(256) << 10)
#define FILE_LENGTH (BLOCK_SIZE + BLOCK_SIZE / 4)

/* No file that the library makes or extends is longer than this, whatever a damaged file claims. */
#define MAX_FILE_LENGTH (INT64_C(64) << 20)

#define DAY_NS (INT64_C(86400) * 1000000000)

/* 2026-11-23T12:00Z; what the queue's clock says. */
#define START_NS (INT64_C(1795435200) * 1000000000)

static char scratch[200];
static int64_t clock_ns = START_NS;
static int lowest_free_fd;
/* The frame: schema 1 version 1 and three empty strings; one token of 28 bytes, which counts 1, and its twelve empty strings. */
static const uint8_t SCHEMA_IR[12 + 3 * 2 + 28 + 12 * 2] = {[0] = 1, [8] = 1, [12 + 3 * 2 + 16] = 1};

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *at) {
  (void)status;
  return at->level == 0 || kind == FTW_NS ? 0 : remove(path);
}

/* Removes everything in a directory, but not the directory. */
static void empty_directory(const char *path) {
  nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static void remove_scratch(void) {
  empty_directory(scratch);
  rmdir(scratch);
}

static void make_scratch(void) {
  const char *parent = getenv("SLIPSTREAM_FUZZ_SCRATCH");
  if (parent == NULL) {
    parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : getenv("TMPDIR");
  }
  snprintf(scratch, sizeof scratch, "%s/slipstream-fuzz-XXXXXX", parent == NULL ? "/tmp" : parent);
  REQUIRE(mkdtemp(scratch) != NULL);
  atexit(remove_scratch);
}

static inline void path_of(char path[300], const char *name) {
  snprintf(path, 300, "%s/%s", scratch, name);
}

/* Makes a file of some bytes, zero from there to its length. */
static inline void write_file(const char *name, const uint8_t *bytes, size_t size, int64_t length) {
  char path[300];
  path_of(path, name);
  const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  REQUIRE(fd >= 0);
  REQUIRE(write(fd, bytes, size) == (ssize_t)size);
  REQUIRE(ftruncate(fd, length) == 0 || length > INT64_C(1) << 40);
  close(fd);
}

/* Reads what a file begins with, up to its last byte that is not 0; to be freed. */
static inline uint8_t *read_used(const char *name, size_t *used) {
  char path[300];
  path_of(path, name);
  uint8_t *const bytes = calloc(1, FILE_LENGTH);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  REQUIRE(bytes != NULL && fd >= 0);
  const ssize_t got = read(fd, bytes, FILE_LENGTH);
  close(fd);
  REQUIRE(got > 0);
  *used = (size_t)got;
  while (*used > 0 && bytes[*used - 1] == 0) {
    --*used;
  }
  *used = (*used + 7) & ~(size_t)7;
  return bytes;
}

static inline bool wants_seeds(void) {
  return getenv("SLIPSTREAM_FUZZ_SEEDS") != NULL;
}

static inline void put_seed(const char *name, const uint8_t *bytes, size_t size) {
  char path[400];
  snprintf(path, sizeof path, "%s/%s", getenv("SLIPSTREAM_FUZZ_SEEDS"), name);
  FILE *const file = fopen(path, "wb");
  REQUIRE(file != NULL && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
}

static int64_t tell_time(void *context) {
  (void)context;
  return clock_ns;
}

/* Opens the queue in the private directory, never waiting for long. */
static inline int open_queue(ss_open_mode mode, const char *roll_cycle, ss_queue **queue, ss_error *error) {
  ss_queue_options options;
  ss_queue_options_init(&options);
  options.directory = scratch;
  options.mode = mode;
  options.roll_cycle = roll_cycle;
  options.block_size = BLOCK_SIZE;
  options.lock_timeout_ns = 1000000;
  options.open_timeout_ns = 1000000;
  options.populate_bytes = 4096;
  options.clock = tell_time;
  const int result = ss_queue_open(&options, queue, error);
  REQUIRE((result == SS_OK) == (*queue != NULL) && result <= 0);
  REQUIRE(result == SS_OK || (error->code == result && error->message[0] != 0));
  return result;
}

/* A message of schema 1, version 1, with a body of so many bytes. */
static inline size_t put_message(uint8_t *message, size_t body_length, uint8_t fill) {
  static const uint8_t header[] = {8, 0, 1, 0, 1, 0, 1, 0};
  memcpy(message, header, sizeof header);
  memset(message + sizeof header, fill, body_length);
  return sizeof header + body_length;
}

static inline int find_lowest_free_fd(void) {
  const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  close(fd);
  return fd;
}

/* Begins an input. The sanitizers may have opened files since the last. */
static inline void begin_unit(void) {
  lowest_free_fd = find_lowest_free_fd();
}

/* Everything that was opened must be closed again. */
static inline void require_nothing_left_open(void) {
  static unsigned units;
  REQUIRE(find_lowest_free_fd() == lowest_free_fd);
  if (units++ % 512 == 0) {
    char line[600];
    FILE *const maps = fopen("/proc/self/maps", "re");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
      REQUIRE(strstr(line, scratch) == NULL);
    }
    if (maps != NULL) {
      fclose(maps);
    }
  }
}

static int require_short(const char *path, const struct stat *status, int kind, struct FTW *at) {
  (void)path;
  (void)at;
  REQUIRE(kind != FTW_F || status->st_size <= MAX_FILE_LENGTH);
  return 0;
}

static inline void require_short_files(void) {
  nftw(scratch, require_short, 8, FTW_PHYS | FTW_MOUNT);
}

#endif
