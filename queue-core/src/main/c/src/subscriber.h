/* A subscriber, as reading (subscriber.c) and seeking (seek.c) see it. */
#ifndef SS_SUBSCRIBER_H
#define SS_SUBSCRIBER_H

#include "queue.h"
#include "readers.h"

#define SS_MAX_TEMPLATES 64

struct ss_subscriber {
  ss_queue *queue;
  ss_store store; /* the file it reads, if it is in one */
  ss_window window;
  ss_pin pin;
  ss_place next;  /* in the file */
  int64_t wanted; /* where to begin, while it is in no file */
  int64_t length; /* of the document at next, header not counted, once one was found there */
  int64_t seen;   /* count of changes of the set of files when it was looked at last */
  int64_t looked_ns;
  ss_shared_int64 *durable; /* the position in the table store, or NULL */
  uint32_t wakes;           /* of the queue's, seen by the last wait */
  bool unhandled;           /* the durable position is behind */
  bool resumed;
  int schema_id;
  int source_id;
  size_t template_count;
  uint16_t templates[SS_MAX_TEMPLATES];
  ss_subscriber_stats stats;
  ss_error error;
};

/*
 * Goes on to the next message's document, over metadata, ends of files and files that are gone.
 * 1: it is at s->next, s->length bytes long; 0: there is none yet; or a negative code.
 */
int ss_subscriber_advance(ss_subscriber *s);

/* Makes it look at the directory the next time that it may have to go to another file. */
void ss_subscriber_look_again(ss_subscriber *s);

/* Says to those who delete files which one it reads, or will read first. */
void ss_subscriber_hold(ss_subscriber *s, int32_t cycle);

/* Leaves the file it reads. */
void ss_subscriber_leave(ss_subscriber *s);

#endif
