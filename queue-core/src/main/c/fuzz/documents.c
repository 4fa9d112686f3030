/*
 * A damaged queue through the public interface. The library itself makes sound queues of three files; the input is a list of
 * damages to them. Whatever they are, readers get messages or an error code, in bounded time and memory, and so do writers.
 *
 * Input: which queue, then damages of a byte of kind and file, and what the kind needs (see damage).
 */
#include "scratch.h"

#include "queue.h"

#define FILES 4 /* the last is the table store */
#define TABLE (FILES - 1)
#define ROOM FILE_LENGTH
#define MAX_PLACES 256
#define MAX_DAMAGES 12

/* More messages than these files can hold. */
#define MAX_MESSAGES (UINT64_C(1) << 18)

typedef struct sound_file {
  char name[48];
  uint8_t *bytes;
  size_t used;
  int64_t length;
  size_t place_count;
  uint32_t places[MAX_PLACES]; /* where headers and words that matter are */
} sound_file;

static struct sound_queue {
  const char *cycle;
  sound_file files[FILES];
  int64_t positions[64]; /* of messages, as they were published */
  size_t position_count;
} queues[] = {{.cycle = "TEST4_DAILY"}, {.cycle = "TEST_DAILY"}};

/* A file as it will be written. */
typedef struct file {
  uint8_t bytes[ROOM];
  size_t used;
  int64_t length;
  unsigned kind; /* 0: a regular file under its own name */
} file;

static file files[FILES];

/* ---- sound queues */

static void note_place(sound_file *sound, int64_t position) {
  if (position >= 0 && position <= (int64_t)sound->used - 4 && sound->place_count < MAX_PLACES) {
    sound->places[sound->place_count++] = (uint32_t)position;
  }
}

/* Notes every document's header and the eight bytes behind it, and the words of a data file. */
static void note_places(sound_file *sound, bool is_table) {
  ss_store_layout layout;
  ss_error error;
  if (!is_table) {
    REQUIRE(ss_store_parse_header(sound->bytes, (int64_t)sound->used, &layout, "", &error) == SS_OK);
    note_place(sound, layout.write_position);
    note_place(sound, layout.write_position + 8);
    note_place(sound, layout.index2index);
    note_place(sound, layout.last_index);
    note_place(sound, layout.end + 32);
    note_place(sound, layout.end + 40);
  }
  for (int64_t at = 0; at + 4 <= (int64_t)sound->used;) {
    uint32_t header;
    memcpy(&header, sound->bytes + at, sizeof header);
    const int64_t next = ss_align_header(at + 4 + (header & SS_LENGTH_MASK));
    note_place(sound, at);
    note_place(sound, at + 4);
    if ((header & SS_META_DATA) != 0) {
      note_place(sound, at + 32);
      note_place(sound, at + 40);
    }
    if (is_table) {
      note_place(sound, next - 8);
    }
    if (header == 0) {
      break;
    }
    at = next;
  }
}

static void make_sound(struct sound_queue *made) {
  static const int counts[] = {12, 20, 9};
  uint8_t message[128];
  ss_queue *queue;
  ss_publisher *publisher;
  ss_subscriber *subscriber;
  ss_error error;
  clock_ns = START_NS;
  REQUIRE(open_queue(SS_OPEN_OR_CREATE, made->cycle, &queue, &error) == SS_OK);
  REQUIRE(ss_queue_add_schema(queue, SCHEMA_IR, sizeof SCHEMA_IR) == SS_OK);
  REQUIRE(ss_publisher_open(queue, &publisher) == SS_OK);
  for (size_t day = 0; day < TABLE; day++, clock_ns += DAY_NS) {
    for (int i = 0; i < counts[day]; i++) {
      const size_t length = put_message(message, 8 + (size_t)i * 3, (uint8_t)i);
      REQUIRE(ss_publish(publisher, message, length, SS_NOW, &made->positions[made->position_count++]) == SS_OK);
      clock_ns += 1000;
    }
    ss_cycle_format(queue->settings.cycle, 0, clock_ns / DAY_NS, made->files[day].name);
    strcat(made->files[day].name, SS_STORE_SUFFIX);
  }
  clock_ns -= DAY_NS;
  REQUIRE(ss_subscriber_open(queue, "fuzz", &subscriber) == SS_OK);
  ss_subscriber_close(subscriber);
  ss_publisher_close(publisher);
  ss_queue_close(queue);
  strcpy(made->files[TABLE].name, SS_TABLE_STORE_NAME);
  for (size_t i = 0; i < FILES; i++) {
    sound_file *const sound = &made->files[i];
    char path[300];
    struct stat status;
    sound->bytes = read_used(sound->name, &sound->used);
    path_of(path, sound->name);
    REQUIRE(stat(path, &status) == 0);
    sound->length = status.st_size;
    note_places(sound, i == TABLE);
  }
  empty_directory(scratch);
}

static void put_seeds(void) {
  uint8_t seed[16];
  char name[32];
  // Nothing damaged; then each kind of damage, to each file, at a few places, in both queues.
  put_seed("sound-0", (const uint8_t *)"\0", 1);
  put_seed("sound-1", (const uint8_t *)"\1", 1);
  for (uint8_t kind = 0; kind < 8; kind++) {
    for (uint8_t which = 0; which < FILES; which++) {
      for (uint8_t place = 0; place < 16; place += kind < 3 ? 1 : 4) {
        const uint8_t bytes[] = {
            which & 1, (uint8_t)(kind | which << 4), place, (uint8_t)(place % 12), place, 0, 0, 0, 0x40, 1, 2, 3};
        memcpy(seed, bytes, sizeof bytes);
        snprintf(name, sizeof name, "damage-%u-%u-%u", kind, which, place);
        put_seed(name, seed, sizeof bytes);
      }
    }
  }
}

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  make_scratch();
  make_sound(&queues[0]);
  make_sound(&queues[1]);
  if (wants_seeds()) {
    put_seeds();
    exit(0);
  }
  return 0;
}

/* ---- damages */

typedef struct input {
  const uint8_t *at;
  const uint8_t *end;
} input;

static uint64_t take(input *in, size_t length) {
  uint64_t value = 0;
  for (size_t i = 0; i < length && in->at < in->end; i++) {
    value |= (uint64_t)*in->at++ << 8 * i;
  }
  return value;
}

/* A place that matters, or any. */
static size_t take_place(input *in, const sound_file *sound) {
  const uint64_t choice = take(in, 1);
  if (choice == 0xFF) {
    return (size_t)take(in, 3) % (ROOM - 8);
  }
  return sound->places[choice % sound->place_count];
}

static uint64_t take_value(input *in, const sound_file *sound) {
  switch (take(in, 1) % 12) {
  case 0:
    return 0;
  case 1:
    return take(in, 1);
  case 2:
    return take(in, 4);
  case 3:
    return take(in, 8);
  case 4:
    return INT64_MAX - take(in, 1);
  case 5:
    return (uint64_t)INT64_MIN + take(in, 1);
  case 6:
    return UINT64_MAX - take(in, 1);
  case 7:
    return (uint64_t)sound->length - 16 + take(in, 1) % 32;
  case 8:
    return sound->places[take(in, 1) % sound->place_count];
  case 9:
    return (uint64_t)sound->places[take(in, 1) % sound->place_count] << 32 | take(in, 4);
  case 10:
    return SS_META_DATA | take(in, 2);
  default:
    return SS_NOT_COMPLETE | take(in, 2);
  }
}

static void grow_used(file *f, size_t end) {
  f->used = f->used < end ? end : f->used;
  f->length = f->length < (int64_t)f->used ? (int64_t)f->used : f->length;
}

static void damage(input *in, const struct sound_queue *from) {
  const uint64_t head = take(in, 1);
  const size_t which = (size_t)(head >> 4) % FILES;
  const sound_file *const sound = &from->files[which];
  file *const f = &files[which];
  const size_t place = take_place(in, sound);
  uint64_t value;
  switch (head & 7) {
  case 0: // a header
    value = take_value(in, sound);
    memcpy(f->bytes + place, &value, 4);
    grow_used(f, place + 4);
    break;
  case 1: // a word
    value = take_value(in, sound);
    memcpy(f->bytes + place, &value, 8);
    grow_used(f, place + 8);
    break;
  case 2: // a byte
    f->bytes[place + take(in, 1) % 8] ^= (uint8_t)take(in, 1);
    grow_used(f, place + 8);
    break;
  case 3: // cut off, or longer than any memory
    value = take_value(in, sound);
    f->length = (value & 1) != 0 ? (int64_t)((value >> 1) & INT64_MAX) : (int64_t)(place + (value >> 1) % 32);
    break;
  case 4: // many small documents
    value = take_value(in, sound);
    for (size_t at = place; at + 4 <= ROOM; at += (((uint32_t)value & 0xFF) + 7) & ~(size_t)3) {
      const uint32_t header = (uint32_t)value & (SS_META_DATA | 0xFF);
      memcpy(f->bytes + at, &header, 4);
    }
    grow_used(f, ROOM);
    break;
  case 5: // something else under this name
    f->kind = (unsigned)take(in, 1) % 9;
    break;
  case 6: { // a part of the file elsewhere
    const size_t to = take_place(in, sound);
    const size_t length = (size_t)take(in, 1);
    const size_t copied = length > ROOM - (to > place ? to : place) ? 0 : length;
    memmove(f->bytes + to, f->bytes + place, copied);
    grow_used(f, to + copied);
    break;
  }
  default: // bytes of the input's own
    for (size_t at = place; at < place + 8; at++) {
      f->bytes[at] = (uint8_t)take(in, 1);
    }
    grow_used(f, place + 8);
  }
}

static void put_file(const struct sound_queue *from, size_t which) {
  file *const f = &files[which];
  const char *const name = from->files[which].name;
  char path[300];
  char other[300];
  path_of(path, name);
  path_of(other, from->files[(which + 1) % FILES].name);
  const size_t used = f->length < (int64_t)f->used ? (size_t)f->length : f->used;
  switch (f->kind) {
  case 0:
    write_file(name, f->bytes, used, f->length);
    break;
  case 1:
    break; // missing
  case 2:
    write_file(name, NULL, 0, 0);
    break;
  case 3:
    mkdir(path, 0755);
    break;
  case 4:
    mkfifo(path, 0644);
    break;
  case 5:
    REQUIRE(symlink(other, path) == 0);
    break;
  case 6:
    REQUIRE(symlink("nowhere", path) == 0);
    break;
  case 7: // of a day far away
    write_file(strstr(from->cycle, "4") != NULL ? "99991231T4.cq4" : "99991231T1.cq4", f->bytes, used, f->length);
    break;
  default: // a schema that is none
    write_file(name, f->bytes, used, f->length);
    path_of(path, "schema");
    mkdir(path, 0755);
    path_of(path, "schema/1-1.sbeir");
    mkfifo(path, 0644);
  }
}

/* ---- what may be done to a queue */

static uint32_t sum; /* so that every byte is read */

static void check_message(const ss_message *message) {
  const uint8_t *const body = message->body;
  REQUIRE((uintptr_t)body % 8 == 0);
  REQUIRE(message->block_length <= message->length);
  for (uint32_t i = 0; i < message->length; i++) {
    sum += body[i];
  }
}

static int count_message(void *context, const ss_message *message) {
  check_message(message);
  ++*(uint64_t *)context;
  return 0;
}

static int refuse_message(void *context, const ss_message *message) {
  (void)context;
  check_message(message);
  return 1;
}

/* From where it stands to the end. */
static uint64_t read_on(ss_subscriber *subscriber) {
  ss_message message;
  int64_t last = -1;
  uint64_t count = 0;
  int found;
  while ((found = ss_next(subscriber, &message)) == 1) {
    check_message(&message);
    REQUIRE(message.position > last);
    last = message.position;
    REQUIRE(++count < MAX_MESSAGES);
  }
  REQUIRE(found <= 0 && ss_wait(subscriber, 0) <= 1);
  return count;
}

static void seek(ss_subscriber *subscriber, int64_t position) {
  ss_message message;
  if (ss_to_position(subscriber, position) == SS_OK) {
    REQUIRE(ss_subscriber_position(subscriber) == position);
    REQUIRE(ss_next(subscriber, &message) != 1 || message.position >= position);
  }
}

/* From the start, then from places and times that the input chooses. */
static void read_queue(ss_queue *queue, const struct sound_queue *from, const char *name, uint64_t choice) {
  static const int64_t odd[] = {-1, 0, 1, INT64_C(1) << 32, INT64_C(20780) << 32 | 0xFFFFFFFF, INT64_MAX};
  static const int64_t times[] = {INT64_MIN, 0, START_NS, START_NS + 5000, START_NS + DAY_NS + 20000, START_NS + 2 * DAY_NS,
                                  INT64_MAX};
  ss_subscriber *subscriber;
  ss_queue_stats stats;
  if (ss_subscriber_open(queue, name, &subscriber) != SS_OK) {
    return;
  }
  read_on(subscriber);
  if (ss_queue_get_stats(queue, &stats) == SS_OK) {
    seek(subscriber, stats.last_position);
  }
  seek(subscriber, from->positions[choice % from->position_count]);
  seek(subscriber, odd[choice % (sizeof odd / sizeof odd[0])]);
  if (ss_to_time(subscriber, times[choice % (sizeof times / sizeof times[0])]) == SS_OK) {
    ss_poll(subscriber, refuse_message, NULL, SIZE_MAX);
  }
  if (ss_to_end(subscriber) == SS_OK) {
    read_on(subscriber);
  }
  uint64_t counted = 0;
  uint64_t polled = 0;
  int64_t count = 1;
  for (ss_to_start(subscriber); count > 0;) {
    count = ss_poll(subscriber, count_message, &counted, 100);
    polled += count > 0 ? (uint64_t)count : 0;
    REQUIRE(polled < MAX_MESSAGES && counted <= polled);
  }
  ss_subscriber_close(subscriber);
}

static void publish_some(ss_queue *queue, bool also_longest) {
  static uint8_t longest[BLOCK_SIZE / 4];
  uint8_t message[64];
  void *claimed;
  ss_publisher *publisher;
  int64_t position;
  ss_queue_add_schema(queue, SCHEMA_IR, sizeof SCHEMA_IR);
  REQUIRE(ss_publisher_open(queue, &publisher) == SS_OK);
  ss_publisher_pretouch(publisher, 10000);
  for (uint8_t i = 0; i < 4; i++) {
    const int result = ss_publish(publisher, message, put_message(message, 8U + i, i), SS_NOW, &position);
    REQUIRE(result <= 0);
    ss_publisher_pretouch(publisher, 10000);
  }
  if (also_longest) {
    REQUIRE(ss_publish(publisher, longest, put_message(longest, ss_queue_max_length(queue), 1), SS_NOW, &position) <= 0);
  }
  if (ss_claim(publisher, 40, &claimed) == SS_OK) {
    put_message(claimed, 40, 2);
    ss_abort(publisher);
  }
  if (ss_claim(publisher, 40, &claimed) == SS_OK) {
    put_message(claimed, 24, 3);
    REQUIRE(ss_commit(publisher, 24, &position) <= 0);
  }
  const ss_bytes batch[] = {{message, put_message(message, 9, 4)}, {message, put_message(message, 9, 4)}};
  REQUIRE(ss_publish_batch(publisher, batch, 2, SS_NOW, &position) <= 2);
  ss_publisher_close(publisher);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  begin_unit();
  input in = {data, data + size};
  const struct sound_queue *const from = &queues[take(&in, 1) & 1];
  for (size_t i = 0; i < FILES; i++) {
    const sound_file *const sound = &from->files[i];
    memcpy(files[i].bytes, sound->bytes, sound->used);
    memset(files[i].bytes + sound->used, 0, (files[i].used > sound->used ? files[i].used : sound->used) - sound->used);
    files[i].used = sound->used;
    files[i].length = sound->length;
    files[i].kind = 0;
  }
  for (int i = 0; i < MAX_DAMAGES && in.at < in.end; i++) {
    damage(&in, from);
  }
  bool long_already = false;
  for (size_t i = 0; i < FILES; i++) {
    put_file(from, i);
    long_already = long_already || files[i].length > FILE_LENGTH;
  }
  const int64_t present = clock_ns;
  const uint64_t choice = in.at < in.end ? take(&in, 1) : size;
  ss_queue *queue;
  ss_error error;
  if (open_queue(SS_READ_ONLY, from->cycle, &queue, &error) == SS_OK) {
    read_queue(queue, from, NULL, choice);
    ss_queue_close(queue);
  }
  if (open_queue(SS_OPEN_OR_CREATE, from->cycle, &queue, &error) == SS_OK) {
    publish_some(queue, choice % 4 == 1);
    clock_ns += DAY_NS;
    publish_some(queue, false);
    read_queue(queue, from, "fuzz", choice + 3);
    ss_queue_close(queue);
  }
  clock_ns = present;
  if (!long_already) {
    require_short_files();
  }
  empty_directory(scratch);
  require_nothing_left_open();
  return 0;
}
