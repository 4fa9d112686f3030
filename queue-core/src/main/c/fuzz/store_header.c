/*
 * The bytes of a data file: its header is read from memory, then the file is opened as a reader and as a writer does it.
 *
 * Input: how a .cq4 file begins. It is tried as it is, and as long as a writer would make it.
 */
#include "scratch.h"

#include "queue.h"

#define CYCLE_NUMBER 20780

static ss_store_settings settings;

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  make_scratch();
  if (wants_seeds()) {
    static const char *const cycles[] = {"TEST4_DAILY", "TEST_DAILY", "TEST2_DAILY"};
    for (size_t i = 0; i < sizeof cycles / sizeof cycles[0]; i++) {
      ss_queue *queue;
      ss_publisher *publisher;
      ss_error error;
      uint8_t message[64];
      char name[48];
      REQUIRE(open_queue(SS_OPEN_OR_CREATE, cycles[i], &queue, &error) == SS_OK);
      REQUIRE(ss_queue_add_schema(queue, SCHEMA_IR, sizeof SCHEMA_IR) == SS_OK);
      REQUIRE(ss_publisher_open(queue, &publisher) == SS_OK);
      for (uint8_t n = 0; n < 12; n++) {
        REQUIRE(ss_publish(publisher, message, put_message(message, 8, n), SS_NOW, NULL) == SS_OK);
      }
      const ss_roll_cycle *const cycle = ss_roll_cycle_named(cycles[i]);
      ss_cycle_format(cycle, 0, START_NS / DAY_NS, name);
      strcat(name, SS_STORE_SUFFIX);
      size_t used;
      uint8_t *const bytes = read_used(name, &used);
      put_seed(cycles[i], bytes, used);
      ss_store_layout layout;
      REQUIRE(ss_store_parse_header(bytes, (int64_t)used, &layout, "", NULL) == SS_OK);
      put_seed(name, bytes, (size_t)layout.end);
      free(bytes);
      ss_publisher_close(publisher);
      ss_queue_close(queue);
      empty_directory(scratch);
    }
    exit(0);
  }
  settings = (ss_store_settings){
      .directory = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
      .directory_name = scratch,
      .block_size = BLOCK_SIZE,
      .timeout_ns = 1000000,
  };
  REQUIRE(settings.directory >= 0);
  return 0;
}

/* A roll cycle with the index that the file says it has, as far as there is one. */
static const ss_roll_cycle *cycle_like(const ss_store_layout *layout) {
  const ss_roll_cycle *cycle;
  for (size_t i = 0; (cycle = ss_roll_cycle_at(i)) != NULL; i++) {
    if (cycle->index_count == layout->index_count && cycle->index_spacing == layout->index_spacing) {
      return cycle;
    }
  }
  return ss_roll_cycle_named("TEST4_DAILY");
}

static void look_around(ss_store *store) {
  static const int64_t sequences[] = {0, 1, 7, 8, 127, 4095, INT64_C(1) << 32, INT64_MAX - 1, INT64_MAX};
  ss_error error;
  ss_window window = {0};
  ss_place place;
  const int end = ss_store_end(store, &window, &place, &error);
  REQUIRE(end < 0 || (place.position >= store->documents && place.sequence >= 0));
  for (size_t i = 0; i < sizeof sequences / sizeof sequences[0]; i++) {
    if (ss_index_find(store, sequences[i], &place, &error) == SS_OK) {
      const int stopped = ss_store_walk(store, &window, &place, sequences[i], &error);
      REQUIRE(stopped < 0 || place.position >= store->documents);
    }
  }
  ss_window_unmap(&window);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  begin_unit();
  ss_error error;
  ss_store_layout layout;
  // A copy of exactly this size: whoever reads past it is found out.
  uint8_t *const copy = malloc(size == 0 ? 1 : size);
  REQUIRE(copy != NULL);
  memcpy(copy, data, size);
  const int parsed = ss_store_parse_header(copy, (int64_t)size, &layout, "input", &error);
  free(copy);
  if (parsed == SS_OK) {
    const int64_t last = (int64_t)size - 8;
    REQUIRE(layout.write_position > 0 && layout.write_position + 8 <= last && layout.write_position % 8 == 0);
    REQUIRE(layout.index2index > 0 && layout.index2index <= last && layout.index2index % 8 == 0);
    REQUIRE(layout.last_index > 0 && layout.last_index <= last && layout.last_index % 8 == 0);
  }
  settings.cycle = cycle_like(&layout);
  char name[48];
  ss_cycle_format(settings.cycle, 0, CYCLE_NUMBER, name);
  strcat(name, SS_STORE_SUFFIX);
  for (int round = 0; round < 4; round++) {
    const bool writable = (round & 1) != 0;
    write_file(name, data, size, (round & 2) != 0 ? FILE_LENGTH : (int64_t)size);
    ss_store store;
    ss_store_init(&store);
    if (ss_store_open(&store, &settings, CYCLE_NUMBER, writable, &error) == SS_OK) {
      look_around(&store);
      if (writable) {
        ss_window window = {0};
        ss_place place = {store.documents, 0};
        int64_t end = FILE_LENGTH;
        const int finished = ss_store_finish(&store, &window, &error);
        REQUIRE(finished <= 0);
        ss_index_add(&store, &window, place, &end, &error);
        ss_window_unmap(&window);
      }
    }
    ss_store_close(&store);
  }
  require_short_files();
  empty_directory(scratch);
  require_nothing_left_open();
  return 0;
}
