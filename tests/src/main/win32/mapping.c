// A named mapping, made or opened with the A functions: mapping create NAME BYTES | mapping open NAME. NAME may have %XX.
// With mutex, it is a mutex that has the name. With create936, the name is read as the A functions read it on a Chinese Windows, whatever this one is.
// Says "ready ERROR", then obeys: "write TEXT", "read" -> the text, "close" (the handle; the view stays), "end".
#include "lines.h"

static HANDLE create(const char *command, const char *name, DWORD bytes) {
  if (strcmp(command, "create936") != 0) {
    return CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, bytes, name);
  }
  WCHAR wide[300];
  MultiByteToWideChar(936, 0, name, -1, wide, 300);
  return CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, bytes, wide);
}

int main(int count, char **words) {
  if (count < 3) {
    return 2;
  }
  decode(words[2]);
  const int creates = strncmp(words[1], "create", 6) == 0;
  if (creates && count < 4) {
    return 2;
  }
  SetLastError(0);
  if (strcmp(words[1], "mutex") == 0) {
    const HANDLE mutex = CreateMutexA(NULL, FALSE, words[2]);
    char unused[16];
    say_error(mutex == NULL ? "refused" : "ready");
    next_line(unused, sizeof unused);
    return mutex == NULL;
  }
  const HANDLE mapping = creates ? create(words[1], words[2], (DWORD)strtoul(words[3], NULL, 10))
                                 : OpenFileMappingA(FILE_MAP_ALL_ACCESS, FALSE, words[2]);
  if (mapping == NULL) {
    say_error("refused");
    return 1;
  }
  const DWORD error = GetLastError();
  char *view = MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, 0);
  if (view == NULL) {
    say_error("unmapped");
    return 1;
  }
  printf("ready %lu\n", error);
  fflush(stdout);
  char line[4096];
  while (next_line(line, sizeof line) && strcmp(line, "end") != 0) {
    if (strncmp(line, "write ", 6) == 0) {
      strcpy(view, line + 6);
      say("written");
    } else if (strcmp(line, "read") == 0) {
      say(view);
    } else if (strcmp(line, "close") == 0) {
      CloseHandle(mapping);
      say("closed");
    } else {
      say("what?");
    }
  }
  return 0;
}
