/*
 * A process that locks, counts and exchanges messages in a file that others have mapped too, as it is told a line at a time: the
 * native counterpart of io.slipstream.tests.memory.Sharing, whose page tells the commands and the file.
 *
 *   sharing FILE
 */
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <slipstream.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define COUNTER_OFFSET 32
#define STOP_OFFSET 40
#define LEDGERS_OFFSET 64
#define LEDGERS 8
#define EXCHANGE_OFFSET 4096
#define EXCHANGE_LENGTH 16384
#define FILE_LENGTH (EXCHANGE_OFFSET + EXCHANGE_LENGTH)
#define PATIENCE_NS INT64_C(60000000000)
#define SOURCES 4
#define THREAD_TURNS 3000

static unsigned char *memory;
static ss_lock lock;
static ss_exchange *exchange;

static void fail(const char *what) {
  printf("failed: %s: %s\n", what, exchange == NULL ? "" : ss_exchange_error(exchange)->message);
  fflush(stdout);
  exit(1);
}

static uint64_t *number_at(size_t offset) {
  return (uint64_t *)(void *)(memory + offset);
}

/* ---- the lock */

static const char *name_of(int result) {
  switch (result) {
  case SS_OK:
    return "ok";
  case SS_RECOVERED:
    return "recovered";
  case SS_ERR_TIMEOUT:
    return "taken";
  case SS_ERR_LOCK_LOST:
    return "lost";
  default:
    return "error";
  }
}

/* Counts once; what a killed process left half done is mended from the ledgers first. */
static bool count_once(ss_lock *own, size_t ledger) {
  const int result = ss_lock_acquire(own, PATIENCE_NS);
  if (result < 0) {
    fail("cannot lock");
  }
  if (result == SS_RECOVERED) {
    uint64_t sum = 0;
    for (size_t i = 0; i < LEDGERS; i++) {
      sum += *number_at(LEDGERS_OFFSET + 8 * i);
    }
    *number_at(COUNTER_OFFSET) = sum;
  }
  ++*number_at(LEDGERS_OFFSET + 8 * ledger);
  ++*number_at(COUNTER_OFFSET);
  if (ss_lock_release(own) != SS_OK) {
    fail("the lock was lost");
  }
  return result == SS_RECOVERED;
}

static void count(size_t ledger, uint64_t turns) {
  const _Atomic uint64_t *const stop = (const _Atomic uint64_t *)(void *)(memory + STOP_OFFSET);
  uint64_t recovered = 0;
  puts("counting");
  fflush(stdout);
  for (uint64_t i = 0; turns == 0 ? atomic_load(stop) == 0 : i < turns; i++) {
    recovered += count_once(&lock, ledger);
  }
  printf("counted %" PRIu64 "\n", recovered);
}

/* ---- typed messages: Red of schema 903, a sequence and what follows from it */

typedef struct red {
  uint16_t header[4];
  int64_t sequence;
  int64_t filling;
} red;

static int send_red(ss_exchange *to, int64_t sequence, int64_t timeout_ns) {
  const red message = {{16, 1, 903, 1}, sequence, ~sequence};
  return ss_exchange_send(to, &message, sizeof message, timeout_ns);
}

static int64_t sequence_of(const ss_exchange_message *message) {
  red value;
  if (message->type != SS_EXCHANGE_TYPED || message->length != sizeof value || message->schema_id != 903 ||
      message->template_id != 1 || message->block_length != 16 || message->version != 1) {
    fail("another message");
  }
  memcpy(&value, message->data, sizeof value);
  if (value.filling != ~value.sequence) {
    fail("a torn message");
  }
  return value.sequence;
}

static void stream(int64_t messages) {
  for (int64_t i = 0; i < messages; i++) {
    if (send_red(exchange, i, PATIENCE_NS) != SS_OK) {
      fail("cannot send");
    }
  }
  puts("streamed");
}

/* Takes so many messages of whatever senders, and checks that each sender's follow each other. */
static void verify(int64_t messages) {
  int32_t senders[SOURCES] = {0};
  int64_t expected[SOURCES] = {0};
  ss_exchange_message message;
  for (int64_t taken = 0; taken < messages;) {
    const int found = ss_exchange_next(exchange, &message);
    if (found < 0 || (found == 0 && ss_exchange_wait(exchange, PATIENCE_NS) != 1)) {
      fail("no message");
    }
    if (found == 1) {
      int source = 0;
      while (senders[source] != 0 && senders[source] != message.sender) {
        source++;
      }
      senders[source] = message.sender;
      if (sequence_of(&message) != expected[source]++) {
        fail("lost or duplicated");
      }
      taken++;
    }
  }
  // Gives the last one back.
  ss_exchange_wait(exchange, 0);
  puts("verified");
}

static void next(void) {
  ss_exchange_message message;
  const int found = ss_exchange_next(exchange, &message);
  if (found != 1) {
    puts(found == 0 ? "none" : "damaged");
  } else if (message.type == SS_EXCHANGE_TEXT) {
    printf("text %.*s\n", (int)message.length, (const char *)message.data);
  } else {
    printf("typed %" PRId64 "\n", sequence_of(&message));
  }
}

static void latest(void) {
  char text[EXCHANGE_LENGTH];
  const int64_t length = ss_exchange_text(exchange, text, sizeof text);
  printf(length >= 0 ? "text %s\n" : length == SS_ERR_NO_MESSAGE ? "none\n" : "damaged\n", text);
}

static void fill(void) {
  int64_t sent = 0;
  while (send_red(exchange, sent, 0) == SS_OK) {
    sent++;
  }
  printf("%" PRId64 "\n", sent);
}

static void attach(const char *name) {
  ss_error error;
  const int result = name == NULL ? ss_exchange_over(memory + EXCHANGE_OFFSET, EXCHANGE_LENGTH, &exchange, &error)
                                  : ss_exchange_open(name, EXCHANGE_LENGTH, &exchange, &error);
  if (result == SS_OK) {
    puts("ok");
  } else {
    printf("refused %s\n", error.message);
  }
}

/* ---- threads of this process, each with handles of its own: for ThreadSanitizer above all */

typedef struct peer {
  pthread_t thread;
  ss_exchange *exchange;
  size_t index;
  bool sends;
} peer;

static void *count_in_thread(void *argument) {
  const peer *const self = argument;
  ss_lock own;
  ss_lock_init(&own, memory);
  for (int i = 0; i < THREAD_TURNS; i++) {
    count_once(&own, self->index);
  }
  return NULL;
}

static void *exchange_in_thread(void *argument) {
  const peer *const self = argument;
  ss_exchange_message message;
  char text[64];
  for (int64_t i = 0; i < THREAD_TURNS;) {
    if (self->sends) {
      if ((i % 2 == 0 ? send_red(self->exchange, i, PATIENCE_NS)
                      : ss_exchange_send_text(self->exchange, "a text", 6, PATIENCE_NS)) != SS_OK) {
        fail("cannot send");
      }
      i++;
    } else if (ss_exchange_next(self->exchange, &message) == 1) {
      if (i % 2 == 0 && sequence_of(&message) != i) {
        fail("lost or duplicated");
      }
      i++;
    } else if (ss_exchange_wait(self->exchange, PATIENCE_NS) != 1) {
      fail("no message");
    }
    const int64_t length = ss_exchange_text(self->exchange, text, sizeof text);
    if (length != SS_ERR_NO_MESSAGE && (length != 6 || strcmp(text, "a text") != 0)) {
      fail("a torn text");
    }
  }
  return NULL;
}

static void run_threads(peer *peers, size_t threads, void *(*run)(void *)) {
  for (size_t i = 0; i < threads; i++) {
    peers[i].index = i;
    if (pthread_create(&peers[i].thread, NULL, run, &peers[i]) != 0) {
      fail("no thread");
    }
  }
  for (size_t i = 0; i < threads; i++) {
    pthread_join(peers[i].thread, NULL);
  }
}

static void threads(void) {
  peer peers[3] = {{.sends = true}, {.sends = false}, {.sends = false}};
  run_threads(peers, 3, count_in_thread);
  if (*number_at(COUNTER_OFFSET) != 3 * THREAD_TURNS) {
    fail("counts were lost");
  }
  for (int i = 0; i < 3; i++) {
    if (ss_exchange_over(memory + EXCHANGE_OFFSET, EXCHANGE_LENGTH, &peers[i].exchange, NULL) != SS_OK) {
      fail("cannot attach");
    }
  }
  run_threads(peers, 3, exchange_in_thread);
  for (int i = 0; i < 3; i++) {
    ss_exchange_close(peers[i].exchange);
  }
  puts("joined");
}

/* ---- damage, for AddressSanitizer above all */

static uint64_t random_state;

/* Marsaglia's xorshift. */
static uint32_t any(uint32_t below) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (uint32_t)(random_state >> 16) % below;
}

static void damage(uint64_t seed, int rounds) {
  static const uint32_t ends[] = {320, 1344, EXCHANGE_LENGTH};
  unsigned char *const base = memory + EXCHANGE_OFFSET;
  char text[EXCHANGE_LENGTH];
  random_state = seed;
  int refused = 0;
  for (int round = 0; round < rounds; round++) {
    ss_exchange *pair[2];
    ss_exchange_message message;
    memset(base, 0, EXCHANGE_LENGTH);
    for (int i = 0; i < 2; i++) {
      if (ss_exchange_over(base, EXCHANGE_LENGTH, &pair[i], NULL) != SS_OK) {
        fail("cannot attach");
      }
    }
    for (int turn = 0; turn < 12; turn++) {
      ss_exchange *const one = pair[turn % 2];
      for (uint32_t i = any(3); i > 0; i--) {
        const uint32_t at = any(ends[any(3)]);
        // One that lives and holds the lock for ever would be waited for, and rightly.
        if (at < 64 || at >= 68) {
          base[at] = (unsigned char)any(256);
        }
      }
      memset(text, 'x', sizeof text);
      refused += ss_exchange_send_text(one, text, any(2000), 0) < 0;
      refused += send_red(one, turn, 0) < 0;
      refused += ss_exchange_text(one, text, sizeof text) < 0;
      refused += ss_exchange_wait(one, 0) < 0;
      while (ss_exchange_next(one, &message) == 1) {
        // Copied, so that every byte is looked at.
        memcpy(text, message.data, message.length);
      }
      ss_exchange_attached(one);
    }
    ss_exchange_close(pair[0]);
    ss_exchange_close(pair[1]);
  }
  puts(refused > 0 ? "survived" : "nothing was refused");
}

/* ---- a process whose first thread has ended */

static pthread_t first_thread;

static void obey_all(void);

static void *go_on(void *argument) {
  (void)argument;
  pthread_join(first_thread, NULL);
  puts("ok");
  fflush(stdout);
  obey_all();
  exit(0);
}

static void leave(void) {
  pthread_t other;
  first_thread = pthread_self();
  if (pthread_create(&other, NULL, go_on, NULL) != 0) {
    fail("no thread");
  }
  pthread_exit(NULL);
}

/* ---- commands */

static bool obey(const char *command, char *argument) {
  char *end = argument;
  const uint64_t first = strtoull(argument, &end, 10);
  const uint64_t second = strtoull(end, NULL, 10);
  if (strcmp(command, "hold") == 0) {
    puts(name_of(ss_lock_acquire(&lock, -1)));
  } else if (strcmp(command, "try") == 0) {
    puts(name_of(ss_lock_try(&lock)));
  } else if (strcmp(command, "release") == 0) {
    puts(name_of(ss_lock_release(&lock)));
  } else if (strcmp(command, "break") == 0) {
    puts(ss_lock_break(&lock) == 1 ? "broken" : "free");
  } else if (strcmp(command, "owner") == 0) {
    printf("%d\n", (int)ss_lock_owner(&lock));
  } else if (strcmp(command, "count") == 0) {
    count(first, second);
  } else if (strcmp(command, "attach") == 0) {
    attach(*argument == 0 ? NULL : argument);
  } else if (strcmp(command, "detach") == 0) {
    ss_exchange_close(exchange);
    exchange = NULL;
    puts("ok");
  } else if (strcmp(command, "text") == 0) {
    puts(name_of(ss_exchange_send_text(exchange, argument, strlen(argument), 0)));
  } else if (strcmp(command, "long") == 0) {
    char text[EXCHANGE_LENGTH] = "";
    puts(name_of(ss_exchange_send_text(exchange, text, first < sizeof text ? first : sizeof text, -1)));
  } else if (strcmp(command, "leave") == 0) {
    leave();
  } else if (strcmp(command, "typed") == 0) {
    puts(name_of(send_red(exchange, (int64_t)first, 0)));
  } else if (strcmp(command, "stream") == 0) {
    stream((int64_t)first);
  } else if (strcmp(command, "verify") == 0) {
    verify((int64_t)first);
  } else if (strcmp(command, "fill") == 0) {
    fill();
  } else if (strcmp(command, "next") == 0) {
    next();
  } else if (strcmp(command, "wait") == 0) {
    puts(ss_exchange_wait(exchange, PATIENCE_NS) == 1 ? "message" : "none");
  } else if (strcmp(command, "latest") == 0) {
    latest();
  } else if (strcmp(command, "attached") == 0) {
    printf("%d\n", ss_exchange_attached(exchange));
  } else if (strcmp(command, "changes") == 0) {
    printf("%" PRId64 "\n", ss_exchange_changes(exchange));
  } else if (strcmp(command, "threads") == 0) {
    threads();
  } else if (strcmp(command, "damage") == 0) {
    damage(first, (int)second);
  } else {
    return false;
  }
  return true;
}

static void obey_all(void) {
  char line[4096];
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = 0;
    char *space = strchr(line, ' ');
    char none[] = "";
    if (space != NULL) {
      *space = 0;
    }
    if (!obey(line, space == NULL ? none : space + 1)) {
      printf("unknown command %s\n", line);
    }
    fflush(stdout);
  }
}

int main(int arguments, char **argument) {
  const int fd = arguments == 2 ? open(argument[1], O_RDWR | O_CLOEXEC) : -1;
  memory = fd < 0 ? MAP_FAILED : mmap(NULL, FILE_LENGTH, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED || ss_lock_init(&lock, memory) != SS_OK) {
    fprintf(stderr, "usage: sharing FILE\n");
    return 2;
  }
  close(fd);
  obey_all();
  ss_exchange_close(exchange);
  munmap(memory, FILE_LENGTH);
  return 0;
}
