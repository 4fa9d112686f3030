/*
 * A process that publishes or reads a queue until it is told to stop, or killed: the native counterpart of
 * io.slipstream.tests.faults.Worker, whose package says how to talk to it.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <slipstream.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000000)
#define QUIET_NS SECOND        /* nothing new for so long, once told to stop, is the end */
#define SLICE_NS (SECOND / 10) /* how long to wait before looking whether to stop */
#define POLL_LIMIT 256

/* ---- what is in a message: see io.slipstream.tests.faults.Body */

#define SCHEMA_ID 905
#define SCHEMA_VERSION 1
#define TEMPLATE_ID 1
#define MIN_LENGTH 16
#define MAX_LENGTH 120
#define GOLDEN UINT64_C(0x9E3779B97F4A7C15)
#define SOURCES 65536

/* The finisher of SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t mix(uint64_t value) {
  uint64_t z = value;
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

static uint64_t seed_of(uint16_t source, uint64_t sequence) {
  return mix(sequence + ((uint64_t)source << 48));
}

static size_t length_of(uint64_t seed) {
  return MIN_LENGTH + (size_t)((seed >> 33) % (MAX_LENGTH - MIN_LENGTH + 1));
}

/* Writes the message header and the body; answers the length of both. */
static size_t encode(uint8_t *message, uint16_t source, uint64_t sequence) {
  const uint64_t seed = seed_of(source, sequence);
  const size_t length = length_of(seed);
  const uint16_t header[4] = {(uint16_t)length, TEMPLATE_ID, SCHEMA_ID, SCHEMA_VERSION};
  memcpy(message, header, sizeof header);
  uint8_t *const body = message + sizeof header;
  memcpy(body, &sequence, sizeof sequence);
  for (size_t at = sizeof sequence; at < length; at += sizeof seed) {
    const uint64_t word = seed + at * GOLDEN;
    memcpy(body + at, &word, length - at < sizeof word ? length - at : sizeof word);
  }
  return sizeof header + length;
}

static bool matches(const ss_message *message, uint64_t sequence) {
  uint8_t expected[SS_MESSAGE_HEADER_LENGTH + MAX_LENGTH];
  const size_t length = encode(expected, message->source_id, sequence);
  const uint8_t *const actual = (const uint8_t *)message->body - SS_MESSAGE_HEADER_LENGTH;
  return message->length + SS_MESSAGE_HEADER_LENGTH == length && memcmp(actual, expected, length) == 0;
}

/* ---- talking */

static atomic_bool told_to_stop;

/* Standard input ends: so do we. */
static void *watch_input(void *argument) {
  (void)argument;
  char text[64];
  ssize_t length;
  do {
    length = read(STDIN_FILENO, text, sizeof text);
  } while (length > 0 || (length < 0 && errno == EINTR));
  atomic_store(&told_to_stop, true);
  return NULL;
}

static void watch(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, watch_input, NULL) != 0) {
    abort();
  }
  pthread_detach(thread);
}

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  putchar('\n');
  fflush(stdout);
}

static void fail(const ss_error *error) {
  say("error %d %s", error->code, error->message);
  exit(1);
}

static int64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * SECOND + time.tv_nsec;
}

static void pause_for(int64_t ns) {
  const struct timespec time = {ns / SECOND, ns % SECOND};
  nanosleep(&time, NULL);
}

static ss_queue *open_queue(const char *directory, const char *block_size, uint16_t source, ss_open_mode mode) {
  ss_queue_options options;
  ss_queue_options_init(&options);
  options.directory = directory;
  options.block_size = (uint32_t)strtoul(block_size, NULL, 10);
  options.source_id = source;
  options.mode = mode;
  ss_queue *queue;
  ss_error error;
  if (ss_queue_open(&options, &queue, &error) != SS_OK) {
    fail(&error);
  }
  return queue;
}

/* ---- publishing */

/* What is known of a publisher after it was killed: see io.slipstream.tests.faults.Ledger. */
typedef struct ledger {
  _Atomic uint64_t attempted;    /* messages given to a call */
  _Atomic uint64_t acknowledged; /* messages whose call returned */
  _Atomic uint64_t takeovers;
} ledger;

static ledger *open_ledger(const char *path) {
  static ledger forgotten;
  if (strcmp(path, "-") == 0) {
    return &forgotten;
  }
  const int fd = open(path, O_RDWR | O_CLOEXEC);
  void *const base = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(ledger), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (base == MAP_FAILED) {
    say("error cannot map %s: %s", path, strerror(errno));
    exit(1);
  }
  close(fd);
  return base;
}

#define BATCH 8

typedef struct worker {
  ss_publisher *publisher;
  ledger *book;
  uint16_t source;
  uint64_t next; /* sequence number */
  int64_t position;
  int64_t hold_ns; /* how long a claim is open at the most */
} worker;

static void publish_one(worker *self) {
  uint8_t message[SS_MESSAGE_HEADER_LENGTH + MAX_LENGTH];
  const size_t length = encode(message, self->source, self->next);
  atomic_store(&self->book->attempted, self->next + 1);
  if (ss_publish(self->publisher, message, length, SS_NOW, &self->position) != SS_OK) {
    fail(ss_publisher_error(self->publisher));
  }
  self->next++;
}

static void publish_batch(worker *self, uint64_t most) {
  uint8_t encoded[BATCH][SS_MESSAGE_HEADER_LENGTH + MAX_LENGTH];
  ss_bytes messages[BATCH];
  const size_t count = most < BATCH ? (size_t)most : BATCH;
  for (size_t i = 0; i < count; i++) {
    messages[i].data = encoded[i];
    messages[i].length = encode(encoded[i], self->source, self->next + i);
  }
  atomic_store(&self->book->attempted, self->next + count);
  if (ss_publish_batch(self->publisher, messages, count, SS_NOW, &self->position) != (int64_t)count) {
    fail(ss_publisher_error(self->publisher));
  }
  self->next += count;
}

static void publish_claim(worker *self) {
  const uint64_t seed = seed_of(self->source, self->next);
  atomic_store(&self->book->attempted, self->next + 1);
  void *message;
  if (ss_claim(self->publisher, MAX_LENGTH, &message) != SS_OK) {
    fail(ss_publisher_error(self->publisher));
  }
  const size_t length = encode(message, self->source, self->next) - SS_MESSAGE_HEADER_LENGTH;
  if (self->hold_ns > 0) {
    // As a slow encoder: a kill meets an open claim more often.
    const int64_t end = now_ns() + (int64_t)(seed % (uint64_t)self->hold_ns);
    while (now_ns() < end) {
    }
  }
  if (ss_commit(self->publisher, length, &self->position) != SS_OK) {
    fail(ss_publisher_error(self->publisher));
  }
  self->next++;
}

static int publish(char **arguments) {
  worker self = {
      .book = open_ledger(arguments[6]),
      .source = (uint16_t)strtoul(arguments[2], NULL, 10),
      .hold_ns = strtoll(arguments[5], NULL, 10),
  };
  uint64_t count = strtoull(arguments[3], NULL, 10);
  count = count == 0 ? UINT64_MAX : count;
  const int64_t pause_ns = strtoll(arguments[4], NULL, 10);
  ss_queue *const queue = open_queue(arguments[0], arguments[1], self.source, SS_OPEN_EXISTING);
  if (ss_publisher_open(queue, &self.publisher) != SS_OK) {
    ss_error error;
    ss_queue_error(queue, &error);
    fail(&error);
  }
  say("ready");
  if (getchar() == EOF) {
    return 1;
  }
  watch();
  ss_publisher_stats stats;
  int64_t longest = 0;
  int64_t before = now_ns();
  int64_t reported = before;
  for (uint64_t calls = 0; self.next < count && !told_to_stop; calls++) {
    if (calls % 3 == 0) {
      publish_one(&self);
    } else if (calls % 3 == 1) {
      publish_batch(&self, count - self.next);
    } else {
      publish_claim(&self);
    }
    atomic_store(&self.book->acknowledged, self.next);
    const int64_t after = now_ns();
    if (after - before > longest) {
      longest = after - before;
    }
    if (calls == 0) {
      say("publishing");
    } else if (after - reported > SECOND) {
      reported = after;
      say("progress next=%" PRIu64 " position=%" PRIx64 " longest=%" PRId64, self.next, self.position, longest);
    }
    ss_publisher_get_stats(self.publisher, &stats);
    atomic_store_explicit(&self.book->takeovers, stats.takeovers, memory_order_relaxed);
    if (pause_ns > 0) {
      pause_for(pause_ns);
    }
    before = now_ns();
  }
  ss_publisher_get_stats(self.publisher, &stats);
  ss_publisher_close(self.publisher);
  ss_queue_close(queue);
  say("done published=%" PRIu64 " longest=%" PRId64 " takeovers=%" PRIu64 " rolls=%" PRIu64 " contended=%" PRIu64,
      self.next, longest, stats.takeovers, stats.rolls, stats.contended);
  return 0;
}

/* ---- reading: see io.slipstream.tests.faults.Verifier */

typedef struct verifier {
  uint64_t messages;
  uint64_t violations;
  uint64_t digest;
  uint64_t positions;
  int64_t last;
  uint64_t expected[SOURCES];
  int64_t timestamps[SOURCES];
} verifier;

static void violation(verifier *self, const ss_message *message, const char *what, uint64_t sequence) {
  if (self->violations++ < 10) {
    say("violation: %s: message %" PRIu64 " of source %d at position %" PRIx64 ", expected %" PRIu64
        "; previous position %" PRIx64,
        what, sequence, message->source_id, (uint64_t)message->position, self->expected[message->source_id],
        (uint64_t)self->last);
  }
}

static int verify(void *context, const ss_message *message) {
  verifier *const self = context;
  const uint16_t source = message->source_id;
  uint64_t sequence = UINT64_MAX;
  memcpy(&sequence, message->body, message->length < sizeof sequence ? message->length : sizeof sequence);
  if (!matches(message, sequence)) {
    violation(self, message, "torn", sequence);
  } else if (sequence != self->expected[source]) {
    violation(self, message, sequence > self->expected[source] ? "lost" : "duplicated or out of order", sequence);
  }
  self->expected[source] = sequence + 1;
  if (message->timestamp < self->timestamps[source]) {
    violation(self, message, "timestamp goes back", sequence);
  }
  self->timestamps[source] = message->timestamp;
  // Behind the last message, or the first of a later file.
  if (message->position != self->last + 1 && (message->position <= self->last || (message->position & UINT32_MAX) != 0)) {
    violation(self, message, "positions skip", sequence);
  }
  self->last = message->position;
  self->messages++;
  self->digest = mix(self->digest ^ (sequence + ((uint64_t)source << 48)));
  self->positions = mix(self->positions ^ (uint64_t)message->position);
  return 0;
}

static int read_all(char **arguments) {
  verifier *const self = calloc(1, sizeof *self);
  ss_queue *const queue = open_queue(arguments[0], arguments[1], 0, SS_OPEN_EXISTING);
  ss_subscriber *subscriber;
  if (self == NULL || ss_subscriber_open(queue, NULL, &subscriber) != SS_OK) {
    abort();
  }
  self->last = -1;
  say("ready");
  watch();
  int64_t last_new = now_ns();
  int64_t reported = last_new;
  for (;;) {
    const bool stopping = told_to_stop;
    const int64_t count = ss_poll(subscriber, verify, self, POLL_LIMIT);
    if (count < 0) {
      fail(ss_subscriber_error(subscriber));
    }
    const int64_t now = now_ns();
    last_new = count > 0 ? now : last_new;
    if (now - reported > SECOND) {
      reported = now;
      say("progress messages=%" PRIu64 " position=%" PRIx64, self->messages, (uint64_t)self->last);
    }
    if (count == 0) {
      if (stopping && now - last_new > QUIET_NS) {
        break;
      }
      if (ss_wait(subscriber, SLICE_NS) < 0) {
        fail(ss_subscriber_error(subscriber));
      }
    }
  }
  ss_subscriber_stats stats;
  ss_subscriber_get_stats(subscriber, &stats);
  ss_subscriber_close(subscriber);
  ss_queue_close(queue);
  printf("counts");
  for (int source = 0; source < SOURCES; source++) {
    if (self->expected[source] > 0) {
      printf(" %d=%" PRIu64, source, self->expected[source]);
    }
  }
  say("%s", "");
  say("stats files=%" PRIu64 " sleeps=%" PRIu64, stats.rolls, stats.sleeps);
  say("done messages=%" PRIu64 " violations=%" PRIu64 " foreign=%" PRIu64 " last=%" PRIx64 " digest=%" PRIx64
      " positions=%" PRIx64,
      self->messages, self->violations, stats.foreign, (uint64_t)self->last, self->digest, self->positions);
  free(self);
  return 0;
}

/* ---- telling what a queue is at */

static int describe(char **arguments) {
  ss_queue *const queue = open_queue(arguments[0], arguments[1], 0, SS_READ_ONLY);
  ss_queue_stats stats;
  if (ss_queue_get_stats(queue, &stats) != SS_OK) {
    ss_error error;
    ss_queue_error(queue, &error);
    fail(&error);
  }
  say("done owner=%d first=%" PRIx64 " last=%" PRIx64 " files=%" PRIu64 " disk=%" PRIu64, stats.lock_owner,
      (uint64_t)stats.first_position, (uint64_t)stats.last_position, stats.files, stats.disk_bytes);
  ss_queue_close(queue);
  return 0;
}

int main(int count, char **arguments) {
  if (count == 9 && strcmp(arguments[1], "publish") == 0) {
    return publish(arguments + 2);
  }
  if (count == 4 && strcmp(arguments[1], "read") == 0) {
    return read_all(arguments + 2);
  }
  if (count == 4 && strcmp(arguments[1], "describe") == 0) {
    return describe(arguments + 2);
  }
  fprintf(
      stderr, "usage: worker publish DIRECTORY BLOCK SOURCE COUNT PAUSE_NS HOLD_NS LEDGER\n"
              "       worker read DIRECTORY BLOCK\n"
              "       worker describe DIRECTORY BLOCK\n");
  return 2;
}
