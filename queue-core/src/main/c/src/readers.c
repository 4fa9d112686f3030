#include "readers.h"

#include "error.h"
#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define VERSION 1
#define VERSION_OFFSET 8
#define COUNT_OFFSET 16
#define RECORDS_OFFSET 64
#define RECORD_LENGTH 16
#define FILE_LENGTH 65536
#define RECORDS ((FILE_LENGTH - RECORDS_OFFSET) / RECORD_LENGTH)

#define LOCKS_OFFSET (INT64_C(1) << 60)
#define LOCKS_OF_CYCLE (INT64_C(1) << 22)
#define DELETER_OFFSET (LOCKS_OFFSET - 1)

/* How long to wait for one who deletes a file, who has it for as long as that takes; one that is stopped there is not. */
#define DELETION_NS INT64_C(1000000000)
#define PAUSE_NS INT64_C(50000)

static uint64_t magic(void) {
  uint64_t value;
  memcpy(&value, "SLIPREAD", sizeof value);
  return value;
}

static int64_t offset_of(int32_t cycle) {
  return LOCKS_OFFSET + cycle * LOCKS_OF_CYCLE;
}

static int64_t up_to(int32_t cycle) {
  return offset_of(cycle) + LOCKS_OF_CYCLE - LOCKS_OFFSET;
}

static bool get(int fd, int64_t offset, int64_t *value) {
  return pread(fd, value, sizeof *value, offset) == sizeof *value;
}

/* 0 or errno. */
static int put(int fd, int64_t offset, int64_t value) {
  const ssize_t written = pwrite(fd, &value, sizeof value, offset);
  return written == sizeof value ? 0 : written < 0 ? errno : ENOSPC;
}

/* ---- the file */

static int adopt(int fd, const char *path, ss_error *error) {
  const int64_t length = ss_file_length(fd);
  int64_t found = 0;
  int64_t version = 0;
  const bool whole = get(fd, 0, &found) && get(fd, VERSION_OFFSET, &version);
  if (length > 0 && (!whole || (found != 0 && (uint64_t)found != magic()))) {
    return ss_fail(
        error, SS_ERR_FORMAT, 0,
        "%s does not begin with SLIPREAD: it belongs to another program; move it out of the directory", path);
  }
  if (version != VERSION && (found != 0 || version != 0)) {
    return ss_fail(
        error, SS_ERR_VERSION, 0, "%s has version %lld, this library knows %d: use one version for all", path,
        (long long)version, VERSION);
  }
  // Only ever to this length, and what is there stays: two may do so at once.
  int reason = ss_file_extend(fd, FILE_LENGTH);
  if (reason == 0 && found == 0) {
    reason = put(fd, VERSION_OFFSET, VERSION);
    reason = reason == 0 ? put(fd, 0, (int64_t)magic()) : reason;
  }
  return reason == 0 ? SS_OK : ss_fail_system(error, reason, "write", path);
}

static int open_file(int directory, const char *directory_name, int *fd, ss_error *error) {
  char path[300];
  snprintf(path, sizeof path, "%.250s/%s", directory_name, SS_READERS_NAME);
  *fd = ss_open_at(directory, SS_READERS_NAME, SS_OPEN_WRITE | SS_OPEN_CREATE);
  if (*fd < 0) {
    return ss_fail_system(error, errno, "open", path);
  }
  const int result = adopt(*fd, path, error);
  if (result != SS_OK) {
    close(*fd);
  }
  return result;
}

int ss_readers_create(int directory, const char *directory_name, ss_error *error) {
  int fd;
  const int result = open_file(directory, directory_name, &fd, error);
  if (result == SS_OK) {
    close(fd);
  }
  return result;
}

/* ---- who reads */

static int set_lock(int fd, short type, int64_t start, int64_t length) {
  const struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
  int result;
  do {
    result = fcntl(fd, F_OFD_SETLK, &lock);
  } while (result < 0 && errno == EINTR);
  return result < 0 ? errno : 0;
}

void ss_pin_init(ss_pin *pin) {
  *pin = (ss_pin){.fd = -1, .cycle = SS_PIN_NOWHERE, .held = SS_PIN_NOWHERE};
}

static void give_back(ss_pin *pin) {
  if (pin->held != SS_PIN_NOWHERE) {
    set_lock(pin->fd, F_UNLCK, offset_of(pin->held) + getpid(), 1);
    pin->held = SS_PIN_NOWHERE;
  }
}

void ss_pin_hold(ss_pin *pin, int directory, int32_t cycle) {
  if (cycle == pin->cycle) {
    return;
  }
  pin->cycle = cycle;
  if (pin->held == cycle) {
    return; /* back in the file that it never left, as far as others know */
  }
  if (pin->fd < 0) {
    pin->fd = ss_open_at(directory, SS_READERS_NAME, 0);
  }
  if (pin->fd < 0) {
    return;
  }
  const int64_t deadline = ss_deadline_ns(DELETION_NS);
  int reason;
  while ((reason = set_lock(pin->fd, F_RDLCK, offset_of(cycle) + getpid(), 1)) == EAGAIN || reason == EACCES) {
    if (ss_monotonic_ns() > deadline) {
      return; // still in the last file, as far as others know
    }
    ss_sleep_ns(PAUSE_NS);
  }
  if (reason == 0) {
    give_back(pin);
    pin->held = cycle;
  }
}

void ss_pin_leave(ss_pin *pin) {
  pin->cycle = SS_PIN_NOWHERE;
  give_back(pin);
}

void ss_pin_close(ss_pin *pin) {
  if (pin->fd >= 0) {
    close(pin->fd);
  }
  ss_pin_init(pin);
}

int64_t ss_readers_lost(int directory, int32_t cycle, int64_t sequence, int32_t to) {
  const int fd = ss_open_at(directory, SS_READERS_NAME, 0);
  if (fd < 0) {
    return 0;
  }
  int64_t lost = 0;
  int64_t found;
  int64_t count;
  if (get(fd, 0, &found) && (uint64_t)found == magic() && get(fd, COUNT_OFFSET, &count)) {
    count = count < RECORDS ? count : RECORDS;
    for (int64_t i = 0; i < count; i++) {
      int64_t record[2];
      if (pread(fd, record, sizeof record, RECORDS_OFFSET + i * RECORD_LENGTH) != sizeof record) {
        break;
      }
      const int64_t missed = record[0] == cycle                    ? record[1] - sequence
                             : record[0] > cycle && record[0] < to ? record[1]
                                                                   : 0;
      lost += missed > 0 ? missed : 0;
    }
  }
  close(fd);
  return lost;
}

/* ---- whoever deletes */

int ss_readers_begin(int directory, const char *directory_name, int *fd, ss_error *error) {
  const int result = open_file(directory, directory_name, fd, error);
  if (result != SS_OK) {
    return result;
  }
  const int reason = set_lock(*fd, F_WRLCK, DELETER_OFFSET, 1);
  if (reason == 0) {
    return SS_OK;
  }
  close(*fd);
  if (reason == EAGAIN || reason == EACCES) {
    return SS_ERR_LOCKED;
  }
  char path[300];
  snprintf(path, sizeof path, "%.250s/%s", directory_name, SS_READERS_NAME);
  return ss_fail_system(error, reason, "lock", path);
}

bool ss_readers_lock(int fd, int32_t cycle) {
  return set_lock(fd, F_WRLCK, LOCKS_OFFSET, up_to(cycle)) == 0;
}

void ss_readers_unlock(int fd, int32_t cycle) {
  set_lock(fd, F_UNLCK, LOCKS_OFFSET, up_to(cycle));
}

int32_t ss_readers_holder(int fd, int32_t cycle) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCKS_OFFSET, .l_len = up_to(cycle)};
  return fcntl(fd, F_OFD_GETLK, &lock) < 0 || lock.l_type == F_UNLCK
             ? 0
             : (int32_t)((lock.l_start - LOCKS_OFFSET) % LOCKS_OF_CYCLE);
}

int ss_readers_record(int fd, int32_t cycle, int64_t messages) {
  int64_t count = 0;
  int64_t last = -1;
  if (!get(fd, COUNT_OFFSET, &count) || count < 0) {
    count = 0;
  }
  if (count > 0 && get(fd, RECORDS_OFFSET + (count - 1) % RECORDS * RECORD_LENGTH, &last) && last == cycle) {
    return 0; // whoever wrote it died before the deletion
  }
  const int64_t slot = RECORDS_OFFSET + count % RECORDS * RECORD_LENGTH;
  int reason = put(fd, slot, cycle);
  reason = reason == 0 ? put(fd, slot + (int64_t)sizeof messages, messages) : reason;
  return reason == 0 ? put(fd, COUNT_OFFSET, count + 1) : reason;
}
