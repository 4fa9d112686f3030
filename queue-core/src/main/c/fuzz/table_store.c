/*
 * The bytes of a queue's table store: read from memory, then opened as part of a queue by readers and by writers, which add
 * keys to it and publish.
 *
 * Input: how metadata.cq4t begins. It is tried as it is, and as long as a writer would make it.
 */
#include "scratch.h"

#include "queue.h"

#define TABLE_LENGTH (128 << 10)

static const char *const KEYS[] = {"listing.highestCycle",  "listing.modCount", "chronicle.write.lock",
                                   "chronicle.append.lock", "index.fuzz",       "none"};

/* Types before types as far as a store can be long: longer than inputs are, so that it is tried once. */
static void read_endless_types(void) {
  const size_t size = 4 << 20;
  const ss_roll_cycle *cycle;
  int64_t epoch_ms;
  ss_error error;
  uint8_t *const bytes = calloc(1, size);
  REQUIRE(bytes != NULL);
  for (size_t at = 0; at < size; at += 2) {
    bytes[at] = 0xB6;
  }
  const uint32_t header = SS_META_DATA | (uint32_t)(size - SS_HEADER_LENGTH);
  memcpy(bytes, &header, sizeof header);
  memcpy(bytes + SS_HEADER_LENGTH, "\xC4none\x8F", 6);
  REQUIRE(ss_table_parse_header(bytes, (int64_t)size, &cycle, &epoch_ms, "input", &error) == SS_ERR_FORMAT);
  free(bytes);
}

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  make_scratch();
  read_endless_types();
  if (wants_seeds()) {
    static const char *const cycles[] = {"TEST4_DAILY", "FAST_DAILY", "WEEKLY", "HUGE_DAILY_XSPARSE", "TEST_SECONDLY"};
    for (size_t i = 0; i < sizeof cycles / sizeof cycles[0]; i++) {
      ss_queue *queue;
      ss_subscriber *subscriber;
      ss_error error;
      REQUIRE(open_queue(SS_OPEN_OR_CREATE, cycles[i], &queue, &error) == SS_OK);
      REQUIRE(ss_subscriber_open(queue, "fuzz", &subscriber) == SS_OK);
      size_t used;
      uint8_t *const bytes = read_used(SS_TABLE_STORE_NAME, &used);
      put_seed(cycles[i], bytes, used);
      int64_t end = 0;
      uint32_t header;
      memcpy(&header, bytes, sizeof header);
      end = ss_align_header(SS_HEADER_LENGTH + (int64_t)(header & SS_LENGTH_MASK));
      char name[64];
      snprintf(name, sizeof name, "%s-header", cycles[i]);
      put_seed(name, bytes, (size_t)end);
      free(bytes);
      ss_subscriber_close(subscriber);
      ss_queue_close(queue);
      empty_directory(scratch);
    }
    exit(0);
  }
  return 0;
}

static void read_from_memory(const uint8_t *data, size_t size) {
  const ss_roll_cycle *cycle;
  int64_t epoch_ms;
  ss_error error;
  // A copy of exactly this size: whoever reads past it is found out.
  uint8_t *const copy = malloc(size == 0 ? 1 : size);
  REQUIRE(copy != NULL);
  memcpy(copy, data, size);
  ss_table_parse_header(copy, (int64_t)size, &cycle, &epoch_ms, "input", &error);
  for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
    int64_t end = -1;
    const int64_t place = ss_table_scan(copy, (int64_t)size, KEYS[i], &end);
    REQUIRE(place < 0 ? end == -1 || (end >= 0 && end % 4 == 0) : place % 8 == 0 && place <= (int64_t)size - 8);
  }
  free(copy);
}

static void use(ss_queue *queue, bool writable) {
  ss_subscriber *subscriber = NULL;
  ss_publisher *publisher = NULL;
  ss_queue_stats stats;
  ss_message message;
  ss_queue_get_stats(queue, &stats);
  if (ss_subscriber_open(queue, writable ? "fuzz" : NULL, &subscriber) == SS_OK) {
    ss_next(subscriber, &message);
    ss_to_end(subscriber);
    ss_wait(subscriber, 0);
  }
  if (writable) {
    uint8_t bytes[32];
    ss_queue_add_schema(queue, SCHEMA_IR, sizeof SCHEMA_IR);
    REQUIRE(ss_publisher_open(queue, &publisher) == SS_OK);
    for (uint8_t i = 0; i < 2; i++) {
      if (ss_publish(publisher, bytes, put_message(bytes, 8, i), SS_NOW, NULL) == SS_OK && subscriber != NULL) {
        ss_to_start(subscriber);
        REQUIRE(ss_next(subscriber, &message) == 1 || ss_subscriber_error(subscriber)->code < 0);
      }
    }
  }
  ss_publisher_close(publisher);
  ss_subscriber_close(subscriber);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  begin_unit();
  static const ss_open_mode modes[] = {SS_READ_ONLY, SS_OPEN_EXISTING, SS_OPEN_OR_CREATE};
  read_from_memory(data, size);
  for (size_t round = 0; round < 2 * sizeof modes / sizeof modes[0]; round++) {
    const ss_open_mode mode = modes[round / 2];
    ss_queue *queue;
    ss_error error;
    write_file(SS_TABLE_STORE_NAME, data, size, round % 2 != 0 ? TABLE_LENGTH : (int64_t)size);
    if (open_queue(mode, "TEST4_DAILY", &queue, &error) == SS_OK) {
      use(queue, mode != SS_READ_ONLY);
      ss_queue_close(queue);
    }
  }
  require_short_files();
  empty_directory(scratch);
  require_nothing_left_open();
  return 0;
}
