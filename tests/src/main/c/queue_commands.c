#include "peer.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void queue_error(peer_queue *queue, text *answer) {
  ss_error error;
  ss_queue_error(queue->queue, &error);
  text_error(answer, error.code, error.message);
}

static int64_t manual_clock(void *context) {
  const peer_queue *queue = context;
  return atomic_load(&queue->now);
}

static bool set_options(const fields *request, peer_queue *queue, ss_queue_options *options, text *answer) {
  const char *mode = fields_text(request, "mode", "create");
  ss_queue_options_init(options);
  if (strcmp(mode, "create") == 0) {
    options->mode = SS_OPEN_OR_CREATE;
  } else if (strcmp(mode, "existing") == 0) {
    options->mode = SS_OPEN_EXISTING;
  } else if (strcmp(mode, "readonly") == 0) {
    options->mode = SS_READ_ONLY;
  } else {
    text_error(answer, SS_ERR_ARGUMENT, mode);
    return false;
  }
  options->directory = fields_text(request, "directory", NULL);
  options->roll_cycle = fields_text(request, "roll", options->roll_cycle);
  options->block_size = (uint32_t)fields_number(request, "block", options->block_size);
  options->source_id = (uint16_t)fields_number(request, "source", options->source_id);
  options->lock_timeout_ns = fields_number(request, "lock", options->lock_timeout_ns);
  options->open_timeout_ns = fields_number(request, "opening", options->open_timeout_ns);
  options->foreign_interval_ns = fields_number(request, "interval", options->foreign_interval_ns);
  queue->id = fields_number(request, "queue", -1);
  queue->source_id = options->source_id;
  queue->manual_clock = fields_text(request, "now", NULL) != NULL;
  if (queue->manual_clock) {
    atomic_store(&queue->now, fields_number(request, "now", 0));
    options->clock = manual_clock;
    options->clock_context = queue;
  }
  return true;
}

static void open_queue(const fields *request, text *answer) {
  ss_queue_options options;
  ss_error error;
  peer_queue *queue = calloc(1, sizeof *queue);
  if (queue == NULL) {
    abort();
  }
  if (!set_options(request, queue, &options, answer)) {
    free(queue);
    return;
  }
  const int code = ss_queue_open(&options, &queue->queue, &error);
  if (code != SS_OK) {
    text_error(answer, code, code == error.code ? error.message : "(and ss_error has another code)");
    free(queue);
    return;
  }
  const char *schema = fields_text(request, "schema", NULL);
  if (schema != NULL && options.mode != SS_READ_ONLY && ss_queue_add_schema_file(queue->queue, schema) != SS_OK) {
    queue_error(queue, answer);
    ss_queue_close(queue->queue);
    free(queue);
    return;
  }
  keep_queue(queue);
  text_add(answer, "ok max=%zu roll=%s", ss_queue_max_length(queue->queue), ss_queue_roll_cycle(queue->queue));
}

static void bounds(peer_queue *queue, text *answer) {
  int64_t first;
  int64_t last;
  if (ss_queue_first_position(queue->queue, &first) != SS_OK || ss_queue_last_position(queue->queue, &last) != SS_OK) {
    queue_error(queue, answer);
    return;
  }
  text_add(answer, "ok first=%" PRId64 " last=%" PRId64, first, last);
}

static void queue_stats(peer_queue *queue, text *answer) {
  ss_queue_stats stats;
  if (ss_queue_get_stats(queue->queue, &stats) != SS_OK) {
    queue_error(queue, answer);
    return;
  }
  text_add(
      answer, "ok first=%" PRId64 " last=%" PRId64 " files=%" PRIu64 " bytes=%" PRIu64 " disk=%" PRIu64 " owner=%" PRId32,
      stats.first_position, stats.last_position, stats.files, stats.bytes, stats.disk_bytes, stats.lock_owner);
}

static void writer_stats(const peer_writer *writer, text *answer) {
  ss_publisher_stats stats;
  ss_publisher_get_stats(writer->publisher, &stats);
  text_add(
      answer,
      "ok messages=%" PRIu64 " bytes=%" PRIu64 " rolls=%" PRIu64 " contended=%" PRIu64 " takeovers=%" PRIu64
      " wakes=%" PRIu64 " waited=%" PRId64,
      stats.messages, stats.bytes, stats.rolls, stats.contended, stats.takeovers, stats.wakes, stats.longest_wait_ns);
}

static void reader_stats(const peer_reader *reader, text *answer) {
  ss_subscriber_stats stats;
  ss_subscriber_get_stats(reader->subscriber, &stats);
  text_add(
      answer,
      "ok messages=%" PRIu64 " filtered=%" PRIu64 " foreign=%" PRIu64 " rolls=%" PRIu64 " sleeps=%" PRIu64
      " position=%" PRId64 " lost=%" PRIu64,
      stats.messages, stats.filtered, stats.foreign, stats.rolls, stats.sleeps, ss_subscriber_position(reader->subscriber),
      stats.lost);
}

static void prune(peer_queue *queue, const fields *request, text *answer) {
  const ss_retention limits = {
      .age_ns = fields_number(request, "age", 0),
      .bytes = (uint64_t)fields_number(request, "bytes", 0),
      .hard_bytes = (uint64_t)fields_number(request, "hard", 0),
  };
  ss_pruned pruned;
  const int code = ss_queue_prune(queue->queue, &limits, &pruned);
  if (code == SS_ERR_ARGUMENT) {
    text_error(answer, code, "");
    return;
  }
  if (code != SS_OK) {
    queue_error(queue, answer);
    return;
  }
  text_add(
      answer,
      "ok deleted=%" PRIu64 " bytes=%" PRIu64 " kept=%" PRIu64 " beneath=%" PRIu64 " process=%" PRId32 " durable=%s",
      pruned.deleted, pruned.bytes, pruned.kept, pruned.beneath, pruned.process, pruned.durable);
}

static void close_one(const fields *request, text *answer) {
  if (fields_text(request, "publisher", NULL) != NULL) {
    peer_writer *writer = find_writer(request, answer);
    if (writer == NULL) {
      return;
    }
    close_writer(writer);
  } else if (fields_text(request, "subscriber", NULL) != NULL) {
    peer_reader *reader = find_reader(request, answer);
    if (reader == NULL) {
      return;
    }
    close_reader(reader);
  } else {
    peer_queue *queue = find_queue(request, answer);
    if (queue == NULL) {
      return;
    }
    close_queue(queue);
  }
  text_add(answer, "ok");
}

static void stats(const fields *request, text *answer) {
  if (fields_text(request, "publisher", NULL) != NULL) {
    const peer_writer *writer = find_writer(request, answer);
    if (writer != NULL) {
      writer_stats(writer, answer);
    }
  } else if (fields_text(request, "subscriber", NULL) != NULL) {
    const peer_reader *reader = find_reader(request, answer);
    if (reader != NULL) {
      reader_stats(reader, answer);
    }
  } else {
    peer_queue *queue = find_queue(request, answer);
    if (queue != NULL) {
      queue_stats(queue, answer);
    }
  }
}

bool obey_queue_command(const fields *request, text *answer) {
  const char *command = request->command;
  if (strcmp(command, "open") == 0) {
    open_queue(request, answer);
    return true;
  }
  if (strcmp(command, "stats") == 0) {
    stats(request, answer);
    return true;
  }
  if (strcmp(command, "close") == 0) {
    close_one(request, answer);
    return true;
  }
  if (strcmp(command, "reset") == 0) {
    close_everything();
    text_add(answer, "ok");
    return true;
  }
  if (strcmp(command, "clock") != 0 && strcmp(command, "schema") != 0 && strcmp(command, "bounds") != 0 &&
      strcmp(command, "wake") != 0 && strcmp(command, "prune") != 0) {
    return false;
  }
  peer_queue *queue = find_queue(request, answer);
  if (queue == NULL) {
    return true;
  }
  if (strcmp(command, "bounds") == 0) {
    bounds(queue, answer);
    return true;
  }
  if (strcmp(command, "prune") == 0) {
    prune(queue, request, answer);
    return true;
  }
  if (strcmp(command, "schema") == 0 && ss_queue_add_schema_file(queue->queue, fields_text(request, "file", "")) != SS_OK) {
    queue_error(queue, answer);
    return true;
  }
  if (strcmp(command, "clock") == 0) {
    atomic_store(&queue->now, fields_number(request, "now", 0));
  }
  if (strcmp(command, "wake") == 0) {
    ss_queue_wake(queue->queue);
  }
  text_add(answer, "ok");
  return true;
}
