/* A part of a file, mapped. It slides: what was mapped before is not any more. One thread at a time. */
#ifndef SS_WINDOW_H
#define SS_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ss_window {
  uint8_t *base;
  int64_t offset; /* in the file, of base */
  int64_t length; /* bytes mapped, all of them within the file */
} ss_window;

static inline bool ss_window_covers(const ss_window *window, int64_t position, int64_t length) {
  return position >= window->offset && length <= window->length - (position - window->offset);
}

static inline uint8_t *ss_window_at(const ss_window *window, int64_t position) {
  return window->base + (position - window->offset);
}

/*
 * Maps a range of an open file that lies within it. The window starts on a page.
 * Returns 0 or errno; on failure the window is empty.
 */
int ss_window_map(ss_window *window, int fd, int64_t offset, int64_t length, bool writable);

/* Unmaps; an empty window is allowed. */
void ss_window_unmap(ss_window *window);

#endif
