// Loads a DLL with shared data: counter DLL. Says "ready OFFSET", then obeys: "increment" -> the new count, "end".
#include "lines.h"

typedef LONG (*function_t)(void);

int main(int count, char **words) {
  if (count < 2) {
    return 2;
  }
  const HMODULE module = LoadLibraryA(words[1]);
  if (module == NULL) {
    say_error("refused");
    return 1;
  }
  const function_t increment = (function_t)(void (*)(void))GetProcAddress(module, "increment");
  const function_t offset = (function_t)(void (*)(void))GetProcAddress(module, "offset_of_counter");
  printf("ready %ld\n", offset());
  fflush(stdout);
  char line[64];
  while (next_line(line, sizeof line) && strcmp(line, "end") != 0) {
    printf("%ld\n", increment());
    fflush(stdout);
  }
  return 0;
}
