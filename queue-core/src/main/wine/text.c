#include "text.h"

bool text_equal(const WCHAR *a, const WCHAR *b) {
  while (*a != 0 && *a == *b) {
    a++;
    b++;
  }
  return *a == *b;
}

void text_clear(text_t *text) {
  text->length = 0;
  text->at[0] = 0;
  text->cut = false;
}

void text_add_char(text_t *text, WCHAR c) {
  if (text->length + 1 >= TEXT_MAX) {
    text->cut = true;
    return;
  }
  text->at[text->length++] = c;
  text->at[text->length] = 0;
}

void text_add(text_t *text, const WCHAR *more) {
  while (*more != 0) {
    text_add_char(text, *more++);
  }
}

void text_add_number(text_t *text, uint64_t value, unsigned base) {
  WCHAR digits[24];
  int count = 0;
  do {
    digits[count++] = L"0123456789abcdef"[value % base];
    value /= base;
  } while (value != 0);
  while (count > 0) {
    text_add_char(text, digits[--count]);
  }
}

static bool is_alphanumeric(WCHAR c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_among(WCHAR c, const WCHAR *set) {
  while (*set != 0 && *set != c) {
    set++;
  }
  return *set != 0;
}

static bool stays(WCHAR c, bool last, bool strict) {
  if (strict) {
    return is_alphanumeric(c) || is_among(c, L"-._$");
  }
  // What Windows has in no file name, and a dot or blank at its end.
  return c >= ' ' && !is_among(c, L"%\"*/:<>?\\|") && !(last && (c == '.' || c == ' '));
}

void text_add_percent(text_t *text, const WCHAR *more, bool strict) {
  const WCHAR *first = more;
  while (*more != 0) {
    const int units = (more[0] & 0xFC00) == 0xD800 && (more[1] & 0xFC00) == 0xDC00 ? 2 : 1;
    if (units == 1 && (more[0] & 0xF800) == 0xD800) {
      text_add(text, L"%EF%BF%BD");
    } else if (!(strict && more == first && more[0] == '-') && stays(more[0], more[units] == 0, strict)) {
      for (int i = 0; i < units; i++) {
        text_add_char(text, more[i]);
      }
    } else {
      unsigned char bytes[8];
      const int count = WideCharToMultiByte(CP_UTF8, 0, more, units, (char *)bytes, sizeof bytes, NULL, NULL);
      for (int i = 0; i < count; i++) {
        text_add_char(text, '%');
        text_add_char(text, L"0123456789ABCDEF"[bytes[i] >> 4]);
        text_add_char(text, L"0123456789ABCDEF"[bytes[i] & 15]);
      }
    }
    more += units;
  }
}

static int digit(WCHAR c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  const WCHAR lower = c | 0x20;
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool text_from_percent(text_t *text, const WCHAR *encoded) {
  char bytes[TEXT_MAX];
  int count = 0;
  text_clear(text);
  while (*encoded != 0) {
    if (count == TEXT_MAX || *encoded > 0x7F) {
      return false;
    }
    if (*encoded == '%') {
      const int high = digit(encoded[1]);
      const int low = high < 0 ? -1 : digit(encoded[2]);
      if (low < 0 || (high | low) == 0) {
        return false;
      }
      bytes[count++] = (char)(high << 4 | low);
      encoded += 3;
    } else {
      bytes[count++] = (char)*encoded++;
    }
  }
  if (count == 0) {
    return true;
  }
  const int length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, bytes, count, text->at, TEXT_MAX - 1);
  if (length <= 0) {
    return false;
  }
  text->length = (DWORD)length;
  text->at[length] = 0;
  return true;
}

uint64_t text_number(const WCHAR *digits) {
  uint64_t value = 0;
  for (int i = 0; digits[i] != 0; i++) {
    if (digits[i] < '0' || digits[i] > '9' || i == 18) {
      return 0;
    }
    value = value * 10 + (uint64_t)(digits[i] - '0');
  }
  return value;
}

void text_print(DWORD stream, const WCHAR *line) {
  char bytes[TEXT_MAX * 3 + 1];
  const int length = WideCharToMultiByte(CP_UTF8, 0, line, -1, bytes, sizeof bytes - 1, NULL, NULL);
  if (length > 0) {
    DWORD written;
    bytes[length - 1] = '\n';
    WriteFile(GetStdHandle(stream), bytes, (DWORD)length, &written, NULL);
  }
}

const WCHAR *words_next(words_t *words, text_t *word) {
  const WCHAR *at = words->next;
  text_clear(word);
  while (*at == ' ' || *at == '\t') {
    at++;
  }
  if (*at == 0) {
    return NULL;
  }
  const WCHAR *begin = at;
  bool quoted = false;
  while (*at != 0 && (quoted || (*at != ' ' && *at != '\t'))) {
    int backslashes = 0;
    // In the program's own name, a backslash is a backslash.
    while (!words->first && *at == '\\') {
      backslashes++;
      at++;
    }
    if (*at == '"') {
      for (int i = 0; i < backslashes / 2; i++) {
        text_add_char(word, '\\');
      }
      if (backslashes % 2 == 1) {
        text_add_char(word, '"');
      } else if (quoted && at[1] == '"' && !words->first) {
        text_add_char(word, '"');
        at++;
      } else {
        quoted = !quoted;
      }
      at++;
      continue;
    }
    for (int i = 0; i < backslashes; i++) {
      text_add_char(word, '\\');
    }
    if (*at != 0 && (quoted || (*at != ' ' && *at != '\t'))) {
      text_add_char(word, *at++);
    }
  }
  words->next = at;
  words->first = false;
  return begin;
}
