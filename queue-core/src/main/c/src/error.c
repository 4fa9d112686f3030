#include "error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int ss_fail(ss_error *error, int code, int os_error, const char *format, ...) {
  if (error != NULL) {
    error->code = code;
    error->os_error = os_error;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
  }
  return code;
}

int ss_code_of(int os_error) {
  switch (os_error) {
  case ENOENT:
  case ENOTDIR:
    return SS_ERR_NOT_FOUND;
  case EACCES:
  case EPERM:
  case EROFS:
    return SS_ERR_PERMISSION;
  case ENOSPC:
  case EDQUOT:
    return SS_ERR_NO_SPACE;
  case ENOMEM:
    return SS_ERR_NO_MEMORY;
  default:
    return SS_ERR_IO;
  }
}

int ss_fail_system(ss_error *error, int os_error, const char *what, const char *path) {
  char reason[128] = "";
#if defined(__GLIBC__) && defined(_GNU_SOURCE)
  const char *text = strerror_r(os_error, reason, sizeof reason);
#else
  const char *text = strerror_r(os_error, reason, sizeof reason) == 0 ? reason : "unknown error";
#endif
  return ss_fail(error, ss_code_of(os_error), os_error, "cannot %s %s: %s", what, path, text);
}

const char *ss_strerror(int code) {
  if (code >= 0) {
    return "success";
  }
  switch ((ss_code)code) {
  case SS_OK:
    return "success";
  case SS_ERR_ARGUMENT:
    return "an argument is not valid";
  case SS_ERR_IO:
    return "the system refused an operation on a file";
  case SS_ERR_NOT_FOUND:
    return "no queue in the directory";
  case SS_ERR_FORMAT:
    return "not a queue, or damaged";
  case SS_ERR_VERSION:
    return "unknown format version: use the version that wrote it";
  case SS_ERR_PERMISSION:
    return "no permission: grant it, or open read-only";
  case SS_ERR_READ_ONLY:
    return "the queue was opened read-only";
  case SS_ERR_LOCKED:
    return "a live process holds the write lock";
  case SS_ERR_APPEND_LOCKED:
    return "the queue is the sink of a replication: only its replicator may append";
  case SS_ERR_TOO_LONG:
    return "the message is too long: split it, or raise the block size";
  case SS_ERR_NO_SPACE:
    return "the file system is full: make room";
  case SS_ERR_CYCLE_FULL:
    return "the present file takes no more messages: use a shorter or larger roll cycle";
  case SS_ERR_UNKNOWN_SCHEMA:
    return "the queue does not hold the message's schema: add it";
  case SS_ERR_SCHEMA_CONFLICT:
    return "the queue holds another schema of this id and version: raise the version";
  case SS_ERR_TIMESTAMP:
    return "the timestamp is before the publisher's last one";
  case SS_ERR_NO_MESSAGE:
    return "no message at the position";
  case SS_ERR_CLAIM:
    return "a claim is open, or none is";
  case SS_ERR_NO_MEMORY:
    return "out of memory or address space";
  case SS_ERR_CORRUPT:
    return "a document is damaged";
  case SS_ERR_LOCK_LOST:
    return "the lock was taken away while it was held";
  case SS_ERR_TIMEOUT:
    return "the time ran out";
  }
  return "unknown error";
}

#define SS_STRING_OF(x) #x
#define SS_STRING(x) SS_STRING_OF(x)

const char *ss_version(void) {
  return SS_STRING(SS_VERSION_MAJOR) "." SS_STRING(SS_VERSION_MINOR) "." SS_STRING(SS_VERSION_PATCH);
}
