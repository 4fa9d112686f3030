#include "system.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* How long to sleep where the system forbids to wait for a word. */
#define FORBIDDEN_SLEEP_NS INT64_C(1000000)

static int64_t ns_of(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t ss_epoch_ns(void) {
  return ns_of(CLOCK_REALTIME);
}

int64_t ss_monotonic_ns(void) {
  return ns_of(CLOCK_MONOTONIC);
}

int64_t ss_monotonic_coarse_ns(void) {
  return ns_of(CLOCK_MONOTONIC_COARSE);
}

static struct timespec timespec_of(int64_t ns) {
  return (struct timespec){.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
}

void ss_sleep_ns(int64_t ns) {
  const struct timespec time = timespec_of(ns);
  nanosleep(&time, NULL);
}

int64_t ss_deadline_ns(int64_t timeout_ns) {
  const int64_t now = ss_monotonic_ns();
  return timeout_ns > INT64_MAX - now ? INT64_MAX : now + timeout_ns;
}

int ss_lock_range(int fd, int64_t start, int64_t length, int64_t timeout_ns) {
  // An open-file-description lock: it conflicts with the process locks that a JVM takes, and a JVM in this very process
  // keeps its own.
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
  const int64_t deadline = ss_deadline_ns(timeout_ns);
  int64_t pause = 20000;
  while (fcntl(fd, F_OFD_SETLK, &lock) < 0) {
    if (errno != EAGAIN && errno != EACCES && errno != EINTR) {
      return errno;
    }
    if (ss_monotonic_ns() > deadline) {
      return ETIMEDOUT;
    }
    ss_sleep_ns(pause);
    pause = pause < 5000000 ? 2 * pause : pause;
  }
  return 0;
}

int64_t ss_file_length(int fd) {
  struct stat status;
  return fstat(fd, &status) < 0 ? -1 : (int64_t)status.st_size;
}

int ss_file_extend(int fd, int64_t length) {
  const int64_t present = ss_file_length(fd);
  return present < 0 || (present < length && ftruncate(fd, length) < 0) ? errno : 0;
}

int ss_file_grow(int fd, int64_t length, int64_t timeout_ns) {
  if (ss_file_length(fd) >= length) {
    return 0;
  }
  int result = ss_lock_range(fd, 0, 0, timeout_ns);
  if (result == 0) {
    result = ss_file_extend(fd, length);
    const struct flock unlock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
    fcntl(fd, F_OFD_SETLK, &unlock);
  }
  return result;
}

int ss_file_reserve(int fd, int64_t offset, int64_t length) {
  int result;
  do {
    result = fallocate(fd, FALLOC_FL_KEEP_SIZE, offset, length);
  } while (result < 0 && errno == EINTR);
  return result < 0 && (errno == ENOSPC || errno == EDQUOT) ? ENOSPC : 0;
}

int ss_open_at(int directory, const char *name, unsigned how) {
  const int flags = ((how & SS_OPEN_WRITE) != 0 ? O_RDWR : O_RDONLY) | ((how & SS_OPEN_CREATE) != 0 ? O_CREAT : 0) |
                    ((how & SS_OPEN_FOLLOW) != 0 ? 0 : O_NOFOLLOW) | O_CLOEXEC | O_NONBLOCK;
  int fd;
  do {
    fd = openat(directory, name, flags, 0666);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

size_t ss_page_size(void) {
  return (size_t)sysconf(_SC_PAGESIZE);
}

int ss_populate(void *address, size_t length) {
  int result;
  int tries = 0;
  do {
    result = madvise(address, length, MADV_POPULATE_WRITE);
  } while (result < 0 && (errno == EINTR || errno == EAGAIN) && ++tries < 100);
  if (result == 0) {
    return 0;
  }
  // EFAULT: what would have been SIGBUS at the first touch.
  return errno == EFAULT || errno == ENOSPC ? ENOSPC : ENOSYS;
}

/* What /proc/PID/stat says. */
typedef struct process_stat {
  char state;                 /* field 3, of the first thread */
  unsigned long long threads; /* field 20 */
  unsigned long long start;   /* field 22 */
} process_stat;

/* Reads what is known of a process; false if nothing is. */
static bool read_stat(int32_t pid, process_stat *result) {
  char path[32];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return false;
  }
  char text[1024];
  const ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  if (length <= 0) {
    return false;
  }
  text[length] = 0;
  // The command's name may hold blanks and brackets: fields are counted from behind its last bracket, field 3, on.
  const char *at = strrchr(text, ')');
  if (at == NULL || at[1] != ' ') {
    return false;
  }
  at += 2;
  result->state = *at;
  for (int field = 3; field < 20; field++) {
    at = strchr(at, ' ');
    if (at == NULL) {
      return false;
    }
    at++;
  }
  return sscanf(at, "%llu %*d %llu", &result->threads, &result->start) == 2;
}

uint64_t ss_process_start(int32_t pid) {
  process_stat found;
  return read_stat(pid, &found) ? found.start : 0;
}

bool ss_process_is_gone(int32_t pid) {
  if (pid <= 0) {
    return true;
  }
  if (kill(pid, 0) < 0) {
    return errno == ESRCH;
  }
  // The state is the first thread's: it may have ended, and others run on.
  process_stat found;
  return read_stat(pid, &found) && (found.state == 'Z' || found.state == 'X') && found.threads <= 1;
}

int ss_futex_wait(uint32_t *word, uint32_t expected, int64_t timeout_ns) {
  const struct timespec timeout = timespec_of(timeout_ns);
  const int result = syscall(SYS_futex, word, FUTEX_WAIT, expected, &timeout, NULL, 0) < 0 ? errno : 0;
  if (result == ENOSYS || result == EPERM || result == EACCES) {
    // A sandbox that forbids the call: better late than busy.
    ss_sleep_ns(timeout_ns < FORBIDDEN_SLEEP_NS ? timeout_ns : FORBIDDEN_SLEEP_NS);
  }
  return result;
}

void ss_futex_wake(uint32_t *word, int count) {
  syscall(SYS_futex, word, FUTEX_WAKE, count, NULL, NULL, 0);
}

void ss_futex_wake_all(uint32_t *word) {
  ss_futex_wake(word, INT_MAX);
}
