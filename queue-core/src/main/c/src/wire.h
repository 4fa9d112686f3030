/*
 * The little of Chronicle's binary wire format that the headers of its files are made of: named fields, types, numbers, text
 * and nested objects. Reading checks every length; what is read may be hostile.
 */
#ifndef SS_WIRE_H
#define SS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A document's header: the length of its payload and two flags. */
#define SS_HEADER_LENGTH 4
#define SS_LENGTH_MASK UINT32_C(0x3FFFFFFF)
#define SS_META_DATA UINT32_C(0x40000000)
#define SS_NOT_COMPLETE UINT32_C(0x80000000)
#define SS_END_OF_FILE UINT32_C(0xC0000000)

/* Longest name or text that is understood, with its final 0. */
#define SS_WIRE_TEXT_CAPACITY 128

/* Where the next document's header is: headers are 4-byte aligned. */
static inline int64_t ss_align_header(int64_t position) {
  return (position + 3) & ~INT64_C(3);
}

/* ---- reading: each function answers false for what it does not understand, and for a value that is cut off */

typedef struct ss_wire {
  const uint8_t *start; /* of the file */
  const uint8_t *at;
  const uint8_t *end;
} ss_wire;

/* Passes over padding; false at the end. */
bool ss_wire_more(ss_wire *wire);

/* The name of a field or an event. */
bool ss_wire_name(ss_wire *wire, char text[SS_WIRE_TEXT_CAPACITY]);

/* A type's name. */
bool ss_wire_type(ss_wire *wire, char text[SS_WIRE_TEXT_CAPACITY]);

bool ss_wire_text(ss_wire *wire, char text[SS_WIRE_TEXT_CAPACITY]);

bool ss_wire_int(ss_wire *wire, int64_t *value);

/* An i64 that is kept in place: its position in the file, a multiple of 8. */
bool ss_wire_int64_place(ss_wire *wire, int64_t *position);

/* An array of i64 that is kept in place: position of its first value, and its capacity. */
bool ss_wire_array_place(ss_wire *wire, int64_t *position, int64_t *capacity);

/* The fields of an object. */
bool ss_wire_object(ss_wire *wire, ss_wire *fields);

/* Passes over a value of whatever kind. */
bool ss_wire_skip(ss_wire *wire);

/* ---- writing: into a buffer that lies in the file at a multiple of 8; the caller provides room */

typedef struct ss_wire_out {
  uint8_t *start;
  uint8_t *at;
} ss_wire_out;

void ss_wire_put_event(ss_wire_out *out, const char *name);
void ss_wire_put_field(ss_wire_out *out, const char *name);
void ss_wire_put_type(ss_wire_out *out, const char *name);
void ss_wire_put_text(ss_wire_out *out, const char *text);
void ss_wire_put_int(ss_wire_out *out, int64_t value);

/* An i64 kept in place: padded to a multiple of 8. Returns where it is. */
uint8_t *ss_wire_put_int64_place(ss_wire_out *out, int64_t value);

/* An array of i64 kept in place, all 0: padded to a multiple of alignment. Returns where its capacity is. */
uint8_t *ss_wire_put_array_place(ss_wire_out *out, int64_t capacity, int64_t used, size_t alignment);

/* Begins an object; ss_wire_end_object takes what this returned. */
uint8_t *ss_wire_begin_object(ss_wire_out *out);
void ss_wire_end_object(ss_wire_out *out, uint8_t *object);

/* Pads to a multiple of an alignment. */
void ss_wire_pad(ss_wire_out *out, size_t alignment);

#endif
