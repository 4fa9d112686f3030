#include "peer.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* What a publish command says. */
typedef struct publication {
  int64_t count;
  uint64_t first;
  size_t min;
  size_t max;
  uint64_t templates;
  uint16_t schema_id;
  uint16_t version;
  int64_t timestamp; /* or SS_NOW */
  int64_t step;
  int64_t tick;
  int64_t batch;
} publication;

static void writer_error(const peer_writer *writer, text *answer) {
  const ss_error *error = ss_publisher_error(writer->publisher);
  text_error(answer, error->code, error->message);
}

static void open_writer(const fields *request, text *answer) {
  peer_queue *queue = find_queue(request, answer);
  if (queue == NULL) {
    return;
  }
  peer_writer *writer = calloc(1, sizeof *writer);
  if (writer == NULL) {
    abort();
  }
  writer->id = fields_number(request, "publisher", -1);
  writer->queue = queue;
  const int code = ss_publisher_open(queue->queue, &writer->publisher);
  if (code != SS_OK) {
    ss_error error;
    ss_queue_error(queue->queue, &error);
    text_error(answer, code, code == error.code ? error.message : "(and ss_queue_error has another code)");
    free(writer);
    return;
  }
  keep_writer(writer);
  text_add(answer, "ok");
}

static void reserve(peer_writer *writer, size_t capacity) {
  if (writer->capacity < capacity) {
    free(writer->buffer);
    writer->buffer = malloc(capacity);
    writer->capacity = capacity;
    if (writer->buffer == NULL) {
      abort();
    }
  }
}

/* Encodes a message into the writer's buffer; answers its length. */
static size_t encode(peer_writer *writer, const publication *what, uint64_t sequence, size_t offset) {
  const size_t length = content_length(sequence, what->min, what->max);
  content_header(
      writer->buffer + offset, (uint16_t)(1 + sequence % what->templates), length, what->schema_id, what->version);
  content_fill(writer->buffer + offset + SS_MESSAGE_HEADER_LENGTH, writer->queue->source_id, sequence, length);
  return SS_MESSAGE_HEADER_LENGTH + length;
}

static void tick(peer_writer *writer, int64_t duration) {
  if (duration != 0) {
    atomic_fetch_add(&writer->queue->now, duration);
  }
}

/* Publishes one by one; the position of every message is known. Answers a code. */
static int publish_each(peer_writer *writer, const publication *what, int64_t *published, int64_t *first, int64_t *last) {
  int64_t timestamp = what->timestamp;
  reserve(writer, SS_MESSAGE_HEADER_LENGTH + what->max);
  for (*published = 0; *published < what->count; (*published)++) {
    const size_t length = encode(writer, what, what->first + (uint64_t)*published, 0);
    int64_t position = SS_NO_POSITION;
    const int code = ss_publish(writer->publisher, writer->buffer, length, timestamp, &position);
    if (code != SS_OK) {
      return code;
    }
    *first = *published == 0 ? position : *first;
    *last = position;
    writer->positions = content_mix(writer->positions ^ (uint64_t)position);
    timestamp = timestamp == SS_NOW ? SS_NOW : timestamp + what->step;
    tick(writer, what->tick);
  }
  return SS_OK;
}

/* Publishes in batches; only the position of the last of each is known, so that there is no digest of them. */
static int publish_batches(
    peer_writer *writer, const publication *what, int64_t *published, int64_t *first, int64_t *last) {
  const size_t slot = (SS_MESSAGE_HEADER_LENGTH + what->max + 7) / 8 * 8;
  ss_bytes *messages = calloc((size_t)what->batch, sizeof *messages);
  int code = SS_OK;
  reserve(writer, slot * (size_t)what->batch);
  if (messages == NULL) {
    abort();
  }
  *published = 0;
  *first = SS_NO_POSITION;
  while (*published < what->count && code == SS_OK) {
    const int64_t left = what->count - *published;
    const size_t count = (size_t)(left < what->batch ? left : what->batch);
    for (size_t i = 0; i < count; i++) {
      messages[i].data = writer->buffer + i * slot;
      messages[i].length = encode(writer, what, what->first + (uint64_t)*published + i, i * slot);
    }
    const int64_t done = ss_publish_batch(writer->publisher, messages, count, what->timestamp, last);
    if (done < 0) {
      code = (int)done;
    } else {
      *published += done;
      code = (size_t)done < count ? ss_publisher_error(writer->publisher)->code : SS_OK;
      tick(writer, what->tick);
    }
  }
  free(messages);
  return code;
}

static void publish(peer_writer *writer, const fields *request, text *answer) {
  publication what = {
      .count = fields_number(request, "count", 1),
      .first = (uint64_t)fields_number(request, "first", 0),
      .min = (size_t)fields_number(request, "min", 0),
      .templates = (uint64_t)fields_number(request, "templates", 1),
      .schema_id = (uint16_t)fields_number(request, "schema", CONTENT_SCHEMA_ID),
      .version = (uint16_t)fields_number(request, "version", CONTENT_SCHEMA_VERSION),
      .timestamp = fields_number(request, "timestamp", SS_NOW),
      .step = fields_number(request, "step", 0),
      .tick = fields_number(request, "tick", 0),
      .batch = fields_number(request, "batch", 0),
  };
  what.max = (size_t)fields_number(request, "max", (int64_t)what.min);
  int64_t published = 0;
  int64_t first = SS_NO_POSITION;
  int64_t last = SS_NO_POSITION;
  const int code = what.batch > 0 ? publish_batches(writer, &what, &published, &first, &last)
                                  : publish_each(writer, &what, &published, &first, &last);
  if (code != SS_OK && published == 0) {
    writer_error(writer, answer);
    return;
  }
  text_add(
      answer, "ok published=%" PRId64 " first=%" PRId64 " last=%" PRId64 " positions=%" PRIx64, published, first, last,
      writer->positions);
  if (code != SS_OK) {
    text_add(answer, " stopped=%s", code_name(code));
  }
}

static void claim(peer_writer *writer, const fields *request, text *answer) {
  const uint64_t sequence = (uint64_t)fields_number(request, "sequence", 0);
  uint8_t *message;
  void *room = NULL;
  if (ss_claim(writer->publisher, (size_t)fields_number(request, "length", 0), &room) != SS_OK) {
    writer_error(writer, answer);
    return;
  }
  message = room;
  writer->claimed = (size_t)fields_number(request, "used", 0);
  content_header(
      message, (uint16_t)fields_number(request, "template", 1), writer->claimed,
      (uint16_t)fields_number(request, "schema", CONTENT_SCHEMA_ID),
      (uint16_t)fields_number(request, "version", CONTENT_SCHEMA_VERSION));
  content_fill(message + SS_MESSAGE_HEADER_LENGTH, writer->queue->source_id, sequence, writer->claimed);
  text_add(answer, "ok");
}

static void commit(peer_writer *writer, text *answer) {
  int64_t position = SS_NO_POSITION;
  if (ss_commit(writer->publisher, writer->claimed, &position) != SS_OK) {
    writer_error(writer, answer);
    return;
  }
  writer->positions = content_mix(writer->positions ^ (uint64_t)position);
  text_add(answer, "ok position=%" PRId64 " positions=%" PRIx64, position, writer->positions);
}

bool obey_writer_command(const fields *request, text *answer) {
  const char *command = request->command;
  if (strcmp(command, "publisher") == 0) {
    open_writer(request, answer);
    return true;
  }
  if (strcmp(command, "publish") != 0 && strcmp(command, "claim") != 0 && strcmp(command, "commit") != 0 &&
      strcmp(command, "abort") != 0 && strcmp(command, "pretouch") != 0) {
    return false;
  }
  peer_writer *writer = find_writer(request, answer);
  if (writer == NULL) {
    return true;
  }
  if (strcmp(command, "publish") == 0) {
    publish(writer, request, answer);
  } else if (strcmp(command, "claim") == 0) {
    claim(writer, request, answer);
  } else if (strcmp(command, "commit") == 0) {
    commit(writer, answer);
  } else {
    const int code = strcmp(command, "abort") == 0
                         ? ss_abort(writer->publisher)
                         : ss_publisher_pretouch(writer->publisher, (size_t)fields_number(request, "length", 0));
    if (code != SS_OK) {
      writer_error(writer, answer);
    } else {
      text_add(answer, "ok");
    }
  }
  return true;
}
