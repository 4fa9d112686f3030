// How the tests talk with the programs of this directory: words on standard input, one line of answer each. The programs know
// nothing of Slipstream; they do what old Windows programs do.
#ifndef LINES_H
#define LINES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

// Reads a line into `line` and cuts its end off. Returns 0 when there is none any more.
static inline int next_line(char *line, int size) {
  if (fgets(line, size, stdin) == NULL) {
    return 0;
  }
  line[strcspn(line, "\r\n")] = '\0';
  return 1;
}

static inline void say(const char *text) {
  puts(text);
  fflush(stdout);
}

static inline void say_error(const char *call) {
  printf("%s %lu\n", call, GetLastError());
  fflush(stdout);
}

// Undoes %XX, so that a name may have any bytes: those of code page 936, for instance.
static inline void decode(char *text) {
  char *out = text;
  for (const char *in = text; *in != '\0'; in++) {
    if (in[0] == '%' && in[1] != '\0' && in[2] != '\0') {
      const char digits[] = {in[1], in[2], '\0'};
      *out++ = (char)strtol(digits, NULL, 16);
      in += 2;
    } else {
      *out++ = *in;
    }
  }
  *out = '\0';
}

#endif
