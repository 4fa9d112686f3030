#include "store.h"

#include "error.h"

#include <string.h>

#define MAX_INDEX_COUNT (32 << 10)
#define MAX_INDEX_SPACING (1 << 20)
#define SUPPORTED_DATA_FORMAT 1

int ss_store_refuse(const char *path, const char *why, ss_error *error) {
  return ss_fail(
      error, SS_ERR_FORMAT, 0,
      "%s is not a queue file (%s): it is damaged, or belongs elsewhere; move it out of the queue's directory", path, why);
}

static bool is_power_of_two(int64_t value, int64_t low, int64_t high) {
  return value >= low && value <= high && (value & (value - 1)) == 0;
}

static bool parse_indexing(ss_wire *fields, ss_store_layout *layout) {
  char name[SS_WIRE_TEXT_CAPACITY];
  int64_t count = 0;
  int64_t spacing = 0;
  while (ss_wire_more(fields)) {
    if (!ss_wire_name(fields, name)) {
      return false;
    }
    const bool known = strcmp(name, "indexCount") == 0     ? ss_wire_int(fields, &count)
                       : strcmp(name, "indexSpacing") == 0 ? ss_wire_int(fields, &spacing)
                       : strcmp(name, "index2Index") == 0  ? ss_wire_int64_place(fields, &layout->index2index)
                       : strcmp(name, "lastIndex") == 0    ? ss_wire_int64_place(fields, &layout->last_index)
                                                           : ss_wire_skip(fields);
    if (!known) {
      return false;
    }
  }
  if (!is_power_of_two(count, 8, MAX_INDEX_COUNT) || !is_power_of_two(spacing, 1, MAX_INDEX_SPACING)) {
    return false;
  }
  layout->index_count = (uint32_t)count;
  layout->index_spacing = (uint32_t)spacing;
  return layout->index2index > 0 && layout->last_index > 0;
}

int ss_store_parse_header(const uint8_t *base, int64_t length, ss_store_layout *layout, const char *path, ss_error *error) {
  *layout = (ss_store_layout){0};
  if (length < SS_HEADER_LENGTH) {
    return ss_store_refuse(path, "too short", error);
  }
  const uint32_t header = atomic_load_explicit((_Atomic uint32_t *)(uintptr_t)base, memory_order_acquire);
  if (header == 0 || header == SS_NOT_COMPLETE) {
    return SS_STORE_NOT_READY;
  }
  const int64_t payload = header & SS_LENGTH_MASK;
  if ((header & (SS_NOT_COMPLETE | SS_META_DATA)) != SS_META_DATA || payload > length - SS_HEADER_LENGTH) {
    return ss_store_refuse(path, "no header", error);
  }
  char name[SS_WIRE_TEXT_CAPACITY];
  ss_wire document = {base, base + SS_HEADER_LENGTH, base + SS_HEADER_LENGTH + payload};
  ss_wire fields;
  if (!ss_wire_name(&document, name) || strcmp(name, "header") != 0 || !ss_wire_type(&document, name) ||
      strcmp(name, "SCQStore") != 0 || !ss_wire_object(&document, &fields)) {
    return ss_store_refuse(path, "no SCQStore", error);
  }
  int64_t data_format = 0;
  int64_t capacity = 0;
  bool single = false;
  while (ss_wire_more(&fields)) {
    ss_wire indexing;
    int64_t ignored;
    if (!ss_wire_name(&fields, name)) {
      return ss_store_refuse(path, "a field without a name", error);
    }
    bool known;
    if (strcmp(name, "writePosition") == 0) {
      const ss_wire before = fields;
      known = ss_wire_array_place(&fields, &layout->write_position, &capacity);
      if (!known) {
        // As older versions wrote it: one i64.
        fields = before;
        known = ss_wire_int(&fields, &ignored);
        single = known;
      }
    } else if (strcmp(name, "indexing") == 0) {
      known = ss_wire_type(&fields, name) && ss_wire_object(&fields, &indexing) && parse_indexing(&indexing, layout);
    } else if (strcmp(name, "dataFormat") == 0) {
      known = ss_wire_int(&fields, &data_format);
    } else {
      known = ss_wire_skip(&fields);
    }
    if (!known) {
      return ss_store_refuse(path, "a damaged header", error);
    }
  }
  if (data_format != SUPPORTED_DATA_FORMAT || single) {
    return ss_fail(
        error, SS_ERR_VERSION, 0,
        "%s has data format %lld, this library knows %d: copy its messages with the version that wrote it", path,
        (long long)data_format, SUPPORTED_DATA_FORMAT);
  }
  if (capacity < 2 || layout->index_count == 0) {
    return ss_store_refuse(path, "a header without its words", error);
  }
  layout->end = ss_align_header(SS_HEADER_LENGTH + payload);
  return SS_OK;
}

/* Writes everything but the header's own header, which is returned; *end receives where the first message goes. */
uint32_t ss_store_put_new(uint8_t *base, const ss_roll_cycle *cycle, int64_t *end) {
  ss_wire_out out = {base, base + SS_HEADER_LENGTH};
  ss_wire_put_event(&out, "header");
  ss_wire_put_type(&out, "SCQStore");
  uint8_t *const object = ss_wire_begin_object(&out);
  ss_wire_put_field(&out, "writePosition");
  ss_wire_put_array_place(&out, 2, 2, 16);
  ss_wire_put_field(&out, "indexing");
  ss_wire_put_type(&out, "SCQSIndexing");
  uint8_t *const indexing = ss_wire_begin_object(&out);
  ss_wire_put_field(&out, "indexCount");
  ss_wire_put_int(&out, cycle->index_count);
  ss_wire_put_field(&out, "indexSpacing");
  ss_wire_put_int(&out, cycle->index_spacing);
  ss_wire_put_field(&out, "index2Index");
  uint8_t *const index2index = ss_wire_put_int64_place(&out, 0);
  ss_wire_put_field(&out, "lastIndex");
  ss_wire_put_int64_place(&out, 0);
  ss_wire_end_object(&out, indexing);
  ss_wire_put_field(&out, "dataFormat");
  ss_wire_put_int(&out, SUPPORTED_DATA_FORMAT);
  ss_wire_end_object(&out, object);
  const uint32_t length = (uint32_t)(out.at - base) - SS_HEADER_LENGTH;

  const int64_t pages_at = ss_align_header(out.at - base);
  memset(out.at, 0, (size_t)(pages_at - (out.at - base)));
  memcpy(index2index, &pages_at, sizeof pages_at);
  const int64_t pages_length = ss_index_put_page(base, pages_at, "index2index", cycle->index_count, 1);
  const int64_t page_at = ss_align_header(pages_at + pages_length);
  const int64_t page_length = ss_index_put_page(base, page_at, "index", cycle->index_count, 0);
  *end = ss_align_header(page_at + page_length);
  memset(base + page_at + page_length, 0, 8);
  // The first entry of the page of pages stands right behind its two lengths, at its end but for the entries.
  memcpy(base + pages_at + pages_length - (int64_t)cycle->index_count * 8, &page_at, sizeof page_at);
  const uint32_t page_header = SS_META_DATA | (uint32_t)(page_length - SS_HEADER_LENGTH);
  memcpy(base + page_at, &page_header, sizeof page_header);
  const uint32_t pages_header = SS_META_DATA | (uint32_t)(pages_length - SS_HEADER_LENGTH);
  memcpy(base + pages_at, &pages_header, sizeof pages_header);
  return SS_META_DATA | length;
}
