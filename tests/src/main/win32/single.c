// Runs once at a time: single NAME. Says "first" or "second" by whether its mapping was there; the first waits for a line.
#include "lines.h"

int main(int count, char **words) {
  if (count < 2) {
    return 2;
  }
  const HANDLE mapping = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, words[1]);
  if (mapping == NULL) {
    say_error("refused");
    return 1;
  }
  if (GetLastError() == ERROR_ALREADY_EXISTS) {
    say("second");
    return 3;
  }
  say("first");
  char line[16];
  next_line(line, sizeof line);
  return 0;
}
