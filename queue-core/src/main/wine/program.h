// How the bridge ends, and the program that it may start.
#ifndef SLIPSTREAM_BRIDGE_PROGRAM_H
#define SLIPSTREAM_BRIDGE_PROGRAM_H

#include <windows.h>

enum {
  EXIT_DONE = 0,
  // Numbers that games do not end with: with a program, its own exit code is passed on.
  EXIT_USAGE = 120,
  EXIT_EXISTS = 121,
  EXIT_ABSENT = 122,
  EXIT_REFUSED = 123,
  EXIT_OTHER_KIND = 124,
};

// Says which call failed, for what, with which error, and what to do about it. Returns EXIT_REFUSED.
int refuse(const WCHAR *call, const WCHAR *what, DWORD code, const WCHAR *remedy);

// Starts a program and waits for it. `tail` is its part of the command line, as it was quoted for us: it is passed on as it is.
// Returns the program's exit code.
int program_run(const WCHAR *tail);

#endif
