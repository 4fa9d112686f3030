// Locks regions of a file: locker FILE. Obeys: "lock FROM LENGTH" -> "locked" or "busy", "unlock FROM LENGTH", "end".
#include "lines.h"

int main(int count, char **words) {
  if (count < 2) {
    return 2;
  }
  const HANDLE file =
      CreateFileA(words[1], GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
  if (file == INVALID_HANDLE_VALUE) {
    say_error("refused");
    return 1;
  }
  say("ready");
  char line[64];
  while (next_line(line, sizeof line) && strcmp(line, "end") != 0) {
    unsigned long from = 0;
    unsigned long length = 0;
    OVERLAPPED region = {0};
    if (sscanf(line, "lock %lu %lu", &from, &length) == 2) {
      region.Offset = from;
      const DWORD flags = LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY;
      say(LockFileEx(file, flags, 0, length, 0, &region) ? "locked" : "busy");
    } else if (sscanf(line, "unlock %lu %lu", &from, &length) == 2) {
      region.Offset = from;
      say(UnlockFileEx(file, 0, length, 0, &region) ? "unlocked" : "not locked");
    } else {
      say("what?");
    }
  }
  return 0;
}
