/*
 * What only the native library has, or only a look from inside a process can show:
 *
 *   unit all DIRECTORY SCHEMA    every case, each in a directory of its own; the schema is 903 version 1 in SBE's IR
 *   unit full DIRECTORY SCHEMA   publishes until the file system of DIRECTORY is full
 *
 * Prints "ok CASE" for each; the first that fails prints what did not hold and ends the program with 1.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <slipstream.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MILLISECOND INT64_C(1000000)
#define BODY_LENGTH 64

static const char *root;
static const char *schema;

#define CHECK(condition)                                                                                                   \
  do {                                                                                                                     \
    if (!(condition)) {                                                                                                    \
      printf("%s:%d: does not hold: %s\n", __func__, __LINE__, #condition);                                                \
      exit(1);                                                                                                             \
    }                                                                                                                      \
  } while (0)

/* ---- a queue of a case */

typedef struct queue {
  char directory[4096];
  ss_queue *handle;
  ss_publisher *publisher;
} queue;

static queue open_queue(const char *name) {
  queue q = {0};
  snprintf(q.directory, sizeof q.directory, "%s/%s", root, name);
  ss_queue_options options;
  ss_queue_options_init(&options);
  options.directory = q.directory;
  options.block_size = 1 << 20;
  options.lock_timeout_ns = 20 * MILLISECOND;
  ss_error error;
  const int result = ss_queue_open(&options, &q.handle, &error);
  if (result != SS_OK) {
    printf("%s\n", error.message);
  }
  CHECK(result == SS_OK);
  CHECK(ss_queue_add_schema_file(q.handle, schema) == SS_OK);
  CHECK(ss_publisher_open(q.handle, &q.publisher) == SS_OK);
  return q;
}

static void close_queue(queue *q) {
  ss_publisher_close(q->publisher);
  ss_queue_close(q->handle);
}

static int publish(ss_publisher *publisher, int64_t value, int64_t *position) {
  unsigned char message[SS_MESSAGE_HEADER_LENGTH + BODY_LENGTH] = {0};
  const uint16_t header[4] = {8, 1, 903, 1};
  memcpy(message, header, sizeof header);
  memcpy(message + SS_MESSAGE_HEADER_LENGTH, &value, sizeof value);
  return ss_publish(publisher, message, sizeof message, SS_NOW, position);
}

static int64_t value_of(const ss_message *message) {
  int64_t value;
  memcpy(&value, message->body, sizeof value);
  return value;
}

/* Reads a queue from its start: how many messages, or a code. */
static int64_t count(ss_queue *handle) {
  ss_subscriber *subscriber;
  ss_message message;
  CHECK(ss_subscriber_open(handle, NULL, &subscriber) == SS_OK);
  int64_t messages = 0;
  int found;
  while ((found = ss_next(subscriber, &message)) == 1) {
    messages++;
  }
  ss_subscriber_close(subscriber);
  return found < 0 ? found : messages;
}

/* Maps a file of a queue, to damage it. */
static unsigned char *map_file(const queue *q, const char *name, size_t *length) {
  char path[8192];
  snprintf(path, sizeof path, "%s/%s", q->directory, name);
  const int fd = open(path, O_RDWR);
  struct stat status;
  CHECK(fd >= 0 && fstat(fd, &status) == 0);
  *length = (size_t)status.st_size;
  unsigned char *base = mmap(NULL, *length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  CHECK(base != MAP_FAILED);
  close(fd);
  return base;
}

/* ---- cases */

static void durable_moves_when_handled(void) {
  queue q = open_queue("durable");
  int64_t positions[3];
  for (int i = 0; i < 3; i++) {
    CHECK(publish(q.publisher, i, &positions[i]) == SS_OK);
  }
  ss_subscriber *first;
  ss_subscriber *second;
  ss_message message;
  CHECK(ss_subscriber_open(q.handle, "reader", &first) == SS_OK && !ss_subscriber_resumed(first));
  CHECK(ss_next(first, &message) == 1 && value_of(&message) == 0 && message.position == positions[0]);
  CHECK(ss_next(first, &message) == 1 && value_of(&message) == 1);
  // As after a crash: the first was handled when the second was asked for, the second was not.
  CHECK(ss_subscriber_open(q.handle, "reader", &second) == SS_OK && ss_subscriber_resumed(second));
  CHECK(ss_next(second, &message) == 1 && value_of(&message) == 1);
  ss_subscriber_close(second);
  ss_subscriber_done(first);
  CHECK(ss_subscriber_open(q.handle, "reader", &second) == SS_OK);
  CHECK(ss_subscriber_position(second) == positions[2]);
  CHECK(ss_next(second, &message) == 1 && value_of(&message) == 2 && ss_next(second, &message) == 0);
  ss_subscriber_close(second);
  ss_subscriber_close(first);
  close_queue(&q);
}

static void existing_must_exist(void) {
  char directory[4096];
  snprintf(directory, sizeof directory, "%s/missing", root);
  ss_queue_options options;
  ss_queue_options_init(&options);
  options.directory = directory;
  ss_queue *handle;
  ss_error error;
  for (int i = 0; i < 2; i++) {
    options.mode = i == 0 ? SS_OPEN_EXISTING : SS_READ_ONLY;
    CHECK(ss_queue_open(&options, &handle, &error) == SS_ERR_NOT_FOUND && handle == NULL);
    CHECK(strstr(error.message, directory) != NULL && access(directory, F_OK) != 0);
  }
}

static void batch_ends_at_what_it_cannot_publish(void) {
  queue q = open_queue("batch");
  unsigned char message[SS_MESSAGE_HEADER_LENGTH + BODY_LENGTH] = {0};
  const uint16_t header[4] = {8, 1, 903, 1};
  memcpy(message, header, sizeof header);
  const ss_bytes good = {message, sizeof message};
  const ss_bytes bad = {message, 3};
  const ss_bytes batch[] = {good, good, bad, good};
  int64_t position = SS_NO_POSITION;
  CHECK(ss_publish_batch(q.publisher, batch, 4, SS_NOW, &position) == 2);
  CHECK(ss_publisher_error(q.publisher)->code == SS_ERR_ARGUMENT);
  int64_t last;
  CHECK(ss_queue_last_position(q.handle, &last) == SS_OK && last == position && count(q.handle) == 2);
  CHECK(ss_publish_batch(q.publisher, &bad, 1, SS_NOW, NULL) == SS_ERR_ARGUMENT);
  ss_publisher_stats published;
  ss_publisher_get_stats(q.publisher, &published);
  CHECK(published.messages == 2 && published.rolls == 1 && published.takeovers == 0 && published.unindexed == 0);
  ss_queue_stats stats;
  CHECK(ss_queue_get_stats(q.handle, &stats) == SS_OK && stats.files == 1 && stats.last_position == position);
  CHECK(stats.bytes >= stats.disk_bytes && stats.disk_bytes > 0 && stats.lock_owner == 0);
  close_queue(&q);
}

static void live_owner_keeps_the_lock(void) {
  queue q = open_queue("locked");
  ss_publisher *other;
  void *room;
  CHECK(ss_publisher_open(q.handle, &other) == SS_OK);
  CHECK(ss_claim(q.publisher, 8, &room) == SS_OK && (uintptr_t)room % 8 == 0);
  CHECK(publish(q.publisher, 1, NULL) == SS_ERR_CLAIM);
  CHECK(publish(other, 1, NULL) == SS_ERR_LOCKED);
  ss_queue_stats stats;
  CHECK(ss_queue_get_stats(q.handle, &stats) == SS_OK && stats.lock_owner == (int32_t)getpid());
  CHECK(ss_abort(q.publisher) == SS_OK && ss_abort(q.publisher) == SS_ERR_CLAIM);
  CHECK(publish(other, 1, NULL) == SS_OK && count(q.handle) == 1);
  ss_publisher_close(other);
  close_queue(&q);
}

static void dead_owner_loses_the_lock(void) {
  queue q = open_queue("dead");
  CHECK(publish(q.publisher, 0, NULL) == SS_OK);
  int claimed[2];
  CHECK(pipe(claimed) == 0);
  const pid_t child = fork();
  if (child == 0) {
    // Handles do not cross a fork: its own.
    queue own = open_queue("dead");
    void *room;
    CHECK(ss_claim(own.publisher, 4096, &room) == SS_OK);
    memset(room, 0x7F, 4096);
    CHECK(write(claimed[1], "!", 1) == 1);
    pause();
    _exit(0);
  }
  char byte;
  CHECK(read(claimed[0], &byte, 1) == 1);
  CHECK(kill(child, SIGKILL) == 0);
  // Not waited for before: a zombie is dead, too.
  CHECK(publish(q.publisher, 1, NULL) == SS_OK);
  waitpid(child, NULL, 0);
  ss_publisher_stats stats;
  ss_publisher_get_stats(q.publisher, &stats);
  CHECK(stats.takeovers == 1);
  for (int i = 2; i < 1000; i++) {
    CHECK(publish(q.publisher, i, NULL) == SS_OK);
  }
  CHECK(count(q.handle) == 1000);
  close(claimed[0]);
  close(claimed[1]);
  close_queue(&q);
}

static void sink_of_a_replication_is_left_alone(void) {
  queue q = open_queue("sink");
  size_t length;
  unsigned char *table = map_file(&q, "metadata.cq4t", &length);
  static const char key[] = "chronicle.append.lock";
  unsigned char *at = memmem(table, length, key, sizeof key - 1);
  CHECK(at != NULL);
  // Its value is the i64 behind the next code of a 64-bit number, at a multiple of 8.
  size_t place = (size_t)(at - table) + sizeof key - 1;
  while (table[place - 1] != 0xA7 || place % 8 != 0) {
    place++;
  }
  int64_t unlocked;
  const int64_t owner = 1;
  memcpy(&unlocked, table + place, sizeof unlocked);
  CHECK(unlocked == INT64_MIN);
  memcpy(table + place, &owner, sizeof owner);
  CHECK(publish(q.publisher, 1, NULL) == SS_ERR_APPEND_LOCKED);
  memcpy(table + place, &unlocked, sizeof unlocked);
  CHECK(publish(q.publisher, 1, NULL) == SS_OK);
  munmap(table, length);
  close_queue(&q);
}

static void damage_ends_the_readable_part(void) {
  queue q = open_queue("damaged");
  for (int i = 0; i < 3; i++) {
    CHECK(publish(q.publisher, i, NULL) == SS_OK);
  }
  char pattern[8192];
  snprintf(pattern, sizeof pattern, "cd '%s' && ls *.cq4", q.directory);
  FILE *listing = popen(pattern, "r");
  char name[256] = "";
  CHECK(listing != NULL && fgets(name, sizeof name, listing) != NULL);
  pclose(listing);
  name[strcspn(name, "\n")] = 0;
  size_t length;
  unsigned char *file = map_file(&q, name, &length);
  const uint32_t header = 12 + SS_MESSAGE_HEADER_LENGTH + BODY_LENGTH;
  unsigned char *first = memmem(file + 4096, length - 4096, &header, sizeof header);
  CHECK(first != NULL);
  uint32_t second;
  memcpy(&second, first + 4 + header, sizeof second);
  CHECK(second == header);
  const uint32_t endless = 0x3FFFFFFC;
  memcpy(first + 4 + header, &endless, sizeof endless);
  ss_subscriber *subscriber;
  ss_message message;
  CHECK(ss_subscriber_open(q.handle, NULL, &subscriber) == SS_OK);
  CHECK(ss_next(subscriber, &message) == 1 && value_of(&message) == 0);
  CHECK(ss_next(subscriber, &message) == SS_ERR_CORRUPT && ss_next(subscriber, &message) == SS_ERR_CORRUPT);
  CHECK(strstr(ss_subscriber_error(subscriber)->message, name) != NULL);
  memcpy(first + 4 + header, &header, sizeof header);
  CHECK(ss_next(subscriber, &message) == 1 && value_of(&message) == 1);
  ss_subscriber_close(subscriber);
  munmap(file, length);
  close_queue(&q);
}

static void *call_wake(void *handle) {
  ss_queue_wake(handle);
  return NULL;
}

static void wake_ends_a_wait(void) {
  queue q = open_queue("wake");
  ss_subscriber *subscriber;
  CHECK(ss_subscriber_open(q.handle, NULL, &subscriber) == SS_OK);
  // Before the wait, and perhaps during it: neither is missed.
  ss_queue_wake(q.handle);
  CHECK(ss_wait(subscriber, -1) == 0);
  pthread_t thread;
  CHECK(pthread_create(&thread, NULL, call_wake, q.handle) == 0);
  CHECK(ss_wait(subscriber, -1) == 0);
  pthread_join(thread, NULL);
  CHECK(publish(q.publisher, 1, NULL) == SS_OK && ss_wait(subscriber, -1) == 1);
  CHECK(ss_wait(subscriber, 0) == 1);
  ss_subscriber_close(subscriber);
  close_queue(&q);
}

static int fill(ss_publisher *publisher, int64_t *published) {
  int code = SS_OK;
  while (code == SS_OK && *published < INT64_C(10000000)) {
    code = publish(publisher, *published, NULL);
    *published += code == SS_OK;
  }
  return code;
}

static void full(void) {
  queue q = open_queue("queue");
  int64_t published = 0;
  CHECK(fill(q.publisher, &published) == SS_ERR_NO_SPACE && published > 1000);
  CHECK(publish(q.publisher, published, NULL) == SS_ERR_NO_SPACE);
  CHECK(count(q.handle) == published);
  char ballast[8192];
  snprintf(ballast, sizeof ballast, "%s/ballast", root);
  CHECK(unlink(ballast) == 0);
  CHECK(publish(q.publisher, published, NULL) == SS_OK && count(q.handle) == published + 1);
  close_queue(&q);
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: %s all|full DIRECTORY SCHEMA\n", argv[0]);
    return 2;
  }
  root = argv[2];
  schema = argv[3];
  if (strcmp(argv[1], "full") == 0) {
    full();
    puts("ok full");
    return 0;
  }
  static const struct {
    const char *name;
    void (*run)(void);
  } cases[] = {
      {"durable_moves_when_handled", durable_moves_when_handled},
      {"existing_must_exist", existing_must_exist},
      {"batch_ends_at_what_it_cannot_publish", batch_ends_at_what_it_cannot_publish},
      {"live_owner_keeps_the_lock", live_owner_keeps_the_lock},
      {"dead_owner_loses_the_lock", dead_owner_loses_the_lock},
      {"sink_of_a_replication_is_left_alone", sink_of_a_replication_is_left_alone},
      {"damage_ends_the_readable_part", damage_ends_the_readable_part},
      {"wake_ends_a_wait", wake_ends_a_wait},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    cases[i].run();
    printf("ok %s\n", cases[i].name);
    fflush(stdout);
  }
  return 0;
}
