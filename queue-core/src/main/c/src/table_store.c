#include "table_store.h"

#include "error.h"
#include "system.h"
#include "wire.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

/* Chronicle maps 64 KiB and as much again, and moves on by 64 KiB. */
#define STORE_CHUNK (INT64_C(64) << 10)
#define STORE_LENGTH (2 * STORE_CHUNK)
#define STORE_CAPACITY (INT64_C(4) << 20)

/* The byte that is locked while a key is made: Long.MAX_VALUE - 1. */
#define LOCK_START (INT64_MAX - 1)
#define LOCK_LENGTH 1

typedef _Atomic uint32_t shared_header;

static shared_header *header_at(const uint8_t *base, int64_t position) {
  return (shared_header *)(uintptr_t)(base + position);
}

static int not_a_store(const char *path, ss_error *error) {
  return ss_fail(
      error, SS_ERR_FORMAT, 0,
      "%s is not a queue's table store: the directory belongs to another program or is damaged; give the queue a directory "
      "of its own",
      path);
}

static bool parse_roll(ss_wire *fields, char format[SS_WIRE_TEXT_CAPACITY], int64_t *length_ms, int64_t *epoch_ms) {
  char name[SS_WIRE_TEXT_CAPACITY];
  format[0] = 0;
  *length_ms = 0;
  *epoch_ms = 0;
  while (ss_wire_more(fields)) {
    if (!ss_wire_name(fields, name)) {
      return false;
    }
    const bool known = strcmp(name, "length") == 0   ? ss_wire_int(fields, length_ms)
                       : strcmp(name, "format") == 0 ? ss_wire_text(fields, format)
                       : strcmp(name, "epoch") == 0  ? ss_wire_int(fields, epoch_ms)
                                                     : ss_wire_skip(fields);
    if (!known) {
      return false;
    }
  }
  return format[0] != 0;
}

/* Finds the field of a name in an object and enters the typed object that is its value. */
static bool enter(ss_wire *fields, const char *wanted, const char *wanted_type, ss_wire *inner) {
  char name[SS_WIRE_TEXT_CAPACITY];
  char type[SS_WIRE_TEXT_CAPACITY];
  while (ss_wire_more(fields) && ss_wire_name(fields, name)) {
    if (strcmp(name, wanted) == 0) {
      return ss_wire_type(fields, type) && strcmp(type, wanted_type) == 0 && ss_wire_object(fields, inner);
    }
    if (!ss_wire_skip(fields)) {
      return false;
    }
  }
  return false;
}

int ss_table_parse_header(
    const uint8_t *base, int64_t length, const ss_roll_cycle **cycle, int64_t *epoch_ms, const char *path,
    ss_error *error) {
  if (length < SS_HEADER_LENGTH) {
    return not_a_store(path, error);
  }
  const uint32_t header = atomic_load_explicit(header_at(base, 0), memory_order_acquire);
  const int64_t payload = header & SS_LENGTH_MASK;
  if ((header & SS_NOT_COMPLETE) != 0 || (header & SS_META_DATA) == 0 || payload > length - SS_HEADER_LENGTH) {
    return not_a_store(path, error);
  }
  ss_wire document = {base, base + SS_HEADER_LENGTH, base + SS_HEADER_LENGTH + payload};
  ss_wire store;
  ss_wire meta;
  ss_wire roll;
  char format[SS_WIRE_TEXT_CAPACITY];
  int64_t length_ms;
  if (!enter(&document, "header", "STStore", &store) || !enter(&store, "metadata", "SCQMeta", &meta) ||
      !enter(&meta, "roll", "SCQSRoll", &roll) || !parse_roll(&roll, format, &length_ms, epoch_ms)) {
    return not_a_store(path, error);
  }
  *cycle = ss_roll_cycle_of_format(format);
  if (*cycle == NULL || (*cycle)->length_ms != length_ms) {
    return ss_fail(
        error, SS_ERR_VERSION, 0,
        "%s names a roll cycle of format '%s' and %lld ms that is not known: use the version that wrote it", path, format,
        (long long)length_ms);
  }
  // Later sums of times and cycles must not overflow.
  if (*epoch_ms < -INT64_C(4000000000000) || *epoch_ms > INT64_C(32000000000000)) {
    return ss_fail(error, SS_ERR_FORMAT, 0, "%s names an epoch of %lld ms: it is damaged", path, (long long)*epoch_ms);
  }
  return SS_OK;
}

int64_t ss_table_scan(const uint8_t *base, int64_t length, const char *key, int64_t *end) {
  int64_t at = 0;
  while (at + SS_HEADER_LENGTH <= length) {
    const uint32_t header = atomic_load_explicit(header_at(base, at), memory_order_acquire);
    const int64_t payload = header & SS_LENGTH_MASK;
    if (header == 0 || (header & SS_NOT_COMPLETE) != 0) {
      break;
    }
    if (payload > length - at - SS_HEADER_LENGTH) {
      at = -1;
      break;
    }
    if ((header & SS_META_DATA) == 0 && key != NULL) {
      const uint8_t *const start = base + at + SS_HEADER_LENGTH;
      ss_wire wire = {base, start, start + payload};
      char name[SS_WIRE_TEXT_CAPACITY];
      int64_t place;
      if (ss_wire_name(&wire, name) && strcasecmp(name, key) == 0 && ss_wire_int64_place(&wire, &place)) {
        return place;
      }
    }
    at = ss_align_header(at + SS_HEADER_LENGTH + payload);
  }
  if (end != NULL) {
    *end = at;
  }
  return -1;
}

static int64_t touchable(const ss_table_store *store) {
  const int64_t length = ss_file_length(store->fd);
  return length < STORE_CAPACITY ? length : STORE_CAPACITY;
}

ss_shared_int64 *ss_table_find(const ss_table_store *store, const char *key) {
  const int64_t place = ss_table_scan(store->base, touchable(store), key, NULL);
  return place < 0 ? NULL : (ss_shared_int64 *)(uintptr_t)(store->base + place);
}

/*
 * Takes the lock under which the store changes and grows: a descriptor of its own, which the caller closes to let go.
 */
static int lock_store(const ss_table_store *store, int *lock, ss_error *error) {
  *lock = ss_open_at(store->directory, SS_TABLE_STORE_NAME, SS_OPEN_WRITE);
  if (*lock < 0) {
    return ss_fail_system(error, errno, "open", store->path);
  }
  const int result = ss_lock_range(*lock, LOCK_START, LOCK_LENGTH, store->timeout_ns);
  if (result != 0) {
    close(*lock);
    if (result == ETIMEDOUT) {
      return ss_fail(error, SS_ERR_TIMEOUT, 0, "another process keeps %s locked: is it stopped?", store->path);
    }
    return ss_fail_system(error, result, "lock", store->path);
  }
  return SS_OK;
}

static int append_key(
    ss_table_store *store, const char *key, int64_t initial, int64_t end, int64_t *place, ss_error *error) {
  if (end + 1024 > STORE_CAPACITY) {
    return ss_fail(error, SS_ERR_FORMAT, 0, "%s is full: it has too many durable subscribers", store->path);
  }
  const int64_t chunk = (end + 1024) / STORE_CHUNK;
  const int64_t needed = (chunk + 1) * STORE_CHUNK + STORE_CHUNK;
  int result = ss_file_extend(store->fd, needed);
  if (result == 0) {
    result = ss_file_reserve(store->fd, end, 1024);
  }
  if (result != 0) {
    return ss_fail_system(error, result, "extend", store->path);
  }
  ss_wire_out out = {store->base, store->base + end + SS_HEADER_LENGTH};
  ss_wire_put_event(&out, key);
  *place = ss_wire_put_int64_place(&out, initial) - store->base;
  ss_wire_pad(&out, sizeof(uint32_t));
  memset(out.at, 0, 8);
  const uint32_t length = (uint32_t)(out.at - (store->base + end + SS_HEADER_LENGTH));
  atomic_store_explicit(header_at(store->base, end), length, memory_order_release);
  return SS_OK;
}

void ss_table_positions(
    const ss_table_store *store, void (*each)(void *context, const char *name, int64_t position), void *context) {
  static const char positions[] = "index.";
  static const char replicated[] = "index.replicated:";
  const int64_t length = touchable(store);
  int64_t at = 0;
  while (at + SS_HEADER_LENGTH <= length) {
    const uint32_t header = atomic_load_explicit(header_at(store->base, at), memory_order_acquire);
    const int64_t payload = header & SS_LENGTH_MASK;
    if (header == 0 || (header & SS_NOT_COMPLETE) != 0 || payload > length - at - SS_HEADER_LENGTH) {
      break;
    }
    const uint8_t *const start = store->base + at + SS_HEADER_LENGTH;
    ss_wire wire = {store->base, start, start + payload};
    char name[SS_WIRE_TEXT_CAPACITY];
    int64_t place;
    if ((header & SS_META_DATA) == 0 && ss_wire_name(&wire, name) &&
        strncasecmp(name, positions, sizeof positions - 1) == 0 &&
        strncasecmp(name, replicated, sizeof replicated - 1) != 0 && ss_wire_int64_place(&wire, &place)) {
      each(context, name + sizeof positions - 1, atomic_load((ss_shared_int64 *)(uintptr_t)(store->base + place)));
    }
    at = ss_align_header(at + SS_HEADER_LENGTH + payload);
  }
}

int ss_table_acquire(ss_table_store *store, const char *key, int64_t initial, ss_shared_int64 **value, ss_error *error) {
  *value = ss_table_find(store, key);
  if (*value != NULL) {
    return SS_OK;
  }
  if (!store->writable) {
    return ss_fail(error, SS_ERR_READ_ONLY, 0, "%s has no key %s, and the queue was opened read-only", store->path, key);
  }
  int lock;
  int result = lock_store(store, &lock, error);
  if (result != SS_OK) {
    return result;
  }
  // Again, now that nobody else can make it.
  int64_t end = 0;
  int64_t place = ss_table_scan(store->base, touchable(store), key, &end);
  if (place < 0 && end < 0) {
    result = ss_fail(
        error, SS_ERR_FORMAT, 0, "%s is damaged: a key in it is longer than the file; restore it from a copy", store->path);
  } else if (place < 0) {
    result = append_key(store, key, initial, end, &place, error);
  }
  close(lock);
  if (result == SS_OK) {
    *value = (ss_shared_int64 *)(uintptr_t)(store->base + place);
  }
  return result;
}

/* Writes the header of a new store, under the lock. */
static void initialise(ss_table_store *store, const ss_roll_cycle *cycle) {
  atomic_store_explicit(header_at(store->base, 0), SS_NOT_COMPLETE, memory_order_release);
  ss_wire_out out = {store->base, store->base + SS_HEADER_LENGTH};
  ss_wire_put_event(&out, "header");
  ss_wire_put_type(&out, "STStore");
  uint8_t *const object = ss_wire_begin_object(&out);
  ss_wire_put_field(&out, "wireType");
  ss_wire_put_type(&out, "WireType");
  ss_wire_put_text(&out, "BINARY_LIGHT");
  ss_wire_put_field(&out, "metadata");
  ss_wire_put_type(&out, "SCQMeta");
  uint8_t *const meta = ss_wire_begin_object(&out);
  ss_wire_put_field(&out, "roll");
  ss_wire_put_type(&out, "SCQSRoll");
  uint8_t *const roll = ss_wire_begin_object(&out);
  ss_wire_put_field(&out, "length");
  ss_wire_put_int(&out, cycle->length_ms);
  ss_wire_put_field(&out, "format");
  ss_wire_put_text(&out, cycle->format);
  ss_wire_put_field(&out, "epoch");
  ss_wire_put_int(&out, 0);
  ss_wire_end_object(&out, roll);
  ss_wire_put_field(&out, "sourceId");
  ss_wire_put_int(&out, 0);
  ss_wire_end_object(&out, meta);
  ss_wire_pad(&out, sizeof(uint32_t));
  ss_wire_end_object(&out, object);
  memset(out.at, 0, 8);
  const uint32_t length = (uint32_t)(out.at - store->base) - SS_HEADER_LENGTH;
  atomic_store_explicit(header_at(store->base, 0), length | SS_META_DATA, memory_order_release);
}

/* Makes the header if there is none yet, or only a part that a dead process left. */
static int initialise_if_new(ss_table_store *store, const ss_roll_cycle *cycle, ss_error *error) {
  int lock;
  int result = lock_store(store, &lock, error);
  if (result != SS_OK) {
    return result;
  }
  result = ss_file_extend(store->fd, STORE_LENGTH);
  if (result == 0) {
    result = ss_file_reserve(store->fd, 0, STORE_LENGTH);
  }
  if (result != 0) {
    result = ss_fail_system(error, result, "create", store->path);
  } else {
    const uint32_t header = atomic_load_explicit(header_at(store->base, 0), memory_order_acquire);
    if (header == 0 || header == SS_NOT_COMPLETE) {
      initialise(store, cycle);
    }
  }
  close(lock);
  return result;
}

static bool is_ready(const ss_table_store *store) {
  if (touchable(store) < SS_HEADER_LENGTH) {
    return false;
  }
  const uint32_t header = atomic_load_explicit(header_at(store->base, 0), memory_order_acquire);
  return header != 0 && header != SS_NOT_COMPLETE;
}

static void describe(ss_table_store *store, const char *directory_name) {
  const size_t length = strlen(directory_name);
  const size_t room = sizeof store->path - sizeof SS_TABLE_STORE_NAME - 8;
  const bool cut = length > room;
  snprintf(
      store->path, sizeof store->path, "%s%s/%s", cut ? "..." : "", cut ? directory_name + length - room : directory_name,
      SS_TABLE_STORE_NAME);
}

int ss_table_open(
    ss_table_store *store, int directory, const char *directory_name, bool writable, const ss_roll_cycle *cycle,
    int64_t timeout_ns, ss_error *error) {
  *store = (ss_table_store){.directory = directory, .fd = -1, .writable = writable, .timeout_ns = timeout_ns};
  describe(store, directory_name);
  store->fd =
      ss_open_at(directory, SS_TABLE_STORE_NAME, (writable ? SS_OPEN_WRITE : 0U) | (cycle != NULL ? SS_OPEN_CREATE : 0U));
  if (store->fd < 0 && errno == ENOENT) {
    return ss_fail(error, SS_ERR_NOT_FOUND, ENOENT, "no queue in %s: it has no %s", directory_name, SS_TABLE_STORE_NAME);
  }
  if (store->fd < 0) {
    return ss_fail_system(error, errno, "open", store->path);
  }
  const int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
  void *base = mmap(NULL, STORE_CAPACITY, protection, MAP_SHARED, store->fd, 0);
  if (base == MAP_FAILED) {
    const int reason = errno;
    ss_table_close(store);
    return ss_fail_system(error, reason, "map", store->path);
  }
  store->base = base;
  int result = SS_OK;
  if (!is_ready(store) && cycle != NULL) {
    result = initialise_if_new(store, cycle, error);
  }
  const int64_t deadline = ss_deadline_ns(timeout_ns);
  while (result == SS_OK && !is_ready(store)) {
    // Another process is making it.
    if (ss_monotonic_ns() > deadline) {
      result = ss_fail(
          error, SS_ERR_TIMEOUT, 0, "%s is not complete: the process that made it died; open the queue for writing once",
          store->path);
    }
    ss_sleep_ns(500000);
  }
  if (result == SS_OK) {
    result = ss_table_parse_header(store->base, touchable(store), &store->cycle, &store->epoch_ms, store->path, error);
  }
  if (result != SS_OK) {
    ss_table_close(store);
  }
  return result;
}

void ss_table_close(ss_table_store *store) {
  if (store->base != NULL) {
    munmap(store->base, STORE_CAPACITY);
    store->base = NULL;
  }
  if (store->fd >= 0) {
    close(store->fd);
    store->fd = -1;
  }
}
