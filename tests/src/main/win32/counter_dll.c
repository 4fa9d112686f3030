// A DLL whose data all processes share (data_seg); with EXPORTED, the counter has a name that others find.
#include <windows.h>

#ifdef EXPORTED
#define SHOWN __declspec(dllexport)
#else
#define SHOWN static
#endif

// What lies before the counter keeps it from being the section's first word.
static volatile LONG greeting[4] __attribute__((section(".shared"), shared)) = {0x11, 0x22, 0x33, 0x44};
SHOWN volatile LONG counter __attribute__((section(".shared"), shared)) = 7;

// Not shared: every process has its own.
__declspec(dllexport) LONG own = 5;

__declspec(dllexport) LONG increment(void);
__declspec(dllexport) LONG offset_of_counter(void);

LONG increment(void) {
  own++;
  return InterlockedIncrement(&counter);
}

// From the start of the section, in whatever order the linker put the two.
LONG offset_of_counter(void) {
  const LONG offset = (LONG)((volatile char *)&counter - (volatile char *)greeting);
  return offset < 0 ? 0 : offset;
}
