#include "wire.h"

#include <string.h>

/* Codes of net.openhft.chronicle.wire.BinaryWireCode. */
enum {
  CODE_BYTES_LENGTH8 = 0x80,
  CODE_BYTES_LENGTH16 = 0x81,
  CODE_BYTES_LENGTH32 = 0x82,
  CODE_I64_ARRAY = 0x8D,
  CODE_PADDING32 = 0x8E,
  CODE_PADDING = 0x8F,
  CODE_UINT8 = 0xA1,
  CODE_UINT16 = 0xA2,
  CODE_UINT32 = 0xA3,
  CODE_INT8 = 0xA4,
  CODE_INT16 = 0xA5,
  CODE_INT32 = 0xA6,
  CODE_INT64 = 0xA7,
  CODE_INT64_HEX = 0xAF,
  CODE_FALSE = 0xB0,
  CODE_TRUE = 0xB1,
  CODE_TYPE_PREFIX = 0xB6,
  CODE_FIELD_NAME_ANY = 0xB7,
  CODE_STRING_ANY = 0xB8,
  CODE_EVENT_NAME = 0xB9,
  CODE_NULL = 0xBC,
  CODE_FIELD_NAME0 = 0xC0,
  CODE_STRING0 = 0xE0,
};

#define SHORT_LENGTH 0x1F

static bool take(ss_wire *wire, void *value, size_t length) {
  if ((size_t)(wire->end - wire->at) < length) {
    return false;
  }
  memcpy(value, wire->at, length);
  wire->at += length;
  return true;
}

static bool skip(ss_wire *wire, uint64_t length) {
  if ((uint64_t)(wire->end - wire->at) < length) {
    return false;
  }
  wire->at += length;
  return true;
}

bool ss_wire_more(ss_wire *wire) {
  while (wire->at < wire->end) {
    if (*wire->at == CODE_PADDING) {
      wire->at++;
    } else if (*wire->at == CODE_PADDING32) {
      uint32_t length;
      wire->at++;
      if (!take(wire, &length, sizeof length) || !skip(wire, length)) {
        return false;
      }
    } else {
      return true;
    }
  }
  return false;
}

static bool code(ss_wire *wire, uint8_t *value) {
  return ss_wire_more(wire) && take(wire, value, 1);
}

/* A length of seven bits a byte, the lowest first. */
static bool stop_bit(ss_wire *wire, uint64_t *value) {
  *value = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    uint8_t byte;
    if (!take(wire, &byte, 1)) {
      return false;
    }
    *value |= (uint64_t)(byte & 0x7F) << shift;
    if ((byte & 0x80) == 0) {
      return true;
    }
  }
  return false;
}

static bool text_of(ss_wire *wire, uint64_t length, char text[SS_WIRE_TEXT_CAPACITY]) {
  if (length >= SS_WIRE_TEXT_CAPACITY || !take(wire, text, (size_t)length)) {
    return false;
  }
  text[length] = 0;
  return true;
}

static bool long_text(ss_wire *wire, char text[SS_WIRE_TEXT_CAPACITY]) {
  uint64_t length;
  return stop_bit(wire, &length) && text_of(wire, length, text);
}

bool ss_wire_name(ss_wire *wire, char text[SS_WIRE_TEXT_CAPACITY]) {
  uint8_t c;
  if (!code(wire, &c)) {
    return false;
  }
  if (c == CODE_EVENT_NAME || c == CODE_FIELD_NAME_ANY) {
    return long_text(wire, text);
  }
  return c >= CODE_FIELD_NAME0 && c < CODE_STRING0 && text_of(wire, c & SHORT_LENGTH, text);
}

bool ss_wire_type(ss_wire *wire, char text[SS_WIRE_TEXT_CAPACITY]) {
  uint8_t c;
  return code(wire, &c) && c == CODE_TYPE_PREFIX && long_text(wire, text);
}

bool ss_wire_text(ss_wire *wire, char text[SS_WIRE_TEXT_CAPACITY]) {
  uint8_t c;
  if (!code(wire, &c)) {
    return false;
  }
  return c == CODE_STRING_ANY ? long_text(wire, text) : c >= CODE_STRING0 && text_of(wire, c & SHORT_LENGTH, text);
}

static bool int_of(ss_wire *wire, uint8_t c, int64_t *value) {
  uint8_t u8;
  uint16_t u16;
  uint32_t u32;
  int8_t i8;
  int16_t i16;
  int32_t i32;
  switch (c) {
  case CODE_UINT8:
    return take(wire, &u8, sizeof u8) && (*value = u8, true);
  case CODE_UINT16:
    return take(wire, &u16, sizeof u16) && (*value = u16, true);
  case CODE_UINT32:
    return take(wire, &u32, sizeof u32) && (*value = u32, true);
  case CODE_INT8:
    return take(wire, &i8, sizeof i8) && (*value = i8, true);
  case CODE_INT16:
    return take(wire, &i16, sizeof i16) && (*value = i16, true);
  case CODE_INT32:
    return take(wire, &i32, sizeof i32) && (*value = i32, true);
  case CODE_INT64:
  case CODE_INT64_HEX:
    return take(wire, value, sizeof *value);
  default:
    *value = c;
    return c < CODE_BYTES_LENGTH8;
  }
}

bool ss_wire_int(ss_wire *wire, int64_t *value) {
  uint8_t c;
  return code(wire, &c) && int_of(wire, c, value);
}

bool ss_wire_int64_place(ss_wire *wire, int64_t *position) {
  uint8_t c;
  if (!code(wire, &c) || (c != CODE_INT64 && c != CODE_INT64_HEX)) {
    return false;
  }
  *position = wire->at - wire->start;
  return *position % 8 == 0 && skip(wire, sizeof(int64_t));
}

bool ss_wire_array_place(ss_wire *wire, int64_t *position, int64_t *capacity) {
  uint8_t c;
  int64_t used;
  if (!code(wire, &c) || c != CODE_I64_ARRAY || !take(wire, capacity, sizeof *capacity) ||
      !take(wire, &used, sizeof used)) {
    return false;
  }
  *position = wire->at - wire->start;
  return *position % 8 == 0 && *capacity >= 0 && *capacity <= INT32_MAX &&
         skip(wire, (uint64_t)*capacity * sizeof(int64_t));
}

static bool object_length(ss_wire *wire, uint8_t c, uint64_t *length) {
  uint8_t u8;
  uint16_t u16;
  uint32_t u32;
  switch (c) {
  case CODE_BYTES_LENGTH8:
    return take(wire, &u8, sizeof u8) && (*length = u8, true);
  case CODE_BYTES_LENGTH16:
    return take(wire, &u16, sizeof u16) && (*length = u16, true);
  case CODE_BYTES_LENGTH32:
    return take(wire, &u32, sizeof u32) && (*length = u32, true);
  default:
    return false;
  }
}

bool ss_wire_object(ss_wire *wire, ss_wire *fields) {
  uint8_t c;
  uint64_t length;
  if (!code(wire, &c) || !object_length(wire, c, &length)) {
    return false;
  }
  *fields = *wire;
  if (!skip(wire, length)) {
    return false;
  }
  fields->end = wire->at;
  return true;
}

bool ss_wire_skip(ss_wire *wire) {
  uint8_t c;
  uint64_t length;
  int64_t value;
  // A type may stand before a type without end: no recursion.
  do {
    if (!code(wire, &c)) {
      return false;
    }
    if (c == CODE_TYPE_PREFIX && (!stop_bit(wire, &length) || !skip(wire, length))) {
      return false;
    }
  } while (c == CODE_TYPE_PREFIX);
  if (c == CODE_STRING_ANY) {
    return stop_bit(wire, &length) && skip(wire, length);
  }
  if (c >= CODE_STRING0) {
    return skip(wire, c & SHORT_LENGTH);
  }
  if (c == CODE_FALSE || c == CODE_TRUE || c == CODE_NULL) {
    return true;
  }
  if (c == CODE_I64_ARRAY) {
    wire->at--;
    return ss_wire_array_place(wire, &value, &value);
  }
  if (c >= CODE_BYTES_LENGTH8 && c <= CODE_BYTES_LENGTH32) {
    return object_length(wire, c, &length) && skip(wire, length);
  }
  return int_of(wire, c, &value);
}

/* ---- writing */

static void put(ss_wire_out *out, const void *value, size_t length) {
  memcpy(out->at, value, length);
  out->at += length;
}

static void put_code(ss_wire_out *out, unsigned value) {
  *out->at++ = (uint8_t)value;
}

static void put_long_text(ss_wire_out *out, unsigned c, const char *text) {
  const size_t length = strlen(text); // below 128: one byte of stop-bit encoding
  put_code(out, c);
  put_code(out, (unsigned)length);
  put(out, text, length);
}

void ss_wire_put_event(ss_wire_out *out, const char *name) {
  put_long_text(out, CODE_EVENT_NAME, name);
}

void ss_wire_put_type(ss_wire_out *out, const char *name) {
  put_long_text(out, CODE_TYPE_PREFIX, name);
}

void ss_wire_put_field(ss_wire_out *out, const char *name) {
  put_code(out, CODE_FIELD_NAME0 + (unsigned)strlen(name));
  put(out, name, strlen(name));
}

void ss_wire_put_text(ss_wire_out *out, const char *text) {
  if (strlen(text) <= SHORT_LENGTH) {
    put_code(out, CODE_STRING0 + (unsigned)strlen(text));
    put(out, text, strlen(text));
  } else {
    put_long_text(out, CODE_STRING_ANY, text);
  }
}

void ss_wire_put_int(ss_wire_out *out, int64_t value) {
  if (value >= 0 && value <= UINT8_MAX) {
    put_code(out, CODE_UINT8);
    put_code(out, (unsigned)value);
  } else if (value >= INT16_MIN && value <= INT16_MAX) {
    const int16_t small = (int16_t)value;
    put_code(out, CODE_INT16);
    put(out, &small, sizeof small);
  } else if (value >= INT32_MIN && value <= INT32_MAX) {
    const int32_t medium = (int32_t)value;
    put_code(out, CODE_INT32);
    put(out, &medium, sizeof medium);
  } else {
    put_code(out, CODE_INT64);
    put(out, &value, sizeof value);
  }
}

/* Pads so that what follows after one byte of code is aligned. */
static void pad_before_code(ss_wire_out *out, size_t alignment) {
  const size_t misaligned = (size_t)(out->at + 1 - out->start) % alignment;
  size_t padding = misaligned == 0 ? 0 : alignment - misaligned;
  if (padding >= 5) {
    const uint32_t length = (uint32_t)(padding - 5);
    put_code(out, CODE_PADDING32);
    put(out, &length, sizeof length);
    memset(out->at, 0, length);
    out->at += length;
  } else {
    for (; padding > 0; padding--) {
      put_code(out, CODE_PADDING);
    }
  }
}

uint8_t *ss_wire_put_int64_place(ss_wire_out *out, int64_t value) {
  pad_before_code(out, 8);
  put_code(out, CODE_INT64);
  uint8_t *const place = out->at;
  put(out, &value, sizeof value);
  return place;
}

uint8_t *ss_wire_put_array_place(ss_wire_out *out, int64_t capacity, int64_t used, size_t alignment) {
  pad_before_code(out, alignment);
  put_code(out, CODE_I64_ARRAY);
  uint8_t *const place = out->at;
  put(out, &capacity, sizeof capacity);
  put(out, &used, sizeof used);
  memset(out->at, 0, (size_t)capacity * sizeof(int64_t));
  out->at += (size_t)capacity * sizeof(int64_t);
  return place;
}

uint8_t *ss_wire_begin_object(ss_wire_out *out) {
  put_code(out, CODE_BYTES_LENGTH32);
  uint8_t *const object = out->at;
  out->at += sizeof(uint32_t);
  return object;
}

void ss_wire_end_object(ss_wire_out *out, uint8_t *object) {
  const uint32_t length = (uint32_t)(out->at - object - (ptrdiff_t)sizeof(uint32_t));
  memcpy(object, &length, sizeof length);
}

void ss_wire_pad(ss_wire_out *out, size_t alignment) {
  while ((size_t)(out->at - out->start) % alignment != 0) {
    put_code(out, CODE_PADDING);
  }
}
