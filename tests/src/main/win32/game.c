// Writes $pcars2$ as Project CARS 2 and Automobilista 2 do, 100 frames a second, in the way of a seqlock. Says "ready ERROR", where
// 183 means that the mapping was there, and races until its input ends.
#include "lines.h"

#include <math.h>
#include <stdint.h>

enum {
  BLOCK = 20700,
  VERSION = 14,
  VERSION_AT = 0,
  GAME_STATE_AT = 8,
  SESSION_STATE_AT = 12,
  RACE_STATE_AT = 16,
  VIEWED_AT = 20,
  PARTICIPANTS_AT = 24,
  ACTIVE_AT = 28,
  NAME_AT = 29,
  SPEED_AT = 6848,
  RPM_AT = 6852,
  SEQUENCE_AT = 7320,
  ENGINE_SPEED_AT = 7388,
};

static void put_int(char *block, int at, int32_t value) {
  memcpy(block + at, &value, sizeof value);
}

static void put_float(char *block, int at, double value) {
  const float narrow = (float)value;
  memcpy(block + at, &narrow, sizeof narrow);
}

static DWORD WINAPI wait_for_end(void *unused) {
  (void)unused;
  char line[16];
  while (next_line(line, sizeof line)) {
  }
  ExitProcess(0);
}

int main(void) {
  const HANDLE mapping = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, BLOCK, "$pcars2$");
  const DWORD error = GetLastError();
  char *block = mapping == NULL ? NULL : MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, BLOCK);
  if (block == NULL) {
    say_error("refused");
    return 1;
  }
  put_int(block, VERSION_AT, VERSION);
  put_int(block, GAME_STATE_AT, 2);
  put_int(block, SESSION_STATE_AT, 5);
  put_int(block, RACE_STATE_AT, 2);
  put_int(block, VIEWED_AT, 0);
  put_int(block, PARTICIPANTS_AT, 1);
  block[ACTIVE_AT] = 1;
  strcpy(block + NAME_AT, "Driver");
  CreateThread(NULL, 0, wait_for_end, NULL, 0, NULL);
  volatile LONG *sequence = (volatile LONG *)(void *)(block + SEQUENCE_AT);
  printf("ready %lu\n", error);
  fflush(stdout);
  for (int frame = 0;; frame++) {
    const double rpm = 4000 + 3000 * sin(frame / 50.0);
    InterlockedIncrement(sequence);
    put_float(block, SPEED_AT, 50 + 20 * sin(frame / 80.0));
    put_float(block, RPM_AT, rpm);
    put_float(block, ENGINE_SPEED_AT, rpm * 2 * 3.14159265358979 / 60);
    InterlockedIncrement(sequence);
    Sleep(10);
  }
}
