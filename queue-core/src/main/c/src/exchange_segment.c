#include "error.h"
#include "exchange.h"
#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where every C library of Linux keeps POSIX segments; shm_open itself is in a library of its own in some. */
#define DIRECTORY "/dev/shm/"

/* How long to wait for another program that has made a segment and not yet given it its length. */
#define CREATION_TRIES 1000
#define CREATION_PAUSE_NS 1000000

static bool is_name(const char *name) {
  return name != NULL && name[0] != 0 && strchr(name, '/') == NULL && strlen(name) <= 250 && strcmp(name, ".") != 0 &&
         strcmp(name, "..") != 0;
}

static int fail_system(ss_exchange *exchange, int os_error, const char *what) {
  return ss_fail_system(&exchange->error, os_error, what, exchange->name);
}

/* Opens or makes the file of a segment, as shm_open does in every C library of Linux; *fd is -1 if it fails. */
static int open_segment(ss_exchange *exchange, size_t length, int *fd) {
  const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  for (;;) {
    *fd = open(exchange->name, flags);
    if (*fd >= 0) {
      return SS_OK;
    }
    if (errno != ENOENT || length == 0) {
      return fail_system(exchange, errno, "open");
    }
    *fd = open(exchange->name, flags | O_CREAT | O_EXCL, 0600);
    if (*fd >= 0) {
      int result = ss_file_reserve(*fd, 0, (int64_t)length);
      result = result == 0 ? ss_file_extend(*fd, (int64_t)length) : result;
      if (result != 0) {
        unlink(exchange->name);
        close(*fd);
        *fd = -1;
        return fail_system(exchange, result, "make");
      }
      return SS_OK;
    }
    if (errno != EEXIST) {
      return fail_system(exchange, errno, "make");
    }
  }
}

static int map_segment(ss_exchange *exchange, size_t length) {
  int fd;
  int result = open_segment(exchange, length, &fd);
  if (result != SS_OK) {
    return result;
  }
  struct stat status;
  int tries = 0;
  do {
    result = fstat(fd, &status) < 0 ? errno : 0;
    if (result == 0 && S_ISREG(status.st_mode) && status.st_size == 0) {
      ss_sleep_ns(CREATION_PAUSE_NS);
    }
  } while (result == 0 && S_ISREG(status.st_mode) && status.st_size == 0 && ++tries < CREATION_TRIES);
  if (result != 0) {
    result = fail_system(exchange, result, "look at");
  } else if (!S_ISREG(status.st_mode) || status.st_size == 0) {
    result = ss_fail(
        &exchange->error, SS_ERR_FORMAT, 0,
        "%.200s is no segment, or the program that makes it died before it had a length: remove it", exchange->name);
  } else if (status.st_size < SS_EXCHANGE_MIN_LENGTH || (size_t)status.st_size < length) {
    result = ss_fail(
        &exchange->error, SS_ERR_FORMAT, 0,
        "%.200s is there with %lld bytes, fewer than wanted: end the programs that use it and remove it, or ask for less",
        exchange->name, (long long)status.st_size);
  } else {
    exchange->mapping_length = (size_t)status.st_size;
    void *const base = mmap(NULL, exchange->mapping_length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    result = base == MAP_FAILED ? fail_system(exchange, errno, "map") : SS_OK;
    exchange->mapping = base == MAP_FAILED ? NULL : base;
  }
  close(fd);
  return result;
}

int ss_exchange_open(const char *name, size_t length, ss_exchange **exchange, ss_error *error) {
  *exchange = NULL;
  if (!is_name(name) || (length != 0 && (length < SS_EXCHANGE_MIN_LENGTH || length > SS_EXCHANGE_MAX_LENGTH))) {
    return ss_fail(
        error, SS_ERR_ARGUMENT, 0,
        "an exchange needs a name of up to 250 bytes without '/', and %d bytes to 1 GiB, or 0 for one that is there",
        SS_EXCHANGE_MIN_LENGTH);
  }
  char path[300];
  snprintf(path, sizeof path, DIRECTORY "%.250s", name);
  ss_exchange *const made = ss_exchange_make(path, exchange, error);
  if (made == NULL) {
    return SS_ERR_NO_MEMORY;
  }
  int result = map_segment(made, length);
  if (result == SS_OK) {
    result = ss_exchange_attach_over(made, made->mapping, made->mapping_length);
  }
  return ss_exchange_finish(result, made, exchange, error);
}

int ss_exchange_remove(const char *name) {
  if (!is_name(name)) {
    return SS_ERR_ARGUMENT;
  }
  char path[300];
  snprintf(path, sizeof path, DIRECTORY "%.250s", name);
  return unlink(path) == 0 ? SS_OK : ss_code_of(errno);
}
