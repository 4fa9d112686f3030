// Prints its arguments, one a line in brackets, then what it reads; ends with the code that its first argument says.
#include "lines.h"

int main(int count, char **words) {
  char line[256];
  for (int i = 1; i < count; i++) {
    printf("[%s]\n", words[i]);
  }
  while (next_line(line, sizeof line)) {
    printf("<%s>\n", line);
  }
  return count > 1 ? atoi(words[1]) : 0;
}
