/*
 * A service in C for programs in any language: reads Requests from one queue and answers each in another. Ctrl-C ends it.
 *
 *     request_reply requests responses codecs/c/example-schema.sbeir
 *
 * Its name makes it durable: what is asked while it is away, it answers when it is back. One that dies between its answer and
 * the next call answers that request twice: who asks tells answers apart by their correlation id.
 */
#include <slipstream.h>

#include <example/request.h>
#include <example/response.h>

#include <signal.h>
#include <stdio.h>

static volatile sig_atomic_t stopped;

static void stop(int signal) {
  (void)signal;
  stopped = 1;
}

static ss_queue *open_queue(const char *directory, const char *schema) {
  ss_queue_options options;
  ss_queue_options_init(&options);
  options.directory = directory;
  ss_queue *queue;
  ss_error error;
  if (ss_queue_open(&options, &queue, &error) != SS_OK) {
    fprintf(stderr, "%s\n", error.message);
    return NULL;
  }
  if (ss_queue_add_schema_file(queue, schema) != SS_OK) {
    ss_queue_error(queue, &error);
    fprintf(stderr, "%s\n", error.message);
    ss_queue_close(queue);
    return NULL;
  }
  return queue;
}

/* Answers one request, encoded straight into the file of the responses. */
static int answer(ss_publisher *publisher, const ss_message *message) {
  struct example_request request;
  /* SBE's decoders read through char *, and write nothing. */
  if (example_request_wrap_for_decode(
          &request, (char *)message->body, 0, message->block_length, message->version, message->length) == NULL) {
    return SS_OK; /* shorter than it says: nothing to answer */
  }
  const size_t length = example_response_sbe_block_length();
  void *claimed;
  const int code = ss_claim(publisher, length, &claimed);
  if (code != SS_OK) {
    return code;
  }
  struct example_messageHeader header;
  struct example_response response;
  example_response_wrap_and_apply_header(&response, claimed, 0, SS_MESSAGE_HEADER_LENGTH + length, &header);
  example_response_set_correlationId(&response, example_request_correlationId(&request));
  example_response_set_sum(
      &response, (int64_t)((uint64_t)example_request_left(&request) + (uint64_t)example_request_right(&request)));
  return ss_commit(publisher, length, NULL);
}

/* Returns SS_OK when it is stopped. */
static int serve(ss_subscriber *subscriber, ss_publisher *publisher) {
  const uint16_t wanted = example_request_sbe_template_id();
  int code = ss_subscriber_filter(subscriber, example_request_sbe_schema_id(), SS_ANY, &wanted, 1);
  while (!stopped && code >= 0) {
    ss_message message;
    code = ss_next(subscriber, &message);
    if (code == 1) {
      code = answer(publisher, &message);
    } else if (code == 0) {
      code = ss_wait(subscriber, 100 * INT64_C(1000000));
    }
  }
  return code < 0 ? code : SS_OK;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: %s REQUESTS RESPONSES SCHEMA.sbeir\n", argv[0]);
    return 2;
  }
  signal(SIGINT, stop);
  signal(SIGTERM, stop);
  int status = 1;
  ss_queue *requests = open_queue(argv[1], argv[3]);
  ss_queue *responses = requests == NULL ? NULL : open_queue(argv[2], argv[3]);
  ss_subscriber *subscriber = NULL;
  ss_publisher *publisher = NULL;
  if (responses != NULL) {
    ss_error error;
    if (ss_subscriber_open(requests, "responder", &subscriber) != SS_OK) {
      ss_queue_error(requests, &error);
      fprintf(stderr, "%s\n", error.message);
    } else if (ss_publisher_open(responses, &publisher) != SS_OK) {
      ss_queue_error(responses, &error);
      fprintf(stderr, "%s\n", error.message);
    } else if (serve(subscriber, publisher) != SS_OK) {
      fprintf(
          stderr, "requests: %s\nresponses: %s\n", ss_subscriber_error(subscriber)->message,
          ss_publisher_error(publisher)->message);
    } else {
      status = 0;
    }
  }
  ss_publisher_close(publisher);
  ss_subscriber_close(subscriber);
  ss_queue_close(responses);
  ss_queue_close(requests);
  return status;
}
