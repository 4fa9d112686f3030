/*
 * Publishes a quote a millisecond.
 *
 *     publisher quotes codecs/c/example-schema.sbeir 1000
 *
 * Look at them with the subscriber beside this, or with: slipstream tail quotes --json
 */
#define _POSIX_C_SOURCE 200809L /* for nanosleep */

#include <slipstream.h>

#include <example/quote.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Encodes one quote with its message header; returns the length of both. */
static size_t encode(char *buffer, size_t capacity, long number) {
  static const char *const symbols[] = {"ACME", "GLOBEX", "INITECH"};
  const char *symbol = symbols[number % 3];
  struct example_messageHeader header;
  struct example_quote quote;
  example_quote_wrap_and_apply_header(&quote, buffer, 0, capacity, &header);
  example_quote_set_price(&quote, 100.0 + (double)(number % 100) / 4);
  example_quote_set_quantity(&quote, number);
  example_quote_set_side(&quote, number % 2 == 0 ? example_side_BUY : example_side_SELL);
  example_quote_put_symbol(&quote, symbol, (uint16_t)strlen(symbol)); /* variable data last, in the schema's order */
  return SS_MESSAGE_HEADER_LENGTH + example_quote_encoded_length(&quote);
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: %s QUEUE SCHEMA.sbeir [COUNT]\n", argv[0]);
    return 2;
  }
  const long count = argc > 3 ? strtol(argv[3], NULL, 10) : 10000;

  ss_queue_options options;
  ss_queue_options_init(&options);
  options.directory = argv[1];
  ss_queue *queue;
  ss_error error;
  if (ss_queue_open(&options, &queue, &error) != SS_OK) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  int status = 1;
  ss_publisher *publisher = NULL;
  /* The schema travels with the queue: any tool prints its messages. */
  if (ss_queue_add_schema_file(queue, argv[2]) != SS_OK || ss_publisher_open(queue, &publisher) != SS_OK) {
    ss_queue_error(queue, &error);
    fprintf(stderr, "%s\n", error.message);
    goto close;
  }
  for (long i = 0; i < count; i++) {
    char buffer[256];
    if (ss_publish(publisher, buffer, encode(buffer, sizeof buffer, i), SS_NOW, NULL) != SS_OK) {
      fprintf(stderr, "%s\n", ss_publisher_error(publisher)->message);
      goto close;
    }
    const struct timespec millisecond = {.tv_nsec = 1000000};
    nanosleep(&millisecond, NULL);
  }
  status = 0;
close:
  ss_publisher_close(publisher);
  ss_queue_close(queue);
  return status;
}
