// A C program that knows nothing of Slipstream and does with System V's and POSIX' shared memory and locks what it is told, a
// command a line on standard input, each answered with a line.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *memory;
static int memory_file = -1;
static int lock_file = -1;
static sem_t *semaphore;

static void answer(int good) {
  if (good) {
    puts("ok");
  } else {
    printf("error %d %s\n", errno, strerror(errno));
  }
}

static int map(int file, size_t size) {
  struct stat status;
  if (file < 0 || (size > 0 && ftruncate(file, (off_t)size) != 0) || fstat(file, &status) != 0) {
    return 0;
  }
  memory_file = file;
  memory = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  return memory != MAP_FAILED;
}

static int attach(key_t key, size_t size) {
  const int id = shmget(key, size, size > 0 ? IPC_CREAT | IPC_EXCL | 0600 : 0600);
  memory = id < 0 ? (char *)-1 : shmat(id, NULL, 0);
  return memory != (char *)-1;
}

static int open_lock(const char *path) {
  lock_file = open(path, O_RDWR | O_CREAT, 0600);
  return lock_file >= 0;
}

// Children that count up in the shared memory under the lock on the file; as programs do that fork.
static int count(int children, int times) {
  for (int i = 0; i < children; i++) {
    const pid_t child = fork();
    if (child < 0) {
      return 0;
    }
    if (child == 0) {
      volatile int64_t *counter = (int64_t *)(void *)memory;
      for (int j = 0; j < times; j++) {
        // lockf counts from the current offset, which parent and children share: 0.
        if (lockf(lock_file, F_LOCK, 0) != 0) {
          _exit(1);
        }
        const int64_t value = *counter;
        *counter = value + 1;
        if (lockf(lock_file, F_ULOCK, 0) != 0) {
          _exit(1);
        }
      }
      _exit(0);
    }
  }
  int good = 1;
  for (int i = 0; i < children; i++) {
    int status = 0;
    good &= wait(&status) > 0 && status == 0;
  }
  return good;
}

static int region(short type, long start, long length) {
  struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
  return fcntl(lock_file, F_SETLK, &lock) == 0;
}

static void run(char *line) {
  char text[512] = "";
  long first = 0;
  long second = 0;
  if (sscanf(line, "shm %500s %ld", text, &first) >= 1) {
    answer(map(shm_open(text, first > 0 ? O_RDWR | O_CREAT | O_EXCL : O_RDWR, 0600), (size_t)first));
  } else if (sscanf(line, "sysv %500s %ld", text, &first) >= 1) {
    answer(attach((key_t)strtoul(text, NULL, 0), (size_t)first));
  } else if (sscanf(line, "ftok %500s %ld", text, &first) == 2) {
    printf("0x%08x\n", (unsigned)ftok(text, (int)first));
  } else if (sscanf(line, "map %500s", text) == 1) {
    answer(map(open(text, O_RDWR), 0));
  } else if (strncmp(line, "write ", 6) == 0) {
    strcpy(memory, line + 6);
    puts("ok");
  } else if (strcmp(line, "read") == 0) {
    puts(memory);
  } else if (sscanf(line, "truncate %ld", &first) == 1) {
    answer(ftruncate(memory_file, first) == 0);
  } else if (sscanf(line, "lockfile %500s", text) == 1) {
    answer(open_lock(text));
  } else if (strcmp(line, "lockf") == 0) {
    answer(lockf(lock_file, F_LOCK, 0) == 0);
  } else if (strcmp(line, "unlockf") == 0) {
    answer(lockf(lock_file, F_ULOCK, 0) == 0);
  } else if (sscanf(line, "region %ld %ld", &first, &second) == 2) {
    answer(region(F_WRLCK, first, second));
  } else if (sscanf(line, "shared %ld %ld", &first, &second) == 2) {
    answer(region(F_RDLCK, first, second));
  } else if (sscanf(line, "unregion %ld %ld", &first, &second) == 2) {
    answer(region(F_UNLCK, first, second));
  } else if (sscanf(line, "count %ld %ld", &first, &second) == 2) {
    answer(count((int)first, (int)second));
  } else if (sscanf(line, "sem %500s", text) == 1) {
    semaphore = sem_open(text, O_CREAT, 0600, 1);
    answer(semaphore != SEM_FAILED);
  } else if (sscanf(line, "replace %500s", text) == 1) {
    // As create() of Qt 6.6 and later does, whether it succeeds or not.
    semaphore = sem_unlink(text) == 0 ? sem_open(text, O_CREAT | O_EXCL, 0600, 1) : SEM_FAILED;
    answer(semaphore != SEM_FAILED);
  } else if (strcmp(line, "wait") == 0) {
    answer(sem_wait(semaphore) == 0);
  } else if (strcmp(line, "post") == 0) {
    answer(sem_post(semaphore) == 0);
  } else {
    puts("no such command");
  }
}

int main(void) {
  char line[600];
  setvbuf(stdout, NULL, _IOLBF, 0);
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = '\0';
    run(line);
  }
  return 0;
}
