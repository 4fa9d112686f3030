// What the bridge needs of a C library, and no more: it is built without one, so that it starts fast and knows no code pages.
#ifndef SLIPSTREAM_BRIDGE_TEXT_H
#define SLIPSTREAM_BRIDGE_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>

enum { TEXT_MAX = 4096 };

// Text under construction. What does not fit is cut off, and `cut` says so.
typedef struct {
  WCHAR at[TEXT_MAX];
  DWORD length;
  bool cut;
} text_t;

bool text_equal(const WCHAR *a, const WCHAR *b);

void text_clear(text_t *text);
void text_add_char(text_t *text, WCHAR c);
void text_add(text_t *text, const WCHAR *more);
void text_add_number(text_t *text, uint64_t value, unsigned base);
// What needs it in a file name as %XX of its UTF-8; `strict` leaves only letters, digits and . _ $ as they are, and - but as the
// first. Half a surrogate pair, which has no UTF-8, becomes U+FFFD.
void text_add_percent(text_t *text, const WCHAR *more, bool strict);

// Undoes percent encoding. Returns false if that is none, or does not fit.
bool text_from_percent(text_t *text, const WCHAR *encoded);

// Reads a decimal number from 1. Returns 0 if that is none.
uint64_t text_number(const WCHAR *digits);

// Writes a line as UTF-8 to STD_OUTPUT_HANDLE or STD_ERROR_HANDLE.
void text_print(DWORD stream, const WCHAR *line);

// The command line, word by word, as the Microsoft C library splits it.
typedef struct {
  const WCHAR *next;
  bool first;
} words_t;

// Copies the next word to `word`. Returns where it begins in the command line, or NULL at its end.
const WCHAR *words_next(words_t *words, text_t *word);

#endif
