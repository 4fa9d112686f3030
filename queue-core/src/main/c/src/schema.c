#include "error.h"
#include "queue.h"
#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCHEMA_DIRECTORY "schema"
#define NAME_CAPACITY 64
#define MAX_IR_LENGTH (16 << 20)

/*
 * SBE's IR (sbe-ir.xml): a frame, then tokens.
 *
 *   frame   i32 schema id, i32 version of the IR, i32 schema version, 3 strings
 *   token   28 bytes, with the i32 count of the tokens that belong to it, itself counted, at 16; then 12 strings
 *   string  u16 length, then so many bytes
 */
#define IR_VERSION 0
#define IR_HEAD_LENGTH 12
#define IR_HEAD_STRINGS 3
#define IR_TOKEN_LENGTH 28
#define IR_TOKEN_STRINGS 12
#define IR_TOKEN_COUNT_OFFSET 16

static void name_of(unsigned id, unsigned version, char name[NAME_CAPACITY]) {
  snprintf(name, NAME_CAPACITY, SCHEMA_DIRECTORY "/%u-%u.sbeir", id, version);
}

bool ss_schema_is_known(const ss_queue *queue, uint16_t id, uint16_t version) {
  char name[NAME_CAPACITY];
  name_of(id, version, name);
  return faccessat(queue->settings.directory, name, F_OK, 0) == 0;
}

static int write_all(int fd, const uint8_t *bytes, size_t length) {
  while (length > 0) {
    const ssize_t written = write(fd, bytes, length);
    if (written < 0 && errno != EINTR) {
      return errno;
    }
    if (written > 0) {
      bytes += written;
      length -= (size_t)written;
    }
  }
  return 0;
}

/* Reads a file whole; *bytes is to be freed. 0 or errno. */
static int read_all(int directory, const char *name, uint8_t **bytes, size_t *length) {
  *bytes = NULL;
  // Opening a pipe must not wait for its other end.
  const int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return errno;
  }
  struct stat status = {0};
  int reason = fstat(fd, &status) < 0           ? errno
               : !S_ISREG(status.st_mode)       ? EINVAL
               : status.st_size > MAX_IR_LENGTH ? EFBIG
                                                : 0;
  const int64_t file_length = status.st_size;
  if (reason == 0) {
    *length = 0;
    *bytes = malloc((size_t)file_length + 1);
    reason = *bytes == NULL ? ENOMEM : 0;
  }
  while (reason == 0 && *length < (size_t)file_length) {
    const ssize_t got = read(fd, *bytes + *length, (size_t)file_length - *length);
    if (got < 0 && errno != EINTR) {
      reason = errno;
    } else if (got == 0) {
      break;
    } else if (got > 0) {
      *length += (size_t)got;
    }
  }
  close(fd);
  if (reason != 0) {
    free(*bytes);
    *bytes = NULL;
  }
  return reason;
}

/* Passes over a block and the strings behind it; false if they are cut off. */
static bool pass(const uint8_t **at, const uint8_t *end, size_t block, int strings) {
  if ((size_t)(end - *at) < block) {
    return false;
  }
  *at += block;
  for (; strings > 0; strings--) {
    uint16_t length;
    if ((size_t)(end - *at) < sizeof length) {
      return false;
    }
    memcpy(&length, *at, sizeof length);
    *at += sizeof length;
    if ((size_t)(end - *at) < length) {
      return false;
    }
    *at += length;
  }
  return true;
}

/* Whether bytes are an IR, whole to its last token. */
static bool is_ir(const uint8_t *ir, size_t length) {
  const uint8_t *at = ir;
  const uint8_t *const end = ir + length;
  if (!pass(&at, end, IR_HEAD_LENGTH, IR_HEAD_STRINGS) || at == end) {
    return false;
  }
  int32_t left = 0;
  while (at < end) {
    if (left == 0 && (size_t)(end - at) >= IR_TOKEN_LENGTH) {
      memcpy(&left, at + IR_TOKEN_COUNT_OFFSET, sizeof left);
    }
    if (left <= 0 || !pass(&at, end, IR_TOKEN_LENGTH, IR_TOKEN_STRINGS)) {
      return false;
    }
    left--;
  }
  return left == 0;
}

/* Puts the schema under its name, unless something is there. 0, EEXIST or errno. */
static int put(const ss_queue *queue, const char *name, const uint8_t *ir, size_t length) {
  const int directory = queue->settings.directory;
  if (mkdirat(directory, SCHEMA_DIRECTORY, 0777) < 0 && errno != EEXIST) {
    return errno;
  }
  char temporary[NAME_CAPACITY];
  int fd;
  do {
    // No other process has our pid; another thread may have our time, but not for long.
    snprintf(
        temporary, sizeof temporary, SCHEMA_DIRECTORY "/.new-%d-%llx", (int)getpid(),
        (long long unsigned)ss_monotonic_ns());
    fd = openat(directory, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  } while (fd < 0 && errno == EEXIST);
  if (fd < 0) {
    return errno;
  }
  int reason = write_all(fd, ir, length);
  close(fd);
  // A link appears whole and only once, whoever else does the same at this moment.
  if (reason == 0 && linkat(directory, temporary, directory, name, 0) < 0) {
    reason = errno;
  }
  unlinkat(directory, temporary, 0);
  return reason;
}

int ss_queue_add_schema(ss_queue *queue, const void *ir, size_t length) {
  if (queue == NULL || (ir == NULL && length > 0)) {
    return SS_ERR_ARGUMENT;
  }
  ss_error error;
  if (!queue->writable) {
    ss_fail(&error, SS_ERR_READ_ONLY, 0, "%s was opened read-only: open it for writing to add a schema", queue->name);
    return ss_queue_keep_error(queue, &error);
  }
  int32_t head[IR_HEAD_LENGTH / sizeof(int32_t)] = {0};
  if (length >= sizeof head && length <= MAX_IR_LENGTH) {
    memcpy(head, ir, sizeof head);
  }
  const int32_t id = head[0];
  const int32_t version = head[2];
  if (length > MAX_IR_LENGTH || !is_ir(ir, length) || head[1] != IR_VERSION || id < 0 || id > UINT16_MAX || version < 0 ||
      version > UINT16_MAX) {
    ss_fail(
        &error, SS_ERR_FORMAT, 0,
        "not a schema in SBE's binary IR, or not all of it: generate it with SbeTool -Dsbe.generate.ir=true");
    return ss_queue_keep_error(queue, &error);
  }
  char name[NAME_CAPACITY];
  name_of((unsigned)id, (unsigned)version, name);
  int reason = ss_schema_is_known(queue, (uint16_t)id, (uint16_t)version) ? EEXIST : put(queue, name, ir, length);
  uint8_t *present = NULL;
  size_t present_length = 0;
  if (reason == EEXIST) {
    reason = read_all(queue->settings.directory, name, &present, &present_length);
    if (reason == 0 && (present_length != length || memcmp(present, ir, length) != 0)) {
      free(present);
      ss_fail(
          &error, SS_ERR_SCHEMA_CONFLICT, 0,
          "%s/%s holds another schema of id %d and version %d: raise the version of the schema that changed", queue->name,
          name, (int)id, (int)version);
      return ss_queue_keep_error(queue, &error);
    }
    free(present);
  }
  if (reason != 0) {
    ss_fail_system(&error, reason, "keep the schema in", queue->name);
    return ss_queue_keep_error(queue, &error);
  }
  return SS_OK;
}

int ss_queue_add_schema_file(ss_queue *queue, const char *path) {
  if (queue == NULL || path == NULL) {
    return SS_ERR_ARGUMENT;
  }
  uint8_t *ir;
  size_t length;
  const int reason = read_all(AT_FDCWD, path, &ir, &length);
  if (reason != 0) {
    ss_error error;
    ss_fail_system(&error, reason, "read schema", path);
    return ss_queue_keep_error(queue, &error);
  }
  const int result = ss_queue_add_schema(queue, ir, length);
  free(ir);
  return result;
}
