#include "publisher.h"

#include "envelope.h"
#include "error.h"
#include "system.h"

#include <stdlib.h>
#include <string.h>

int ss_publisher_open(ss_queue *queue, ss_publisher **publisher) {
  if (queue == NULL || publisher == NULL) {
    return SS_ERR_ARGUMENT;
  }
  *publisher = NULL;
  if (!queue->writable) {
    ss_error error;
    ss_fail(&error, SS_ERR_READ_ONLY, 0, "%s was opened read-only: open it without SS_READ_ONLY to publish", queue->name);
    return ss_queue_keep_error(queue, &error);
  }
  ss_publisher *const opened = calloc(1, sizeof *opened);
  if (opened == NULL) {
    return SS_ERR_NO_MEMORY;
  }
  opened->queue = queue;
  ss_store_init(&opened->store);
  opened->last_written = -1;
  opened->known_schema = -1;
  *publisher = opened;
  return SS_OK;
}

void ss_publisher_close(ss_publisher *publisher) {
  if (publisher == NULL) {
    return;
  }
  if (publisher->claimed) {
    ss_abort(publisher);
  }
  ss_window_unmap(&publisher->window);
  ss_store_close(&publisher->store);
  free(publisher);
}

const ss_error *ss_publisher_error(const ss_publisher *publisher) {
  return &publisher->error;
}

void ss_publisher_get_stats(const ss_publisher *publisher, ss_publisher_stats *stats) {
  *stats = publisher->stats;
}

/* ---- publishing */

static int check_length(ss_publisher *p, size_t body_length) {
  if (body_length > ss_queue_max_length(p->queue)) {
    return ss_fail(
        &p->error, SS_ERR_TOO_LONG, 0,
        "a message of %zu bytes does not fit the queue in %s (at most %zu): split it, or give the queue a larger "
        "block_size",
        body_length, p->queue->name, ss_queue_max_length(p->queue));
  }
  return SS_OK;
}

static int check_schema(ss_publisher *p, const uint8_t *message) {
  uint16_t header[4];
  memcpy(header, message, sizeof header);
  if (header[2] == p->known_schema && header[3] == p->known_version) {
    return SS_OK;
  }
  if (!ss_schema_is_known(p->queue, header[2], header[3])) {
    return ss_fail(
        &p->error, SS_ERR_UNKNOWN_SCHEMA, 0,
        "schema %u version %u is not known to the queue in %s: give it to ss_queue_add_schema", header[2], header[3],
        p->queue->name);
  }
  p->known_schema = header[2];
  p->known_version = header[3];
  return SS_OK;
}

static int check_message(ss_publisher *p, const void *message, size_t length) {
  if (message == NULL || length < SS_MESSAGE_HEADER_LENGTH) {
    return ss_fail(
        &p->error, SS_ERR_ARGUMENT, 0, "a message of %zu bytes has no SBE message header of 8 bytes",
        message == NULL ? (size_t)0 : length);
  }
  const int result = check_length(p, length - SS_MESSAGE_HEADER_LENGTH);
  return result != SS_OK ? result : check_schema(p, message);
}

static int check_free(ss_publisher *p) {
  return p->claimed ? ss_fail(&p->error, SS_ERR_CLAIM, 0, "a claim is open: commit or abort it first") : SS_OK;
}

static int check_timestamp(ss_publisher *p, int64_t timestamp) {
  if (timestamp != SS_NOW && timestamp < p->last_timestamp) {
    return ss_fail(
        &p->error, SS_ERR_TIMESTAMP, 0,
        "timestamp %lld is %llu ns before this publisher's last one: timestamps never decrease within a source",
        (long long)timestamp, (unsigned long long)p->last_timestamp - (unsigned long long)timestamp);
  }
  return SS_OK;
}

/* The time that a message is stamped with: never before the last one's. */
static int64_t stamp(const ss_publisher *p, int64_t timestamp, int64_t now) {
  return timestamp != SS_NOW ? timestamp : now > p->last_timestamp ? now : p->last_timestamp;
}

int64_t ss_publish_batch(
    ss_publisher *publisher, const ss_bytes *messages, size_t count, int64_t timestamp, int64_t *position) {
  if (publisher == NULL || (messages == NULL && count > 0)) {
    return SS_ERR_ARGUMENT;
  }
  int result = check_free(publisher);
  if (result == SS_OK) {
    result = check_timestamp(publisher, timestamp);
  }
  size_t published = 0;
  bool locked = false;
  int64_t now = 0;
  while (result == SS_OK && published < count) {
    const ss_bytes *const message = &messages[published];
    result = check_message(publisher, message->data, message->length);
    if (result != SS_OK) {
      break;
    }
    const size_t body_length = message->length - SS_MESSAGE_HEADER_LENGTH;
    const int64_t document_length = ss_envelope_document_length(body_length);
    result = locked ? ss_append_place(publisher, document_length, now) : ss_append_begin(publisher, document_length, &now);
    if (result != SS_OK) {
      break;
    }
    locked = true;
    uint8_t *const document = ss_window_at(&publisher->window, publisher->end.position + SS_HEADER_LENGTH);
    memcpy(document + SS_ENVELOPE_MESSAGE_OFFSET, message->data, message->length);
    result = ss_append_finish(publisher, body_length, stamp(publisher, timestamp, now), position);
    published += result == SS_OK;
  }
  // ss_append_begin() gives the lock back where it fails.
  if (locked) {
    const int unlocked = ss_append_end(publisher);
    result = result == SS_OK ? unlocked : result;
  }
  return published > 0 && result != SS_ERR_LOCK_LOST ? (int64_t)published : result;
}

int ss_publish(ss_publisher *publisher, const void *message, size_t length, int64_t timestamp, int64_t *position) {
  const ss_bytes one = {message, length};
  const int64_t published = ss_publish_batch(publisher, &one, 1, timestamp, position);
  return published < 0 ? (int)published : SS_OK;
}

int ss_claim(ss_publisher *publisher, size_t length, void **message) {
  if (publisher == NULL || message == NULL) {
    return SS_ERR_ARGUMENT;
  }
  *message = NULL;
  int64_t now;
  int result = check_free(publisher);
  if (result == SS_OK) {
    result = check_length(publisher, length);
  }
  if (result == SS_OK) {
    result = ss_append_begin(publisher, ss_envelope_document_length(length), &now);
  }
  if (result != SS_OK) {
    return result;
  }
  publisher->claimed = true;
  publisher->claimed_length = length;
  *message = ss_window_at(&publisher->window, publisher->end.position + SS_HEADER_LENGTH + SS_ENVELOPE_MESSAGE_OFFSET);
  return SS_OK;
}

int ss_abort(ss_publisher *publisher) {
  if (publisher == NULL) {
    return SS_ERR_ARGUMENT;
  }
  if (!publisher->claimed) {
    return ss_fail(&publisher->error, SS_ERR_CLAIM, 0, "no claim is open");
  }
  publisher->claimed = false;
  memset(
      ss_window_at(&publisher->window, publisher->end.position + SS_HEADER_LENGTH), 0,
      (size_t)ss_envelope_document_length(publisher->claimed_length));
  return ss_append_end(publisher);
}

int ss_commit(ss_publisher *publisher, size_t length, int64_t *position) {
  if (publisher == NULL) {
    return SS_ERR_ARGUMENT;
  }
  if (!publisher->claimed) {
    return ss_fail(&publisher->error, SS_ERR_CLAIM, 0, "no claim is open");
  }
  uint8_t *const document = ss_window_at(&publisher->window, publisher->end.position + SS_HEADER_LENGTH);
  int result = SS_OK;
  if (length > publisher->claimed_length) {
    result = ss_fail(
        &publisher->error, SS_ERR_ARGUMENT, 0, "the message takes %zu bytes, the claim was for %zu: claim more", length,
        publisher->claimed_length);
  } else {
    result = check_schema(publisher, document + SS_ENVELOPE_MESSAGE_OFFSET);
  }
  if (result != SS_OK) {
    ss_abort(publisher);
    return result;
  }
  publisher->claimed = false;
  const int64_t used = ss_envelope_document_length(length);
  memset(document + used, 0, (size_t)(ss_envelope_document_length(publisher->claimed_length) - used));
  result = ss_append_finish(publisher, length, stamp(publisher, SS_NOW, ss_queue_now(publisher->queue)), position);
  const int unlocked = ss_append_end(publisher);
  return result != SS_OK ? result : unlocked;
}

int ss_publisher_pretouch(ss_publisher *publisher, size_t length) {
  if (publisher == NULL) {
    return SS_ERR_ARGUMENT;
  }
  if (publisher->claimed || !ss_store_is_open(&publisher->store)) {
    return SS_OK;
  }
  // Where others have written meanwhile; about is good enough, as nothing is changed.
  const int64_t written = atomic_load_explicit(publisher->store.write_position, memory_order_relaxed);
  const int64_t position = written > publisher->end.position ? written : publisher->end.position;
  ss_window *const window = &publisher->window;
  if (!ss_window_covers(window, position, 1)) {
    return SS_OK;
  }
  const int64_t page = (int64_t)ss_page_size();
  const int64_t room = window->offset + window->length;
  int64_t ahead = length > (size_t)(room - position) ? room : (position + (int64_t)length + page - 1) / page * page;
  ahead = ahead > room ? room : ahead;
  const int64_t from = (publisher->prepared > position ? publisher->prepared : position) / page * page;
  if (ahead <= from) {
    return SS_OK;
  }
  const int64_t slack = ss_append_slack(publisher);
  if (ahead + slack > publisher->reserved) {
    if (ss_file_reserve(publisher->store.fd, from, ahead + slack - from) != 0) {
      return SS_OK; // whoever publishes into it will be told
    }
    publisher->reserved = ahead + slack;
  }
  if (ss_populate(ss_window_at(window, from), (size_t)(ahead - from)) == 0) {
    // Under a hypervisor the first access to a page is dear even then: look at each.
    for (int64_t at = from; at < ahead; at += page) {
      (void)*(volatile const uint8_t *)ss_window_at(window, at);
    }
    if (publisher->prepared >= publisher->end.position) {
      publisher->prepared = ahead;
    }
  }
  return SS_OK;
}
