#include "peer.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fields_parse(fields *request, char *line) {
  char *rest = NULL;
  request->count = 0;
  request->command = strtok_r(line, " ", &rest);
  for (char *word = strtok_r(NULL, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
    char *equals = strchr(word, '=');
    if (equals != NULL && request->count < MAX_FIELDS) {
      *equals = 0;
      request->keys[request->count] = word;
      request->values[request->count] = equals + 1;
      request->count++;
    }
  }
}

const char *fields_text(const fields *request, const char *key, const char *otherwise) {
  for (size_t i = 0; i < request->count; i++) {
    if (strcmp(request->keys[i], key) == 0) {
      return request->values[i];
    }
  }
  return otherwise;
}

int64_t fields_number(const fields *request, const char *key, int64_t otherwise) {
  const char *value = fields_text(request, key, NULL);
  return value == NULL ? otherwise : (int64_t)strtoll(value, NULL, 10);
}

void text_add(text *target, const char *format, ...) {
  for (;;) {
    const size_t room = target->capacity - target->length;
    va_list arguments;
    va_start(arguments, format);
    const int needed = vsnprintf(room == 0 ? NULL : target->data + target->length, room, format, arguments);
    va_end(arguments);
    if (needed < 0) {
      abort();
    }
    if ((size_t)needed < room) {
      target->length += (size_t)needed;
      return;
    }
    target->capacity = 2 * target->capacity + (size_t)needed + 64;
    target->data = realloc(target->data, target->capacity);
    if (target->data == NULL) {
      abort();
    }
  }
}

void text_error(text *answer, int code, const char *message) {
  answer->length = 0;
  text_add(answer, "error %s %s", code_name(code), message);
  for (size_t i = 0; i < answer->length; i++) {
    if (answer->data[i] == '\n') {
      answer->data[i] = ' ';
    }
  }
}

const char *code_name(int code) {
  static const char *const names[] = {
      "OK",        "ARGUMENT",   "IO",         "NOT_FOUND",      "FORMAT",
      "VERSION",   "PERMISSION", "READ_ONLY",  "LOCKED",         "APPEND_LOCKED",
      "TOO_LONG",  "NO_SPACE",   "CYCLE_FULL", "UNKNOWN_SCHEMA", "SCHEMA_CONFLICT",
      "TIMESTAMP", "NO_MESSAGE", "CLAIM",      "NO_MEMORY",      "CORRUPT",
      "LOCK_LOST", "TIMEOUT",
  };
  const size_t index = code > 0 ? SIZE_MAX : (size_t)-code;
  return index < sizeof names / sizeof names[0] ? names[index] : "UNEXPECTED";
}
