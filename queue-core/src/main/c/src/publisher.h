/* A publisher, as its calls (publisher.c), appending (append.c) and rolling (roll.c) see it. */
#ifndef SS_PUBLISHER_H
#define SS_PUBLISHER_H

#include "queue.h"

/* What is zeroed behind a document, so that the header that follows reads as nothing. */
#define SS_ZERO_BEHIND 8

struct ss_publisher {
  ss_queue *queue;
  ss_store store;
  ss_window window;
  ss_place end;         /* where the next document goes, as far as we know */
  int64_t last_written; /* the file's write position when end was right; -1 if it is not known */
  int64_t prepared;     /* up to where the file may be written without a look: mapped, reserved, populated */
  int64_t reserved;     /* up to where disk blocks are */
  int64_t next_roll_ns; /* when the next cycle begins */
  int64_t last_timestamp;
  int known_schema; /* -1: none */
  int known_version;
  bool claimed;
  size_t claimed_length;
  ss_publisher_stats stats;
  ss_error error;
};

/*
 * Takes the write lock and finds room for a document at the end of the queue; *now receives the time. On failure the lock is
 * free.
 */
int ss_append_begin(ss_publisher *p, int64_t document_length, int64_t *now);

/* Finds room for a further document under the same hold of the lock. */
int ss_append_place(ss_publisher *p, int64_t document_length, int64_t now);

/* Publishes the document that stands at the end but for its envelope. */
int ss_append_finish(ss_publisher *p, size_t body_length, int64_t timestamp, int64_t *position);

/* Gives the write lock back and wakes who sleeps. */
int ss_append_end(ss_publisher *p);

/* What must be reserved behind a document: an index page may have to go there. */
static inline int64_t ss_append_slack(const ss_publisher *p) {
  return ss_index_page_length(p->store.index_count) + SS_ZERO_BEHIND;
}

/* Forgets where the end of the queue is. */
void ss_append_forget(ss_publisher *p);

/* Enters the file of the present cycle, or of a later one that is there: never goes back. Under the write lock. */
int ss_append_roll(ss_publisher *p, int64_t now);

#endif
