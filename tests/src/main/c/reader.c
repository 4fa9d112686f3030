#include "peer.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define IDLE_NS 50000
#define POLL_LIMIT 256
#define DEFAULT_TIMEOUT_NS INT64_C(60000000000)

static void reader_error(const peer_reader *reader, text *answer) {
  const ss_error *error = ss_subscriber_error(reader->subscriber);
  text_error(answer, error->code, error->message);
}

static int64_t now_ns(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void open_reader(const fields *request, text *answer) {
  peer_queue *queue = find_queue(request, answer);
  if (queue == NULL) {
    return;
  }
  peer_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) {
    abort();
  }
  reader->id = fields_number(request, "subscriber", -1);
  reader->queue = queue;
  const int code = ss_subscriber_open(queue->queue, fields_text(request, "name", NULL), &reader->subscriber);
  if (code != SS_OK) {
    ss_error error;
    ss_queue_error(queue->queue, &error);
    text_error(answer, code, code == error.code ? error.message : "(and ss_queue_error has another code)");
    free(reader);
    return;
  }
  const int resumed = ss_subscriber_resumed(reader->subscriber);
  reading_seek(&reader->reading, !resumed);
  keep_reader(reader);
  text_add(answer, "ok resumed=%d position=%" PRId64, resumed, ss_subscriber_position(reader->subscriber));
}

static void seek(peer_reader *reader, const fields *request, text *answer) {
  const char *to = fields_text(request, "to", "");
  const int64_t value = fields_number(request, "value", 0);
  int code = SS_ERR_ARGUMENT;
  if (strcmp(to, "start") == 0) {
    code = ss_to_start(reader->subscriber);
  } else if (strcmp(to, "end") == 0) {
    code = ss_to_end(reader->subscriber);
  } else if (strcmp(to, "position") == 0) {
    code = ss_to_position(reader->subscriber, value);
  } else if (strcmp(to, "time") == 0) {
    code = ss_to_time(reader->subscriber, value);
  }
  if (code != SS_OK) {
    reader_error(reader, answer);
    return;
  }
  reading_seek(&reader->reading, strcmp(to, "start") == 0);
  text_add(answer, "ok position=%" PRId64, ss_subscriber_position(reader->subscriber));
}

static void filter(peer_reader *reader, const fields *request, text *answer) {
  uint16_t templates[65];
  size_t count = 0;
  const char *list = fields_text(request, "templates", NULL);
  while (list != NULL && *list != 0 && count < sizeof templates / sizeof templates[0]) {
    char *end;
    templates[count++] = (uint16_t)strtoul(list, &end, 10);
    list = *end == ',' ? end + 1 : end;
  }
  const int code = ss_subscriber_filter(
      reader->subscriber, (int)fields_number(request, "schema", SS_ANY), (int)fields_number(request, "source", SS_ANY),
      templates, count);
  if (code != SS_OK) {
    reader_error(reader, answer);
    return;
  }
  text_add(answer, "ok");
}

/* One read command. */
typedef struct read_call {
  reading *reading;
  int64_t refuse; /* number of the message that the handler refuses, or -1 */
  bool refused;
} read_call;

static int on_message(void *context, const ss_message *message) {
  read_call *call = context;
  if (call->reading->messages == call->refuse) {
    call->refused = true;
    return 1;
  }
  reading_add(call->reading, message);
  return 0;
}

/* Moves past messages that are there already; answers how many, or a code. */
static int64_t step(peer_reader *reader, read_call *call, bool one_by_one, int64_t most) {
  const int64_t limit = most < POLL_LIMIT ? most : POLL_LIMIT;
  if (!one_by_one) {
    return ss_poll(reader->subscriber, on_message, call, (size_t)limit);
  }
  int64_t moved = 0;
  while (moved < limit) {
    ss_message message;
    const int code = ss_next(reader->subscriber, &message);
    if (code <= 0) {
      return code < 0 && moved == 0 ? code : moved;
    }
    reading_add(call->reading, &message);
    moved++;
  }
  return moved;
}

static void read_messages(peer_reader *reader, const fields *request, text *answer) {
  const char *by = fields_text(request, "by", "poll");
  const bool waits = strcmp(by, "wait") == 0;
  const int64_t limit = fields_number(request, "limit", INT64_MAX);
  const int64_t until = fields_number(request, "until", 0);
  const int64_t deadline = now_ns() + fields_number(request, "timeout", DEFAULT_TIMEOUT_NS);
  read_call call = {&reader->reading, fields_number(request, "refuse", -1), false};
  reading_begin(&reader->reading, fields_text(request, "gaps", NULL) != NULL, fields_text(request, "list", NULL) != NULL);
  int64_t moved = 0;
  while (moved < limit && (until == 0 || reader->reading.messages < until) && !call.refused) {
    const int64_t left = limit - moved;
    const int64_t most = until == 0 || until - reader->reading.messages > left ? left : until - reader->reading.messages;
    int64_t done = step(reader, &call, strcmp(by, "next") == 0, most);
    const int64_t time_left = deadline - now_ns();
    if (done == 0 && !call.refused && (until == 0 || time_left < 0)) {
      break;
    }
    if (done == 0 && !call.refused && waits) {
      const int code = ss_wait(reader->subscriber, time_left);
      done = code < 0 ? code : 0;
    } else if (done == 0 && !call.refused) {
      const struct timespec idle = {0, IDLE_NS};
      nanosleep(&idle, NULL);
    }
    if (done < 0) {
      reader_error(reader, answer);
      text_add(answer, " (after %" PRId64 " messages)", reader->reading.messages);
      return;
    }
    moved += done;
  }
  reading_answer(&reader->reading, moved, answer);
  text_add(answer, " position=%" PRId64, ss_subscriber_position(reader->subscriber));
}

static void await_message(peer_reader *reader, const fields *request, text *answer) {
  const int code = ss_wait(reader->subscriber, fields_number(request, "timeout", 0));
  if (code < 0) {
    reader_error(reader, answer);
    return;
  }
  text_add(answer, "ok ready=%d", code);
}

bool obey_reader_command(const fields *request, text *answer) {
  static const struct {
    const char *name;
    void (*run)(peer_reader *reader, const fields *request, text *answer);
  } commands[] = {
      {"seek", seek}, {"filter", filter}, {"read", read_messages}, {"wait", await_message}, {"done", NULL},
  };
  if (strcmp(request->command, "subscriber") == 0) {
    open_reader(request, answer);
    return true;
  }
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    if (strcmp(request->command, commands[i].name) == 0) {
      peer_reader *reader = find_reader(request, answer);
      if (reader != NULL && commands[i].run != NULL) {
        commands[i].run(reader, request, answer);
      } else if (reader != NULL) {
        ss_subscriber_done(reader->subscriber);
        text_add(answer, "ok");
      }
      return true;
    }
  }
  return false;
}
