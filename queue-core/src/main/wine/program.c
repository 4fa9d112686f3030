#include "program.h"

#include "text.h"

int refuse(const WCHAR *call, const WCHAR *what, DWORD code, const WCHAR *remedy) {
  static text_t message;
  text_clear(&message);
  text_add(&message, L"slipstream-bridge: ");
  text_add(&message, call);
  text_add(&message, L"(");
  text_add(&message, what);
  text_add(&message, L") failed with error ");
  text_add_number(&message, code, 10);
  text_add(&message, L": ");
  text_add(&message, remedy);
  text_print(STD_ERROR_HANDLE, message.at);
  return EXIT_REFUSED;
}

// Proton hands the game over by its path on Linux.
static const WCHAR *windows_path(const WCHAR *program) {
  typedef WCHAR *(__cdecl * translate_t)(const char *);
  static char narrow[TEXT_MAX * 3];
  const FARPROC found = GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "wine_get_dos_file_name");
  if (program[0] != '/' || found == NULL ||
      WideCharToMultiByte(CP_UTF8, 0, program, -1, narrow, sizeof narrow, NULL, NULL) == 0) {
    return program;
  }
  const WCHAR *translated = ((translate_t)(void (*)(void))found)(narrow);
  return translated == NULL ? program : translated;
}

int program_run(const WCHAR *tail) {
  static text_t program;
  static WCHAR line[32768];
  words_t words = {tail, true};
  words_next(&words, &program);
  const WCHAR *path = windows_path(program.at);
  DWORD length = 0;
  const WCHAR *parts[] = {L"\"", path, L"\"", words.next};
  for (int i = 0; i < 4; i++) {
    for (const WCHAR *at = parts[i]; *at != 0 && length < 32767; at++) {
      line[length++] = *at;
    }
  }
  if (length == 32767) {
    return refuse(L"CreateProcess", path, ERROR_FILENAME_EXCED_RANGE, L"give the program fewer arguments");
  }
  STARTUPINFOW startup;
  PROCESS_INFORMATION process;
  GetStartupInfoW(&startup);
  startup.lpReserved = NULL;
  startup.cbReserved2 = 0;
  startup.lpReserved2 = NULL;
  startup.dwFlags |= STARTF_USESTDHANDLES;
  startup.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
  startup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
  startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
  if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process)) {
    return refuse(L"CreateProcess", path, GetLastError(), L"give the program's path after --");
  }
  DWORD status = EXIT_REFUSED;
  WaitForSingleObject(process.hProcess, INFINITE);
  GetExitCodeProcess(process.hProcess, &status);
  return (int)status;
}
