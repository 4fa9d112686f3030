/*
 * The native side of the benchmarks: each mode is one process that does one thing and prints its figures.
 *
 *   bench publish QUEUE SCHEMA MESSAGES LENGTH POPULATE   ns a message; POPULATE: bytes at a time, 0 for page faults, -1 for all
 *                                                         of it by another call before, off the clock
 *   bench poll QUEUE MESSAGES                             ns a message
 *   bench echo DIRECTORY SCHEMA spin|sleep                answers DIRECTORY/ping in DIRECTORY/pong until its input ends
 *   bench trips DIRECTORY SCHEMA spin|sleep TRIPS         round trips with an echo in a child: p50 p99 in ns
 *   bench line TRIPS                                      the same over two words in shared memory, nothing else
 *   bench pipe TRIPS                                      the same over two pipes
 *   bench idle QUEUE MILLISECONDS                         processor time of a subscriber that waits, ns
 *   bench lock TURNS                                      ns to acquire and release a lock word, and a shared pthread mutex
 *   bench exchange TURNS LENGTH                           ns to send through an exchange, and to copy the same bytes
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <slipstream.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BODY_LENGTH 40
#define ECHO_CHECK 65536
#define NS INT64_C(1000000000)
#define LONGEST_NS (20 * NS)

static void fail(const char *what, const char *why) {
  fprintf(stderr, "bench: %s: %s\n", what, why);
  exit(1);
}

static int64_t clock_ns(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * NS + now.tv_nsec;
}

static int64_t now_ns(void) {
  return clock_ns(CLOCK_MONOTONIC);
}

static void spin_hint(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static int64_t number(const char *text) {
  return strtoll(text, NULL, 10);
}

/* ---- messages of the schema 900 version 1: a number, then whatever */

static void put_header(unsigned char *message, size_t length) {
  const uint16_t header[4] = {(uint16_t)length, 1, 900, 1};
  memcpy(message, header, sizeof header);
}

static ss_queue *open_queue(const char *directory, const char *schema, int64_t populate) {
  ss_queue_options options;
  ss_queue_options_init(&options);
  options.directory = directory;
  if (populate >= 0) {
    options.populate_bytes = (uint32_t)populate;
  }
  ss_queue *queue;
  ss_error error;
  if (ss_queue_open(&options, &queue, &error) != SS_OK) {
    fail("open", error.message);
  }
  if (schema != NULL && ss_queue_add_schema_file(queue, schema) != SS_OK) {
    ss_queue_error(queue, &error);
    fail("schema", error.message);
  }
  return queue;
}

static ss_publisher *open_publisher(ss_queue *queue) {
  ss_publisher *publisher;
  if (ss_publisher_open(queue, &publisher) != SS_OK) {
    fail("publisher", "not to be had");
  }
  return publisher;
}

static ss_subscriber *open_subscriber(ss_queue *queue) {
  ss_subscriber *subscriber;
  if (ss_subscriber_open(queue, NULL, &subscriber) != SS_OK) {
    fail("subscriber", "not to be had");
  }
  return subscriber;
}

static void publish_queue(char **arguments) {
  const int64_t messages = number(arguments[2]);
  const size_t length = (size_t)number(arguments[3]);
  const int64_t populate = number(arguments[4]);
  ss_queue *queue = open_queue(arguments[0], arguments[1], populate);
  ss_publisher *publisher = open_publisher(queue);
  unsigned char *message = calloc(1, SS_MESSAGE_HEADER_LENGTH + length);
  put_header(message, length);
  if (populate < 0) {
    // The first message makes the file; what follows is prepared.
    ss_publish(publisher, message, SS_MESSAGE_HEADER_LENGTH + length, SS_NOW, NULL);
    ss_publisher_pretouch(publisher, (size_t)messages * (length + 40));
  }
  const int64_t start = now_ns();
  for (int64_t i = 0; i < messages; i++) {
    memcpy(message + SS_MESSAGE_HEADER_LENGTH, &i, sizeof i);
    if (ss_publish(publisher, message, SS_MESSAGE_HEADER_LENGTH + length, SS_NOW, NULL) != SS_OK) {
      fail("publish", ss_publisher_error(publisher)->message);
    }
  }
  printf("%.3f\n", (double)(now_ns() - start) / (double)messages);
  free(message);
  ss_publisher_close(publisher);
  ss_queue_close(queue);
}

static void poll_queue(char **arguments) {
  const int64_t messages = number(arguments[1]);
  ss_queue *queue = open_queue(arguments[0], NULL, -1);
  ss_subscriber *subscriber = open_subscriber(queue);
  ss_message message;
  double best[2] = {0};
  int64_t sum = 0;
  // Once to map the pages, as the peer has them mapped; then for the figure.
  for (int pass = 0; pass < 2; pass++) {
    ss_to_start(subscriber);
    const int64_t start = now_ns();
    for (int64_t i = 0; i < messages; i++) {
      if (ss_next(subscriber, &message) != 1) {
        fail("poll", ss_subscriber_error(subscriber)->message);
      }
      int64_t value;
      memcpy(&value, message.body, sizeof value);
      sum += value;
    }
    best[pass] = (double)(now_ns() - start) / (double)messages;
  }
  printf("%.3f %lld\n", best[1], (long long)sum);
  ss_subscriber_close(subscriber);
  ss_queue_close(queue);
}

/* ---- round trips */

/* Sends a number and waits for one. */
typedef struct channel {
  void (*send)(struct channel *link, int64_t value);
  int64_t (*receive)(struct channel *link);
  bool sleeps;
  bool watches_input; /* and ends with it */
  ss_queue *out;
  ss_queue *in;
  ss_publisher *publisher;
  ss_subscriber *subscriber;
  unsigned char message[SS_MESSAGE_HEADER_LENGTH + BODY_LENGTH];
  _Atomic int64_t *out_word;
  _Atomic int64_t *in_word;
  int64_t seen;
  int out_pipe;
  int in_pipe;
} channel;

static bool input_ended(void) {
  struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
  char byte;
  return poll(&input, 1, 0) > 0 && read(STDIN_FILENO, &byte, 1) <= 0;
}

static void queue_send(channel *c, int64_t value) {
  memcpy(c->message + SS_MESSAGE_HEADER_LENGTH, &value, sizeof value);
  if (ss_publish(c->publisher, c->message, sizeof c->message, SS_NOW, NULL) != SS_OK) {
    fail("publish", ss_publisher_error(c->publisher)->message);
  }
}

/* The next number, or -1 once the input has ended. */
static int64_t queue_receive(channel *c) {
  ss_message message;
  for (int64_t i = 1;; i++) {
    const int found = ss_next(c->subscriber, &message);
    if (found < 0) {
      fail("read", ss_subscriber_error(c->subscriber)->message);
    }
    if (found == 1) {
      int64_t value;
      memcpy(&value, message.body, sizeof value);
      return value;
    }
    if (c->sleeps) {
      ss_wait(c->subscriber, NS / 10);
    } else {
      spin_hint();
    }
    if (c->watches_input && (c->sleeps || i % ECHO_CHECK == 0) && input_ended()) {
      return -1;
    }
  }
}

static void queue_channel(channel *c, const char *directory, const char *schema, bool echo, bool sleeps) {
  char path[4096];
  *c = (channel){.send = queue_send, .receive = queue_receive, .sleeps = sleeps};
  put_header(c->message, BODY_LENGTH);
  snprintf(path, sizeof path, "%s/%s", directory, echo ? "pong" : "ping");
  c->out = open_queue(path, schema, -1);
  c->publisher = open_publisher(c->out);
  snprintf(path, sizeof path, "%s/%s", directory, echo ? "ping" : "pong");
  c->in = open_queue(path, schema, -1);
  c->subscriber = open_subscriber(c->in);
  ss_to_end(c->subscriber);
}

static void close_channel(channel *c) {
  ss_publisher_close(c->publisher);
  ss_subscriber_close(c->subscriber);
  ss_queue_close(c->out);
  ss_queue_close(c->in);
}

static void word_send(channel *c, int64_t value) {
  atomic_store_explicit(c->out_word, value, memory_order_release);
}

static int64_t word_receive(channel *c) {
  int64_t value;
  while ((value = atomic_load_explicit(c->in_word, memory_order_acquire)) == c->seen) {
    spin_hint();
  }
  return c->seen = value;
}

static void pipe_send(channel *c, int64_t value) {
  if (write(c->out_pipe, &value, sizeof value) != sizeof value) {
    fail("pipe", "cannot write");
  }
}

static int64_t pipe_receive(channel *c) {
  int64_t value;
  return read(c->in_pipe, &value, sizeof value) == sizeof value ? value : -1;
}

static void answer(channel *c) {
  for (int64_t value; (value = c->receive(c)) >= 0;) {
    c->send(c, value);
  }
}

static int ascending(const void *a, const void *b) {
  const int64_t x = *(const int64_t *)a;
  const int64_t y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

/* Round trips for the figures, after as many to warm up; fewer where two spinning processes do not get a core each. */
static void measure(channel *c, int64_t trips) {
  int64_t *times = calloc((size_t)trips, sizeof *times);
  int64_t taken = 0;
  const int64_t begun = now_ns();
  for (int64_t i = 0; i < 2 * trips && (taken == 0 || now_ns() - begun < LONGEST_NS); i++) {
    const int64_t value = i + 1;
    const int64_t start = now_ns();
    c->send(c, value);
    while (c->receive(c) != value) {
    }
    if (i >= trips || now_ns() - begun > LONGEST_NS / 2) {
      times[taken++] = now_ns() - start;
    }
    if (taken == trips) {
      break;
    }
  }
  qsort(times, (size_t)taken, sizeof *times, ascending);
  printf("%lld %lld\n", (long long)times[taken / 2], (long long)times[taken * 99 / 100]);
  free(times);
}

static void end_child(pid_t child) {
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
}

static void echo(char **arguments) {
  channel l;
  queue_channel(&l, arguments[0], arguments[1], true, strcmp(arguments[2], "sleep") == 0);
  l.watches_input = true;
  puts("ready");
  fflush(stdout);
  answer(&l);
  close_channel(&l);
}

static void trips(char **arguments) {
  const bool sleeps = strcmp(arguments[2], "sleep") == 0;
  int ready[2];
  if (pipe(ready) < 0) {
    fail("pipe", "not to be had");
  }
  const pid_t child = fork();
  channel l;
  if (child == 0) {
    queue_channel(&l, arguments[0], arguments[1], true, sleeps);
    pipe_send(&(channel){.out_pipe = ready[1]}, 1);
    answer(&l);
    _exit(0);
  }
  queue_channel(&l, arguments[0], arguments[1], false, sleeps);
  pipe_receive(&(channel){.in_pipe = ready[0]});
  measure(&l, number(arguments[3]));
  end_child(child);
  close_channel(&l);
}

static void line(char **arguments) {
  // Two words, each on a line of its own and on no neighbour's.
  _Atomic int64_t *words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (words == MAP_FAILED) {
    fail("mmap", "no memory");
  }
  const pid_t child = fork();
  channel l = {.send = word_send, .receive = word_receive, .out_word = words, .in_word = words + 256};
  if (child == 0) {
    l.out_word = words + 256;
    l.in_word = words;
    answer(&l);
    _exit(0);
  }
  measure(&l, number(arguments[0]));
  end_child(child);
}

static void pipes(char **arguments) {
  int there[2];
  int back[2];
  if (pipe(there) < 0 || pipe(back) < 0) {
    fail("pipe", "not to be had");
  }
  const pid_t child = fork();
  channel l = {.send = pipe_send, .receive = pipe_receive, .out_pipe = there[1], .in_pipe = back[0]};
  if (child == 0) {
    l.out_pipe = back[1];
    l.in_pipe = there[0];
    answer(&l);
    _exit(0);
  }
  measure(&l, number(arguments[0]));
  end_child(child);
}

static void idle(char **arguments) {
  ss_queue *queue = open_queue(arguments[0], NULL, -1);
  ss_subscriber *subscriber = open_subscriber(queue);
  ss_to_end(subscriber);
  const int64_t start = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
  ss_wait(subscriber, number(arguments[1]) * 1000000);
  printf("%lld\n", (long long)(clock_ns(CLOCK_PROCESS_CPUTIME_ID) - start));
  ss_subscriber_close(subscriber);
  ss_queue_close(queue);
}

/* ---- one process and memory that it could share */

static void *map_shared(size_t length) {
  void *const base = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) {
    fail("mmap", "no memory");
  }
  return base;
}

static void lock_word(char **arguments) {
  const int64_t turns = number(arguments[0]);
  char *const memory = map_shared(4096);
  ss_lock lock;
  ss_lock_init(&lock, memory);
  pthread_mutexattr_t attributes;
  pthread_mutex_t *const mutex = (pthread_mutex_t *)(void *)(memory + 1024);
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(mutex, &attributes);
  double best[2] = {1e9, 1e9};
  // In turn, so that the machine's drift hits both alike.
  for (int round = 0; round < 5; round++) {
    int64_t start = now_ns();
    for (int64_t i = 0; i < turns; i++) {
      if (ss_lock_acquire(&lock, -1) != SS_OK || ss_lock_release(&lock) != SS_OK) {
        fail("lock", "nobody else is here");
      }
    }
    const double ours = (double)(now_ns() - start) / (double)turns;
    start = now_ns();
    for (int64_t i = 0; i < turns; i++) {
      pthread_mutex_lock(mutex);
      pthread_mutex_unlock(mutex);
    }
    const double peer = (double)(now_ns() - start) / (double)turns;
    best[0] = ours < best[0] ? ours : best[0];
    best[1] = peer < best[1] ? peer : best[1];
  }
  printf("%.3f %.3f\n", best[0], best[1]);
}

static void exchange_send(char **arguments) {
  const int64_t turns = number(arguments[0]);
  const size_t length = SS_MESSAGE_HEADER_LENGTH + (size_t)number(arguments[1]);
  const size_t size = 1 << 20;
  char *const message = calloc(1, length);
  char *const copy = map_shared(size);
  ss_exchange *exchange;
  ss_error error;
  if (ss_exchange_over(map_shared(size), size, &exchange, &error) != SS_OK) {
    fail("exchange", error.message);
  }
  double best[2] = {1e9, 1e9};
  for (int round = 0; round < 5; round++) {
    int64_t start = now_ns();
    for (int64_t i = 0; i < turns; i++) {
      if (ss_exchange_send(exchange, message, length, 0) != SS_OK) {
        fail("exchange", ss_exchange_error(exchange)->message);
      }
    }
    const double ours = (double)(now_ns() - start) / (double)turns;
    size_t at = 0;
    start = now_ns();
    for (int64_t i = 0; i < turns; i++) {
      memcpy(copy + at, message, length);
      // The compiler is not to leave out what nobody looks at.
      __asm__ volatile("" ::: "memory");
      at = at + 2 * length > size ? 0 : at + length;
    }
    const double peer = (double)(now_ns() - start) / (double)turns;
    best[0] = ours < best[0] ? ours : best[0];
    best[1] = peer < best[1] ? peer : best[1];
  }
  printf("%.3f %.3f\n", best[0], best[1]);
  ss_exchange_close(exchange);
  free(message);
}

int main(int count, char **arguments) {
  static const struct {
    const char *name;
    int arguments;
    void (*run)(char **arguments);
  } modes[] = {
      {"publish", 5, publish_queue},
      {"poll", 2, poll_queue},
      {"echo", 3, echo},
      {"trips", 4, trips},
      {"line", 1, line},
      {"pipe", 1, pipes},
      {"idle", 2, idle},
      {"lock", 1, lock_word},
      {"exchange", 2, exchange_send},
  };
  for (size_t i = 0; count > 1 && i < sizeof modes / sizeof modes[0]; i++) {
    if (strcmp(arguments[1], modes[i].name) == 0 && count == 2 + modes[i].arguments) {
      modes[i].run(arguments + 2);
      return 0;
    }
  }
  fprintf(stderr, "usage: see the head of bench.c\n");
  return 2;
}
