/*
 * What the system's own locks and shared memory cost a C program: the peers of Slipstream's in the benchmarks.
 *
 *     cost CALLS TURNS [FILE]      prints nanoseconds a turn
 *
 * CALLS: semop    take and give back a System V semaphore with undo
 *        sem      take and give back a POSIX semaphore
 *        fcntl    lock and unlock a region of FILE, an open file description lock
 *        shmat    shmget, shmat, shmdt of a System V segment
 *        mmap     shm_open, fstat, mmap, munmap, close of a POSIX segment
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 4096 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static void require(int good, const char *call) {
  if (!good) {
    perror(call);
    exit(1);
  }
}

static double semaphores(long turns) {
  const int id = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
  require(id >= 0 && semctl(id, 0, SETVAL, 1) == 0, "semget");
  struct sembuf take = {.sem_num = 0, .sem_op = -1, .sem_flg = SEM_UNDO};
  struct sembuf give = {.sem_num = 0, .sem_op = 1, .sem_flg = SEM_UNDO};
  const double start = now();
  for (long i = 0; i < turns; i++) {
    require(semop(id, &take, 1) == 0 && semop(id, &give, 1) == 0, "semop");
  }
  const double ns = (now() - start) / (double)turns;
  require(semctl(id, 0, IPC_RMID) == 0, "semctl");
  return ns;
}

static double posix_semaphore(long turns) {
  sem_t semaphore;
  require(sem_init(&semaphore, 1, 1) == 0, "sem_init");
  const double start = now();
  for (long i = 0; i < turns; i++) {
    require(sem_wait(&semaphore) == 0 && sem_post(&semaphore) == 0, "sem_wait");
  }
  return (now() - start) / (double)turns;
}

static double regions(long turns, const char *path) {
  const int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  require(file >= 0, path);
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
  struct flock unlock = {.l_type = F_UNLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
  const double start = now();
  for (long i = 0; i < turns; i++) {
    require(fcntl(file, F_OFD_SETLK, &lock) == 0 && fcntl(file, F_OFD_SETLK, &unlock) == 0, "fcntl");
  }
  const double ns = (now() - start) / (double)turns;
  close(file);
  return ns;
}

static double system_v(long turns) {
  const key_t key = (key_t)(0x51000000 | (getpid() & 0xFFFFFF));
  const int id = shmget(key, SIZE, IPC_CREAT | IPC_EXCL | 0600);
  require(id >= 0, "shmget");
  const double start = now();
  for (long i = 0; i < turns; i++) {
    void *memory = shmat(shmget(key, 0, 0600), NULL, 0);
    require(memory != (void *)-1 && shmdt(memory) == 0, "shmat");
  }
  const double ns = (now() - start) / (double)turns;
  require(shmctl(id, IPC_RMID, NULL) == 0, "shmctl");
  return ns;
}

static double posix_segment(long turns) {
  char name[64];
  snprintf(name, sizeof name, "/slipstream-cost-%ld", (long)getpid());
  const int made = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
  require(made >= 0 && ftruncate(made, SIZE) == 0, "shm_open");
  const double start = now();
  for (long i = 0; i < turns; i++) {
    struct stat status;
    const int file = shm_open(name, O_RDWR, 0);
    require(file >= 0 && fstat(file, &status) == 0, "shm_open");
    void *memory = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    require(memory != MAP_FAILED && munmap(memory, (size_t)status.st_size) == 0 && close(file) == 0, "mmap");
  }
  const double ns = (now() - start) / (double)turns;
  close(made);
  require(shm_unlink(name) == 0, "shm_unlink");
  return ns;
}

int main(int argc, char **argv) {
  const char *calls = argc > 2 ? argv[1] : "";
  const long turns = argc > 2 ? atol(argv[2]) : 0;
  double ns;
  if (strcmp(calls, "semop") == 0) {
    ns = semaphores(turns);
  } else if (strcmp(calls, "sem") == 0) {
    ns = posix_semaphore(turns);
  } else if (strcmp(calls, "fcntl") == 0 && argc > 3) {
    ns = regions(turns, argv[3]);
  } else if (strcmp(calls, "shmat") == 0) {
    ns = system_v(turns);
  } else if (strcmp(calls, "mmap") == 0) {
    ns = posix_segment(turns);
  } else {
    fprintf(stderr, "usage: cost semop|sem|fcntl|shmat|mmap TURNS [FILE]\n");
    return 2;
  }
  printf("%.2f\n", ns);
  return 0;
}
