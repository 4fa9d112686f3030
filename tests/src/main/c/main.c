/* Reads requests, has each obeyed by its worker's thread, ends with its standard input. */
#include "peer.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORKERS 4

typedef struct request_line {
  struct request_line *next;
  char *line;
} request_line;

typedef struct worker {
  int number;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t arrived;
  request_line *first;
  request_line *last;
  bool ended;
} worker;

static worker workers[WORKERS];
static pthread_mutex_t output_lock = PTHREAD_MUTEX_INITIALIZER;

static void obey(const worker *self, char *line) {
  fields request;
  text answer = {NULL, 0, 0};
  fields_parse(&request, line);
  if (request.command == NULL) {
    text_error(&answer, SS_ERR_ARGUMENT, "an empty line");
  } else if (
      !obey_queue_command(&request, &answer) && !obey_writer_command(&request, &answer) &&
      !obey_reader_command(&request, &answer)) {
    text_add(&answer, "error UNSUPPORTED the native library has no %s", request.command);
  }
  pthread_mutex_lock(&output_lock);
  printf("%d %s\n", self->number, answer.data);
  fflush(stdout);
  pthread_mutex_unlock(&output_lock);
  free(answer.data);
}

static void *work(void *argument) {
  worker *self = argument;
  for (;;) {
    pthread_mutex_lock(&self->lock);
    while (self->first == NULL && !self->ended) {
      pthread_cond_wait(&self->arrived, &self->lock);
    }
    request_line *request = self->first;
    if (request != NULL) {
      self->first = request->next;
    }
    pthread_mutex_unlock(&self->lock);
    if (request == NULL) {
      return NULL;
    }
    obey(self, request->line);
    free(request->line);
    free(request);
  }
}

static void hand_over(const char *line) {
  char *rest = NULL;
  const long number = strtol(line, &rest, 10);
  request_line *request = calloc(1, sizeof *request);
  if (number < 0 || number >= WORKERS || request == NULL || (request->line = strdup(rest)) == NULL) {
    abort();
  }
  worker *target = &workers[number];
  pthread_mutex_lock(&target->lock);
  if (target->first == NULL) {
    target->first = request;
  } else {
    target->last->next = request;
  }
  target->last = request;
  pthread_cond_signal(&target->arrived);
  pthread_mutex_unlock(&target->lock);
}

int main(void) {
  for (int i = 0; i < WORKERS; i++) {
    workers[i].number = i;
    pthread_mutex_init(&workers[i].lock, NULL);
    pthread_cond_init(&workers[i].arrived, NULL);
    if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
      return 1;
    }
  }
  char *line = NULL;
  size_t capacity = 0;
  for (ssize_t length = getline(&line, &capacity, stdin); length > 0; length = getline(&line, &capacity, stdin)) {
    line[strcspn(line, "\n")] = 0;
    hand_over(line);
  }
  free(line);
  for (int i = 0; i < WORKERS; i++) {
    pthread_mutex_lock(&workers[i].lock);
    workers[i].ended = true;
    pthread_cond_signal(&workers[i].arrived);
    pthread_mutex_unlock(&workers[i].lock);
    pthread_join(workers[i].thread, NULL);
  }
  close_everything();
  return 0;
}
