// slipstream-bridge.exe: names and finds shared memory inside a Wine or Proton prefix, for programs on Linux.
#include "program.h"
#include "text.h"

enum { BLOCKS_MAX = 16 };

static const WCHAR USAGE[] =
    L"slipstream-bridge: shared memory of Windows programs, for programs on Linux\n"
    L"\n"
    L"  slipstream-bridge share [--percent] NAME BYTES [--file PATH] [NAME BYTES [--file PATH]]... [-- PROGRAM ARGS...]\n"
    L"    Before the game: makes the name, backed by a file that Linux programs map: Z:\\dev\\shm\\NAME, or PATH.\n"
    L"    Local\\ is left out of the file's name; what Windows has in no file name (and %) becomes %XX of its UTF-8.\n"
    L"    A file that is there is kept, and made longer if it is shorter; it stays when the bridge ends.\n"
    L"    With PROGRAM: starts it, waits for it and ends with its exit code. Without: prints a line 'shared ...' a name\n"
    L"    and holds the names until its standard input ends.\n"
    L"\n"
    L"  slipstream-bridge find [--percent] NAME\n"
    L"    After the game: prints 'found address=0x... bytes=... pid=...', where this process sees the block of that\n"
    L"    name, and holds it there until its standard input ends. What the file behind it is, /proc/PID/maps tells.\n"
    L"\n"
    L"  --percent  NAME is percent-encoded UTF-8, for locales that cannot say it.\n"
    L"\n"
    L"Exit codes: 0 done, 120 wrong usage, 121 the name is taken, 122 there is no such name, 123 the system refused;\n"
    L"with PROGRAM its own.\n"
    L"\n"
    L"  wine slipstream-bridge.exe share $pcars2$ 20700 -- game.exe\n"
    L"  wine slipstream-bridge.exe find Local\\acpmf_physics";

static text_t message;

static int misused(const WCHAR *why) {
  text_clear(&message);
  text_add(&message, L"slipstream-bridge: ");
  text_add(&message, why);
  text_add(&message, L"\n");
  text_print(STD_ERROR_HANDLE, message.at);
  text_print(STD_ERROR_HANDLE, USAGE);
  return EXIT_USAGE;
}

static void hold_until_input_ends(void) {
  char bytes[64];
  DWORD count;
  while (ReadFile(GetStdHandle(STD_INPUT_HANDLE), bytes, sizeof bytes, &count, NULL) && count > 0) {
  }
}

// --- find ---

static int find(const WCHAR *name) {
  DWORD access = FILE_MAP_READ | FILE_MAP_WRITE;
  HANDLE mapping = OpenFileMappingW(access, FALSE, name);
  if (mapping == NULL && GetLastError() == ERROR_ACCESS_DENIED) {
    access = FILE_MAP_READ;
    mapping = OpenFileMappingW(access, FALSE, name);
  }
  if (mapping == NULL) {
    const DWORD code = GetLastError();
    if (code == ERROR_FILE_NOT_FOUND) {
      refuse(L"OpenFileMapping", name, code, L"no program in this prefix has that name; case counts");
      return EXIT_ABSENT;
    }
    const bool other = code == ERROR_INVALID_HANDLE;
    return refuse(
        L"OpenFileMapping", name, code,
        other ? L"the name is that of a mutex, event or semaphore; give the shared memory's own"
              : L"run the bridge as the user whose game it is");
  }
  const void *view = MapViewOfFile(mapping, access, 0, 0, 0);
  if (view == NULL) {
    return refuse(L"MapViewOfFile", name, GetLastError(), L"end other programs, or try again");
  }
  MEMORY_BASIC_INFORMATION region;
  if (VirtualQuery(view, &region, sizeof region) == 0) {
    return refuse(L"VirtualQuery", name, GetLastError(), L"try again");
  }
  text_clear(&message);
  text_add(&message, L"found address=0x");
  text_add_number(&message, (uintptr_t)view, 16);
  text_add(&message, L" bytes=");
  text_add_number(&message, region.RegionSize, 10);
  text_add(&message, L" pid=");
  text_add_number(&message, GetCurrentProcessId(), 10);
  text_print(STD_OUTPUT_HANDLE, message.at);
  hold_until_input_ends();
  return EXIT_DONE;
}

// --- share ---

static bool begins_with(const WCHAR *text, const WCHAR *start) {
  while (*start != 0) {
    if (*text++ != *start++) {
      return false;
    }
  }
  return true;
}

static void default_path(text_t *path, const WCHAR *name) {
  text_clear(path);
  // \\?\ keeps Windows from taking names such as NUL for devices.
  text_add(path, L"\\\\?\\Z:\\dev\\shm\\");
  text_add_percent(path, begins_with(name, L"Local\\") ? name + 6 : name, false);
}

static int share(const WCHAR *name, uint64_t bytes, const WCHAR *path) {
  const HANDLE file = CreateFileW(
      path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_ALWAYS,
      FILE_ATTRIBUTE_NORMAL, NULL);
  if (file == INVALID_HANDLE_VALUE) {
    return refuse(L"CreateFile", path, GetLastError(), L"give a file that you may write, with --file PATH");
  }
  const bool created = GetLastError() != ERROR_ALREADY_EXISTS;
  LARGE_INTEGER length;
  LARGE_INTEGER wanted;
  wanted.QuadPart = (LONGLONG)bytes;
  if (!GetFileSizeEx(file, &length)) {
    return refuse(L"GetFileSizeEx", path, GetLastError(), L"give a plain file with --file PATH");
  }
  if (length.QuadPart < wanted.QuadPart && (!SetFilePointerEx(file, wanted, NULL, FILE_BEGIN) || !SetEndOfFile(file))) {
    return refuse(L"SetEndOfFile", path, GetLastError(), L"make room, or ask for fewer bytes");
  }
  const HANDLE mapping = CreateFileMappingW(file, NULL, PAGE_READWRITE, (DWORD)(bytes >> 32), (DWORD)bytes, name);
  const DWORD code = GetLastError();
  if (mapping == NULL || code == ERROR_ALREADY_EXISTS) {
    CloseHandle(file);
    if (created) {
      DeleteFileW(path);
    }
    if (mapping != NULL || code == ERROR_INVALID_HANDLE) {
      refuse(
          L"CreateFileMapping", name, code,
          mapping == NULL
              ? L"the name is that of a mutex, event or semaphore; give another"
              : L"the name is taken: a game or another bridge in this prefix has it. End that first, or leave it "
                L"and find the block: slipstream-bridge find NAME");
      return EXIT_EXISTS;
    }
    return refuse(L"CreateFileMapping", name, code, L"end other programs, or ask for fewer bytes");
  }
  // Mapped here too: /proc/PID/maps of this process then tells Linux which file it is. It is held until this process ends.
  if (MapViewOfFile(mapping, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0) == NULL) {
    return refuse(L"MapViewOfFile", name, GetLastError(), L"end other programs, or ask for fewer bytes");
  }
  return EXIT_DONE;
}

static void report(const WCHAR *name, uint64_t bytes, const WCHAR *path) {
  text_clear(&message);
  text_add(&message, L"shared name=");
  text_add_percent(&message, name, true);
  text_add(&message, L" bytes=");
  text_add_number(&message, bytes, 10);
  text_add(&message, L" file=");
  text_add(&message, path);
  text_print(STD_OUTPUT_HANDLE, message.at);
}

typedef struct {
  text_t name;
  text_t path;
  uint64_t bytes;
} block_t;

static int share_all(words_t *words, bool percent) {
  static block_t blocks[BLOCKS_MAX];
  static text_t word;
  int count = 0;
  const WCHAR *tail = NULL;
  while (words_next(words, &word) != NULL) {
    if (text_equal(word.at, L"--")) {
      words_t ahead = *words;
      tail = words_next(&ahead, &word);
      if (tail == NULL) {
        return misused(L"a program must follow --");
      }
      break;
    }
    if (text_equal(word.at, L"--file")) {
      if (count == 0 || words_next(words, &blocks[count - 1].path) == NULL) {
        return misused(L"--file PATH must follow NAME BYTES");
      }
      continue;
    }
    if (count == BLOCKS_MAX) {
      return misused(L"more than 16 names; start another bridge for the others");
    }
    block_t *block = &blocks[count];
    if (percent) {
      if (!text_from_percent(&block->name, word.at)) {
        return misused(L"NAME is no percent-encoded UTF-8");
      }
    } else {
      block->name = word;
    }
    if (words_next(words, &word) == NULL || (block->bytes = text_number(word.at)) == 0) {
      return misused(L"BYTES must follow NAME, a number from 1");
    }
    default_path(&block->path, block->name.at);
    count++;
  }
  if (count == 0) {
    return misused(L"share wants NAME BYTES");
  }
  for (int i = 0; i < count; i++) {
    if (blocks[i].name.length == 0 || blocks[i].name.cut || blocks[i].path.cut) {
      return misused(L"a NAME or PATH is empty or too long");
    }
    const int status = share(blocks[i].name.at, blocks[i].bytes, blocks[i].path.at);
    if (status != EXIT_DONE) {
      return status;
    }
  }
  if (tail != NULL) {
    return program_run(tail);
  }
  for (int i = 0; i < count; i++) {
    report(blocks[i].name.at, blocks[i].bytes, blocks[i].path.at);
  }
  hold_until_input_ends();
  return EXIT_DONE;
}

static int obey(void) {
  static text_t command;
  static text_t name;
  words_t words = {GetCommandLineW(), true};
  words_next(&words, &command);
  if (words_next(&words, &command) == NULL || text_equal(command.at, L"--help")) {
    text_print(STD_OUTPUT_HANDLE, USAGE);
    return words.next[0] == 0 && command.length == 0 ? EXIT_USAGE : EXIT_DONE;
  }
  words_t ahead = words;
  const bool percent = words_next(&ahead, &name) != NULL && text_equal(name.at, L"--percent");
  if (percent) {
    words = ahead;
  }
  if (text_equal(command.at, L"share")) {
    return share_all(&words, percent);
  }
  if (!text_equal(command.at, L"find")) {
    return misused(L"there are the commands share and find");
  }
  if (words_next(&words, &name) == NULL || name.length == 0 || name.cut) {
    return misused(L"find wants NAME");
  }
  // What follows is the caller's: a mark by which it knows this process on Linux.
  if (percent) {
    static text_t decoded;
    return text_from_percent(&decoded, name.at) ? find(decoded.at) : misused(L"NAME is no percent-encoded UTF-8");
  }
  return find(name.at);
}

// Where the process begins: there is no C library that calls main.
void begin(void);

void begin(void) {
  ExitProcess((UINT)obey());
}
