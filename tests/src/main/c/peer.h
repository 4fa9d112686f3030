/*
 * The native side of the contract suite: a process that obeys one line of text at a time. The protocol is described in
 * io.slipstream.tests.contract; this is the counterpart of its JvmPeer, on slipstream.h alone.
 */
#ifndef PEER_H
#define PEER_H

#include <slipstream.h>
#include <stdatomic.h>
#include <stdbool.h>

/* ---- fields.c: "key=value key=value", and an answer that grows */

#define MAX_FIELDS 24

typedef struct fields {
  char *command;
  size_t count;
  const char *keys[MAX_FIELDS];
  const char *values[MAX_FIELDS];
} fields;

typedef struct text {
  char *data;
  size_t length;
  size_t capacity;
} text;

/* Cuts a line up in place. */
void fields_parse(fields *request, char *line);
const char *fields_text(const fields *request, const char *key, const char *otherwise);
int64_t fields_number(const fields *request, const char *key, int64_t otherwise);

void text_add(text *target, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes the answer an error; what it held is dropped. */
void text_error(text *answer, int code, const char *message);

/* Name of a code without SS_ERR_. */
const char *code_name(int code);

/* ---- content.c: what is in a message, see io.slipstream.tests.contract.Content */

#define CONTENT_SCHEMA_ID 903
#define CONTENT_SCHEMA_VERSION 1

uint64_t content_mix(uint64_t value);
size_t content_length(uint64_t sequence, size_t min, size_t max);
void content_header(void *message, uint16_t template_id, size_t length, uint16_t schema_id, uint16_t version);
void content_fill(void *body, uint16_t source, uint64_t sequence, size_t length);
bool content_matches(const void *body, uint16_t source, uint64_t sequence, size_t length);

/* ---- reading.c: what a reader checks and answers, see io.slipstream.tests.contract.Reading */

#define MAX_SOURCES 8

typedef struct source_reading {
  uint16_t id;
  int64_t expected; /* -1: unknown */
  int64_t count;
  int64_t first;
  int64_t last;
  int64_t timestamp;
  uint64_t positions;
} source_reading;

typedef struct reading {
  bool from_start;
  bool gaps;
  bool listing;
  text list;
  int64_t messages;
  int64_t first;
  int64_t last;
  int64_t previous;
  int64_t lost;
  int64_t repeated;
  int64_t torn;
  int64_t disordered;
  int64_t backwards;
  int64_t unaligned;
  uint64_t digest;
  char violation[200];
  size_t sources;
  source_reading by_source[MAX_SOURCES];
} reading;

void reading_seek(reading *target, bool to_start);
void reading_begin(reading *target, bool gaps, bool listing);
void reading_add(reading *target, const ss_message *message);
void reading_answer(const reading *source, int64_t moved, text *answer);

/* ---- handles.c: what was opened, by number; safe for every worker */

typedef struct peer_queue {
  int64_t id;
  ss_queue *queue;
  uint16_t source_id;
  bool manual_clock;
  _Atomic int64_t now;
} peer_queue;

typedef struct peer_writer {
  int64_t id;
  peer_queue *queue;
  ss_publisher *publisher;
  uint64_t positions;
  uint8_t *buffer;
  size_t capacity;
  size_t claimed; /* used length of the open claim */
} peer_writer;

typedef struct peer_reader {
  int64_t id;
  peer_queue *queue;
  ss_subscriber *subscriber;
  reading reading;
} peer_reader;

/* All answer NULL and make the answer an error if there is none. */
peer_queue *find_queue(const fields *request, text *answer);
peer_writer *find_writer(const fields *request, text *answer);
peer_reader *find_reader(const fields *request, text *answer);

void keep_queue(peer_queue *queue);
void keep_writer(peer_writer *writer);
void keep_reader(peer_reader *reader);

void close_writer(peer_writer *writer);
void close_reader(peer_reader *reader);
/* Closes what belongs to it first. */
void close_queue(peer_queue *queue);
void close_everything(void);

/* ---- the commands; each appends its answer. False: not one of its commands. */

bool obey_queue_command(const fields *request, text *answer);
bool obey_writer_command(const fields *request, text *answer);
bool obey_reader_command(const fields *request, text *answer);

#endif
