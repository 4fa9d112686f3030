#include "peer.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define MAX_HANDLES 64

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static peer_queue *queues[MAX_HANDLES];
static peer_writer *writers[MAX_HANDLES];
static peer_reader *readers[MAX_HANDLES];

static void no_handle(const fields *request, const char *kind, text *answer) {
  char message[80];
  snprintf(message, sizeof message, "no %s %s", kind, fields_text(request, kind, "(none named)"));
  text_error(answer, SS_ERR_ARGUMENT, message);
}

/* The tables differ in nothing but their type. */
#define TABLE(type, kind, table)                                                                                           \
  type *find_##kind(const fields *request, text *answer) {                                                                 \
    const int64_t id = fields_number(request, FIELD_##kind, -1);                                                           \
    type *found = NULL;                                                                                                    \
    pthread_mutex_lock(&lock);                                                                                             \
    for (size_t i = 0; i < MAX_HANDLES && found == NULL; i++) {                                                            \
      found = table[i] != NULL && table[i]->id == id ? table[i] : NULL;                                                    \
    }                                                                                                                      \
    pthread_mutex_unlock(&lock);                                                                                           \
    if (found == NULL) {                                                                                                   \
      no_handle(request, FIELD_##kind, answer);                                                                            \
    }                                                                                                                      \
    return found;                                                                                                          \
  }                                                                                                                        \
                                                                                                                           \
  void keep_##kind(type *kind) {                                                                                           \
    size_t i = 0;                                                                                                          \
    pthread_mutex_lock(&lock);                                                                                             \
    while (i < MAX_HANDLES && table[i] != NULL) {                                                                          \
      i++;                                                                                                                 \
    }                                                                                                                      \
    if (i == MAX_HANDLES) {                                                                                                \
      abort();                                                                                                             \
    }                                                                                                                      \
    table[i] = kind;                                                                                                       \
    pthread_mutex_unlock(&lock);                                                                                           \
  }                                                                                                                        \
                                                                                                                           \
  static void forget_##kind(const type *kind) {                                                                            \
    pthread_mutex_lock(&lock);                                                                                             \
    for (size_t i = 0; i < MAX_HANDLES; i++) {                                                                             \
      if (table[i] == kind) {                                                                                              \
        table[i] = NULL;                                                                                                   \
      }                                                                                                                    \
    }                                                                                                                      \
    pthread_mutex_unlock(&lock);                                                                                           \
  }

#define FIELD_queue "queue"
#define FIELD_writer "publisher"
#define FIELD_reader "subscriber"

TABLE(peer_queue, queue, queues)
TABLE(peer_writer, writer, writers)
TABLE(peer_reader, reader, readers)

void close_writer(peer_writer *writer) {
  forget_writer(writer);
  ss_publisher_close(writer->publisher);
  free(writer->buffer);
  free(writer);
}

void close_reader(peer_reader *reader) {
  forget_reader(reader);
  ss_subscriber_close(reader->subscriber);
  free(reader->reading.list.data);
  free(reader);
}

void close_queue(peer_queue *queue) {
  for (size_t i = 0; i < MAX_HANDLES; i++) {
    pthread_mutex_lock(&lock);
    peer_writer *writer = writers[i];
    peer_reader *reader = readers[i];
    pthread_mutex_unlock(&lock);
    if (writer != NULL && writer->queue == queue) {
      close_writer(writer);
    }
    if (reader != NULL && reader->queue == queue) {
      close_reader(reader);
    }
  }
  forget_queue(queue);
  ss_queue_close(queue->queue);
  free(queue);
}

void close_everything(void) {
  for (size_t i = 0; i < MAX_HANDLES; i++) {
    pthread_mutex_lock(&lock);
    peer_queue *queue = queues[i];
    pthread_mutex_unlock(&lock);
    if (queue != NULL) {
      close_queue(queue);
    }
  }
}
