/* Results and their words. */
#ifndef SS_ERROR_H
#define SS_ERROR_H

#include "slipstream.h"

/* Says in *error what went wrong and returns the code. error may be NULL. */
__attribute__((format(printf, 4, 5))) int ss_fail(ss_error *error, int code, int os_error, const char *format, ...);

/* The code for an errno of the file system. */
int ss_code_of(int os_error);

/* Fails for a system call on a file: "cannot WHAT PATH: strerror". */
int ss_fail_system(ss_error *error, int os_error, const char *what, const char *path);

#endif
