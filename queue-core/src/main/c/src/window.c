#include "window.h"

#include "system.h"

#include <errno.h>
#include <sys/mman.h>

int ss_window_map(ss_window *window, int fd, int64_t offset, int64_t length, bool writable) {
  ss_window_unmap(window);
  const int64_t page = (int64_t)ss_page_size();
  const int64_t start = offset - offset % page;
  const int64_t mapped = length + (offset - start);
  if (offset < 0 || length <= 0 || mapped < length) {
    return EINVAL;
  }
  void *base = mmap(NULL, (size_t)mapped, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, fd, start);
  if (base == MAP_FAILED) {
    return errno;
  }
  window->base = base;
  window->offset = start;
  window->length = mapped;
  return 0;
}

void ss_window_unmap(ss_window *window) {
  if (window->base != NULL) {
    munmap(window->base, (size_t)window->length);
  }
  *window = (ss_window){0};
}
