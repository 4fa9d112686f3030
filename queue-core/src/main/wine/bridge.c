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
    L"    A file that is there is kept, and made longer if it is shorter; it stays when the bridge ends. Its first BYTES\n"
    L"    are made zero, as new memory is on Windows; what is in the file of --file PATH is left as it is.\n"
    L"    With PROGRAM: starts it, waits for it and ends with its exit code; what cannot be shared is said, and the "
    L"program\n"
    L"    started without it. Without: prints a line 'shared ...' a name and holds the names until its standard input\n"
    L"    ends; nothing is shared if one of them cannot be.\n"
    L"\n"
    L"  slipstream-bridge find [--percent] NAME\n"
    L"    After the game: prints 'found address=0x... bytes=... pid=...', where this process sees the block of that\n"
    L"    name, and holds it there until its standard input ends. What the file behind it is, /proc/PID/maps tells.\n"
    L"\n"
    L"  --percent  NAME is percent-encoded UTF-8, for locales that cannot say it.\n"
    L"\n"
    L"Exit codes: 0 done, 120 wrong usage, 121 the name is taken, 122 there is no such name, 123 the system refused,\n"
    L"124 the name is that of a mutex, event or semaphore; with PROGRAM its own.\n"
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
    if (code == ERROR_INVALID_HANDLE) {
      refuse(
          L"OpenFileMapping", name, code, L"the name is that of a mutex, event or semaphore; give the shared memory's own");
      return EXIT_OTHER_KIND;
    }
    return refuse(L"OpenFileMapping", name, code, L"run the bridge as the user whose game it is");
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

// A name, and the file that is behind it while this process holds it.
typedef struct {
  text_t name;
  text_t path;
  uint64_t bytes;
  bool chosen;  // The path is the user's own.
  bool created; // There was no such file.
  HANDLE file;
  HANDLE mapping;
  void *view;
} block_t;

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
  // Z:\dev\shm by the name under which Wine lets case count, as it does in names of blocks: under Z: it would take the file of
  // "Speed" for "speed". Nor does it take names such as NUL for devices there.
  text_add(path, L"\\\\?\\unix\\dev\\shm\\");
  text_add_percent(path, begins_with(name, L"Local\\") ? name + 6 : name, false);
}

static HANDLE open_file(const WCHAR *path) {
  return CreateFileW(
      path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_ALWAYS,
      FILE_ATTRIBUTE_NORMAL, NULL);
}

// Windows gives out new memory as zeros, and games rely on that: what is left of the last run could be half a frame.
static void clear(volatile unsigned char *at, uint64_t bytes) {
  for (; bytes >= sizeof(uint64_t); bytes -= sizeof(uint64_t), at += sizeof(uint64_t)) {
    *(volatile uint64_t *)(volatile void *)at = 0;
  }
  while (bytes > 0) {
    at[--bytes] = 0;
  }
}

static int open_block(block_t *block) {
  const WCHAR *name = block->name.at;
  const WCHAR *path = block->path.at;
  block->file = open_file(path);
  if (block->file == INVALID_HANDLE_VALUE) {
    return refuse(L"CreateFile", path, GetLastError(), L"give a file that you may write, with --file PATH");
  }
  block->created = GetLastError() != ERROR_ALREADY_EXISTS;
  LARGE_INTEGER length;
  LARGE_INTEGER wanted;
  wanted.QuadPart = (LONGLONG)block->bytes;
  if (!GetFileSizeEx(block->file, &length)) {
    return refuse(L"GetFileSizeEx", path, GetLastError(), L"give a plain file with --file PATH");
  }
  if (length.QuadPart < wanted.QuadPart &&
      (!SetFilePointerEx(block->file, wanted, NULL, FILE_BEGIN) || !SetEndOfFile(block->file))) {
    return refuse(L"SetEndOfFile", path, GetLastError(), L"make room, or ask for fewer bytes");
  }
  block->mapping =
      CreateFileMappingW(block->file, NULL, PAGE_READWRITE, (DWORD)(block->bytes >> 32), (DWORD)block->bytes, name);
  const DWORD code = GetLastError();
  if (block->mapping == NULL && code == ERROR_INVALID_HANDLE) {
    refuse(L"CreateFileMapping", name, code, L"the name is that of a mutex, event or semaphore; give another");
    return EXIT_OTHER_KIND;
  }
  if (block->mapping == NULL) {
    return refuse(L"CreateFileMapping", name, code, L"end other programs, or ask for fewer bytes");
  }
  if (code == ERROR_ALREADY_EXISTS) {
    refuse(
        L"CreateFileMapping", name, code,
        L"the name is taken: a game or another bridge in this prefix has it. End that first, or leave it "
        L"and find the block: slipstream-bridge find NAME");
    return EXIT_EXISTS;
  }
  // Mapped here too: /proc/PID/maps of this process then tells Linux which file it is.
  block->view = MapViewOfFile(block->mapping, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0);
  if (block->view == NULL) {
    return refuse(L"MapViewOfFile", name, GetLastError(), L"end other programs, or ask for fewer bytes");
  }
  if (!block->chosen) {
    // What has been made longer is zero there already.
    clear(block->view, length.QuadPart < wanted.QuadPart ? (uint64_t)length.QuadPart : block->bytes);
  }
  return EXIT_DONE;
}

// Lets a block go that is not to be shared after all, and leaves no file that was not there.
static void abandon(block_t *block) {
  if (block->view != NULL) {
    UnmapViewOfFile(block->view);
  }
  if (block->mapping != NULL) {
    CloseHandle(block->mapping);
  }
  if (block->file != INVALID_HANDLE_VALUE && block->file != NULL) {
    CloseHandle(block->file);
    if (block->created) {
      DeleteFileW(block->path.at);
    }
  }
  block->view = NULL;
  block->mapping = NULL;
  block->file = NULL;
}

static void report(const block_t *block) {
  text_clear(&message);
  text_add(&message, L"shared name=");
  text_add_percent(&message, block->name.at, true);
  text_add(&message, L" bytes=");
  text_add_number(&message, block->bytes, 10);
  text_add(&message, L" file=");
  text_add(&message, block->path.at);
  text_print(STD_OUTPUT_HANDLE, message.at);
}

static block_t blocks[BLOCKS_MAX];
static int block_count;

// The next word that is not the -- before a program.
static bool next_before_program(words_t *words, text_t *word) {
  return words_next(words, word) != NULL && !text_equal(word->at, L"--");
}

// Reads what is to be shared. Returns what is wrong with it, or NULL.
static const WCHAR *parse(words_t words, bool percent) {
  static text_t word;
  while (next_before_program(&words, &word)) {
    if (text_equal(word.at, L"--file")) {
      if (block_count == 0 || !next_before_program(&words, &word)) {
        return L"--file PATH must follow NAME BYTES";
      }
      blocks[block_count - 1].path = word;
      blocks[block_count - 1].chosen = true;
      continue;
    }
    if (block_count == BLOCKS_MAX) {
      return L"more than 16 names; start another bridge for the others";
    }
    block_t *block = &blocks[block_count];
    if (!percent) {
      block->name = word;
    } else if (!text_from_percent(&block->name, word.at)) {
      return L"NAME is no percent-encoded UTF-8";
    }
    if (!next_before_program(&words, &word) || (block->bytes = text_number(word.at)) == 0) {
      return L"BYTES must follow NAME, a number from 1";
    }
    default_path(&block->path, block->name.at);
    block_count++;
  }
  for (int i = 0; i < block_count; i++) {
    if (blocks[i].name.length == 0 || blocks[i].name.cut || blocks[i].path.length == 0 || blocks[i].path.cut) {
      return L"a NAME or PATH is empty or too long";
    }
  }
  return block_count == 0 ? L"share wants NAME BYTES" : NULL;
}

// Where the program's part of the command line begins: empty if nothing follows the --, NULL if there is none.
static const WCHAR *program_part(words_t words) {
  static text_t word;
  while (words_next(&words, &word) != NULL) {
    if (text_equal(word.at, L"--")) {
      const WCHAR *program = words_next(&words, &word);
      return program == NULL ? L"" : program;
    }
  }
  return NULL;
}

static int share_all(const words_t *words, bool percent) {
  const WCHAR *program = program_part(*words);
  if (program != NULL && program[0] == 0) {
    return misused(L"a program must follow --");
  }
  const WCHAR *wrong = parse(*words, percent);
  int status = wrong == NULL ? EXIT_DONE : misused(wrong);
  for (int i = 0; wrong == NULL && i < block_count; i++) {
    const int opened = open_block(&blocks[i]);
    if (opened != EXIT_DONE) {
      abandon(&blocks[i]);
      status = opened;
      if (program == NULL) {
        break;
      }
    }
  }
  if (program != NULL) {
    // A game that does not start is worse than one whose block is not shared.
    if (status != EXIT_DONE) {
      text_print(STD_ERROR_HANDLE, L"slipstream-bridge: starting the program all the same");
    }
    return program_run(program);
  }
  if (status != EXIT_DONE) {
    for (int i = 0; i < block_count; i++) {
      abandon(&blocks[i]);
    }
    return status;
  }
  for (int i = 0; i < block_count; i++) {
    report(&blocks[i]);
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
