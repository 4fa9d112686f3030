/* What the operating system knows of files, memory, time and processes. Linux. */
#ifndef SS_SYSTEM_H
#define SS_SYSTEM_H

#include "slipstream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if !defined(__linux__) || __SIZEOF_POINTER__ != 8 || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "libslipstream runs on 64-bit, little-endian Linux"
#endif

/* ns since the Unix epoch. */
int64_t ss_epoch_ns(void);

/* ns of a clock that only goes forward. */
int64_t ss_monotonic_ns(void);

/* The same to the millisecond or so, for a tenth of the price. */
int64_t ss_monotonic_coarse_ns(void);

/* Tells the processor that this is a spin. */
static inline void ss_spin_hint(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

void ss_sleep_ns(int64_t ns);

/* The monotonic time after which to wait no longer; a time-out may be INT64_MAX. */
int64_t ss_deadline_ns(int64_t timeout_ns);

/* ---- files */

/*
 * Takes an exclusive lock on a range of a file, waiting for others at most so long; it belongs to the descriptor, as no other
 * kind does, and ends with it. A length of 0 means all of the file. 0 or errno; ETIMEDOUT.
 */
int ss_lock_range(int fd, int64_t start, int64_t length, int64_t timeout_ns);

/* Length of an open file, or -1 with errno. */
int64_t ss_file_length(int fd);

/*
 * Makes a file at least so long, beside other processes that do the same, JVMs among them: only ever upwards, under the lock
 * of the whole file, looking again inside it. 0 or errno.
 */
int ss_file_grow(int fd, int64_t length, int64_t timeout_ns);

/* The same for who holds a lock of the file already. */
int ss_file_extend(int fd, int64_t length);

/* Reserves disk blocks of a range; contents and length stay. 0, or ENOSPC; where the file system cannot tell, 0. */
int ss_file_reserve(int fd, int64_t offset, int64_t length);

/* How to open a file. */
enum {
  SS_OPEN_WRITE = 1,  /* for reading and writing */
  SS_OPEN_CREATE = 2, /* make it if it is missing */
  SS_OPEN_FOLLOW = 4, /* also through a symbolic link */
};

/* Opens a file inside a directory; how: of SS_OPEN_*. Never waits. Returns the descriptor, or -1 with errno. */
int ss_open_at(int directory, const char *name, unsigned how);

/* ---- mapped memory */

/*
 * Makes the pages of a mapped range present and writable in one call, in place of a fault for each. 0; ENOSPC if the file
 * system has no room; ENOSYS where the kernel (before 5.14) cannot.
 */
int ss_populate(void *address, size_t length);

size_t ss_page_size(void);

/* ---- processes */

/* Start of a process, in clock ticks since boot (field 22 of /proc/PID/stat), or 0 if it is gone, dead or not to be known. */
uint64_t ss_process_start(int32_t pid);

/* Whether a process is certainly gone; a zombie with no other thread is. */
bool ss_process_is_gone(int32_t pid);

/* ---- waiting for a word in shared memory */

/*
 * Sleeps while *word == expected, for at most so long. Returns 0 when woken, else errno: EAGAIN, ETIMEDOUT, EINTR. Where the
 * system forbids it, sleeps for a millisecond at most.
 */
int ss_futex_wait(uint32_t *word, uint32_t expected, int64_t timeout_ns);

/* Wakes so many of those who sleep on a word, in whatever process. */
void ss_futex_wake(uint32_t *word, int count);

/* Wakes everybody who sleeps on a word, in every process. */
void ss_futex_wake_all(uint32_t *word);

#endif
