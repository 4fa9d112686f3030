/*
 * Slipstream: persistent queues of typed messages that native programs and JVMs share.
 *
 * A queue is a directory of memory-mapped files in the format of Chronicle Queue 2026 (wire format "cq4"). Any number of
 * processes publish to it and read it at the same time, with no broker and no helper process. What is published is on the page
 * cache at once and survives the death of every process.
 *
 *     ss_queue_options options;
 *     ss_queue_options_init(&options);
 *     options.directory = "quotes";
 *     ss_queue *queue;
 *     ss_error error;
 *     if (ss_queue_open(&options, &queue, &error) != SS_OK) {
 *         fprintf(stderr, "%s\n", error.message);
 *     }
 *
 * Errors: every function that can fail returns SS_OK or a count, never below 0, or one of the negative codes of ss_code.
 * ss_strerror says what a code means; ss_*_error says what went wrong last in a handle, naming the file and the remedy.
 * The library never prints, never exits and keeps no global state.
 *
 * Threads: a queue may be shared by threads. A publisher or a subscriber belongs to one thread at a time. Handles must not be
 * used in a child process after fork(2): open the queue anew there.
 *
 * Processes: all that write to a queue must share a pid namespace, by which they know that one of them is dead. A file that
 * another program truncates while it is mapped kills the process that reads it there (SIGBUS), as any mapped file does.
 *
 * A message is one queue document, little-endian (envelope version 1):
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +---------------+---------+-----+-------------------------------+
 *     | version = 1   |    0    | pad |           source id           |   0
 *     +---------------+---------+-----+-------------------------------+
 *     |            timestamp, ns since the Unix epoch, UTC            |   4
 *     |                                                               |
 *     +-------------------------------+-------------------------------+
 *     |          block length         |          template id          |  12   the SBE message header
 *     +-------------------------------+-------------------------------+
 *     |           schema id           |            version            |  16
 *     +-------------------------------+-------------------------------+
 *     |                            SBE body                          ...  20   8-byte aligned in memory
 *     +---------------------------------------------------------------+
 *     |                       0-7 padding bytes                      ...
 *     +---------------------------------------------------------------+
 */
#ifndef SLIPSTREAM_H
#define SLIPSTREAM_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define SS_API __attribute__((visibility("default")))
#else
#define SS_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define SS_VERSION_MAJOR 0
#define SS_VERSION_MINOR 1
#define SS_VERSION_PATCH 0

/* No message has this position. */
#define SS_NO_POSITION INT64_C(-1)

/* A timestamp that means: the time at which the message is published. */
#define SS_NOW INT64_MIN

/* Bytes of the SBE message header, which every message begins with: u16 blockLength, templateId, schemaId, version. */
#define SS_MESSAGE_HEADER_LENGTH 8

/* What a function answers when it fails. */
typedef enum ss_code {
  SS_OK = 0,
  SS_ERR_ARGUMENT = -1,         /* an argument is not valid: see the function */
  SS_ERR_IO = -2,               /* the system refused: see ss_error.os_error */
  SS_ERR_NOT_FOUND = -3,        /* no queue in the directory */
  SS_ERR_FORMAT = -4,           /* the directory or a file in it holds something else, or is damaged */
  SS_ERR_VERSION = -5,          /* a format version that this library does not know: use the version that wrote it */
  SS_ERR_PERMISSION = -6,       /* no permission: grant it, or open with SS_READ_ONLY */
  SS_ERR_READ_ONLY = -7,        /* the queue was opened with SS_READ_ONLY */
  SS_ERR_LOCKED = -8,           /* a live process holds the write lock for longer than lock_timeout_ns */
  SS_ERR_APPEND_LOCKED = -9,    /* the queue is the sink of a replication: only its replicator may append */
  SS_ERR_TOO_LONG = -10,        /* the message is longer than ss_queue_max_length: split it, or raise block_size */
  SS_ERR_NO_SPACE = -11,        /* the file system is full; nothing was written: make room, then publish again */
  SS_ERR_CYCLE_FULL = -12,      /* the present file holds as many messages as its roll cycle allows */
  SS_ERR_UNKNOWN_SCHEMA = -13,  /* the queue does not hold the message's schema: ss_queue_add_schema first */
  SS_ERR_SCHEMA_CONFLICT = -14, /* the queue holds another schema of this id and version: raise the version */
  SS_ERR_TIMESTAMP = -15,       /* the timestamp is before this publisher's last one */
  SS_ERR_NO_MESSAGE = -16,      /* no message at the position: it was deleted, or belongs to another queue */
  SS_ERR_CLAIM = -17,           /* a claim is open, or none is */
  SS_ERR_NO_MEMORY = -18,       /* out of memory or address space */
  SS_ERR_CORRUPT = -19,         /* a document in a file is damaged: the readable part ends before it */
  SS_ERR_LOCK_LOST = -20,       /* the lock was taken from this process while it held it; the message may not be there */
  SS_ERR_TIMEOUT = -21,         /* the time ran out: open_timeout_ns for a file that another creates, or the call's own */
} ss_code;

/* What went wrong. */
typedef struct ss_error {
  int code;          /* an ss_code */
  int os_error;      /* errno of the system call that failed, or 0 */
  char message[500]; /* one line: the file, the reason and the remedy; UTF-8, ends in 0 */
} ss_error;

typedef struct ss_queue ss_queue;
typedef struct ss_publisher ss_publisher;
typedef struct ss_subscriber ss_subscriber;

/* How to open a queue. */
typedef enum ss_open_mode {
  SS_OPEN_OR_CREATE = 0, /* create directory and queue if missing */
  SS_OPEN_EXISTING = 1,  /* the queue must exist */
  SS_READ_ONLY = 2,      /* the queue must exist; its directory is never written to: subscribers only, none durable */
} ss_open_mode;

/* Settings of a queue; every one has a default but the directory. */
typedef struct ss_queue_options {
  /* Of this struct, in bytes; set by ss_queue_options_init. */
  size_t size;

  /* Of the queue. */
  const char *directory;

  /* SS_OPEN_OR_CREATE by default. */
  ss_open_mode mode;

  /* To create with: one of ss_roll_cycle_name; "FAST_DAILY" by default. A queue keeps the one that it was made with. */
  const char *roll_cycle;

  /* Bytes, a power of two from 256 KiB; 64 MiB by default. A quarter is the longest document, so all users must agree. */
  uint32_t block_size;

  /* Who publishes: every message carries it; 1 by default. */
  uint16_t source_id;

  /*
   * How long to wait for a live owner of the write lock; 5 s by default. A dead owner's lock is taken over within a
   * millisecond or two whatever this says.
   */
  int64_t lock_timeout_ns;

  /* How long to wait for a file that another process is creating; 10 s by default. */
  int64_t open_timeout_ns;

  /*
   * How long a sleeping subscriber takes at most to see the messages of a writer that wakes nobody, as Chronicle's own do
   * not; 100 ms by default. It looks after 1 ms, then ever more seldom.
   */
  int64_t foreign_interval_ns;

  /*
   * How much of the file a publisher maps at a time when it comes to new pages, in place of a page fault for each; 64 KiB by
   * default, 0 for page faults.
   */
  uint32_t populate_bytes;

  /* Stamps messages and starts new files: ns since the Unix epoch; NULL for the system's. */
  int64_t (*clock)(void *context);
  void *clock_context;
} ss_queue_options;

/* Sets every option to its default. */
SS_API void ss_queue_options_init(ss_queue_options *options);

/* What a code means, in a few words; never NULL. */
SS_API const char *ss_strerror(int code);

/* Version of the library, "0.1.0". */
SS_API const char *ss_version(void);

/* Name of the index-th roll cycle that can be created, from 0 on; NULL behind the last. */
SS_API const char *ss_roll_cycle_name(size_t index);

/*
 * Opens or creates a queue.
 *
 * options: see above; copied.
 * queue:   receives the queue, or NULL.
 * error:   receives what went wrong; may be NULL.
 * Returns SS_OK, SS_ERR_NOT_FOUND, SS_ERR_FORMAT, SS_ERR_VERSION, SS_ERR_PERMISSION, SS_ERR_IO, SS_ERR_TIMEOUT, ...
 */
SS_API int ss_queue_open(const ss_queue_options *options, ss_queue **queue, ss_error *error);

/*
 * Closes a queue; its publishers and subscribers must be closed before. NULL is allowed.
 */
SS_API void ss_queue_close(ss_queue *queue);

/* What went wrong last in a call on the queue by any thread; not for publishers and subscribers, which have their own. */
SS_API void ss_queue_error(ss_queue *queue, ss_error *error);

/*
 * Keeps a schema with the queue, as schema/<id>-<version>.sbeir, so that any tool prints its messages. Messages can be
 * published only if their schema is there.
 *
 * ir, length: the schema in SBE's binary IR, as `SbeTool -Dsbe.generate.ir=true` writes it.
 * Returns SS_OK, also if it was there; SS_ERR_FORMAT if it is no IR; SS_ERR_SCHEMA_CONFLICT, SS_ERR_READ_ONLY, SS_ERR_IO.
 */
SS_API int ss_queue_add_schema(ss_queue *queue, const void *ir, size_t length);

/* The same for a file that holds the IR. */
SS_API int ss_queue_add_schema_file(ss_queue *queue, const char *path);

/* Longest SBE body, header not counted, that fits a message of this queue, in bytes. */
SS_API size_t ss_queue_max_length(const ss_queue *queue);

/* Name of the queue's roll cycle. */
SS_API const char *ss_queue_roll_cycle(const ss_queue *queue);

/* Position of the oldest message that the queue still has, or SS_NO_POSITION if it is empty. */
SS_API int ss_queue_first_position(ss_queue *queue, int64_t *position);

/* Position of the newest message, or SS_NO_POSITION. Not for hot paths: this may scan. */
SS_API int ss_queue_last_position(ss_queue *queue, int64_t *position);

/* What a queue is made of. */
typedef struct ss_queue_stats {
  int64_t first_position; /* or SS_NO_POSITION */
  int64_t last_position;  /* or SS_NO_POSITION */
  uint64_t files;         /* number of data files */
  uint64_t bytes;         /* length of all data files; they are sparse */
  uint64_t disk_bytes;    /* what they take on disk */
  int32_t lock_owner;     /* pid of the process that holds the write lock at this moment, or 0 */
} ss_queue_stats;

SS_API int ss_queue_get_stats(ss_queue *queue, ss_queue_stats *stats);

/* How much of a queue to keep. The oldest files go first; the file that is being written always stays. */
typedef struct ss_retention {
  int64_t age_ns;      /* since a file was last written to: an older one goes, unless a reader needs it */
  uint64_t bytes;      /* on disk: as long as the queue takes more, its oldest file goes, unless a reader needs it */
  uint64_t hard_bytes; /* not below bytes: as long as the queue takes more, its oldest file goes even beneath readers */
} ss_retention;

/* What ss_queue_prune did. */
typedef struct ss_pruned {
  uint64_t deleted; /* files */
  uint64_t bytes;   /* that they took on disk */
  uint64_t kept;    /* files that were to go, but that a reader needs */
  uint64_t beneath; /* files, of those deleted, that a reader needed: ss_subscriber_stats.lost tells it what it misses */
  int32_t process;  /* pid of one that reads such a file, kept or deleted, in its pid namespace; 0 if there is none */
  char durable[65]; /* name of a durable subscriber that has not read such a file to its end; empty if there is none */
} ss_pruned;

/*
 * Deletes the oldest files, but none that a reader needs, unless the hard limit wants it.
 *
 * A file is needed by every subscriber, in C and in Java, that stands in it or in an older one, from its first message or seek
 * on until it is closed or its process dies; and by a durable subscriber, running or not, that has not read it to its end. A
 * new name that has read nothing needs nothing. Nobody knows of those who read otherwise: Chronicle's own tailers without a
 * name; subscribers of a queue that is open read-only and has no slipstream.readers, which whoever opens it for writing makes;
 * and those on another machine.
 *
 * While another process deletes, this does nothing.
 * Returns SS_OK, SS_ERR_ARGUMENT, SS_ERR_READ_ONLY, SS_ERR_PERMISSION, SS_ERR_IO; what was deleted before is in *pruned.
 */
SS_API int ss_queue_prune(ss_queue *queue, const ss_retention *limits, ss_pruned *pruned);

/* ---------------------------------------------------------------- publisher */

/* Makes a publisher. */
SS_API int ss_publisher_open(ss_queue *queue, ss_publisher **publisher);

/* Closes a publisher, aborting an open claim. NULL is allowed. */
SS_API void ss_publisher_close(ss_publisher *publisher);

/* What went wrong last in this publisher; valid until its next call. */
SS_API const ss_error *ss_publisher_error(const ss_publisher *publisher);

/*
 * Publishes a message that is encoded already. The write lock is held for the copy alone.
 *
 * message, length: the 8-byte SBE message header, then the body.
 * timestamp:       ns since the Unix epoch, not before this publisher's last one; or SS_NOW.
 * position:        receives the message's position; may be NULL.
 * Returns SS_OK; on any other code nothing was published, but see SS_ERR_LOCK_LOST.
 */
SS_API int ss_publish(ss_publisher *publisher, const void *message, size_t length, int64_t timestamp, int64_t *position);

/* Bytes in memory. */
typedef struct ss_bytes {
  const void *data;
  size_t length;
} ss_bytes;

/*
 * Publishes several messages under one hold of the write lock, in order; others may read each as soon as it is there.
 *
 * messages, count: as for ss_publish.
 * timestamp:       of all of them; or SS_NOW.
 * position:        receives the position of the last message; may be NULL.
 * Returns how many were published: fewer than count if one could not be (ss_publisher_error says why), a negative code if none.
 */
SS_API int64_t
ss_publish_batch(ss_publisher *publisher, const ss_bytes *messages, size_t count, int64_t timestamp, int64_t *position);

/*
 * Takes the write lock and room for a message in the mapped file. Until ss_commit or ss_abort no other publisher of this
 * queue, in any process, can append: encode and commit, never wait in between.
 *
 * length:  bytes of the SBE body at the most.
 * message: receives where to put the 8-byte SBE message header, then the body.
 */
SS_API int ss_claim(ss_publisher *publisher, size_t length, void **message);

/*
 * Publishes the claimed message, stamped with the present time, and releases the write lock.
 *
 * length: bytes of the body that are used, header not counted; at most what was claimed.
 * Returns SS_OK; on any other code the claim is aborted.
 */
SS_API int ss_commit(ss_publisher *publisher, size_t length, int64_t *position);

/* Gives the room back and releases the write lock; nothing was published. */
SS_API int ss_abort(ss_publisher *publisher);

/*
 * Prepares the part of the file that will be written next: reserves its disk blocks and maps its pages, so that the messages
 * to come meet no page fault. Call it when there is time; what is prepared already costs nothing. Takes no lock, changes no byte.
 *
 * length: bytes behind the end of the queue.
 */
SS_API int ss_publisher_pretouch(ss_publisher *publisher, size_t length);

/* What a publisher did. */
typedef struct ss_publisher_stats {
  uint64_t messages;       /* published */
  uint64_t bytes;          /* of documents published, headers counted */
  uint64_t rolls;          /* new files entered */
  uint64_t contended;      /* messages that had to wait for the write lock */
  uint64_t takeovers;      /* write locks taken over from dead processes */
  uint64_t wakes;          /* calls to the system to wake sleeping subscribers */
  uint64_t unindexed;      /* messages that the index lacks, as it is damaged: they are there, but found more slowly */
  uint64_t unmarked;       /* older files that have no end mark and could not be given one: damaged, or not writable */
  int64_t longest_wait_ns; /* for the write lock */
} ss_publisher_stats;

SS_API void ss_publisher_get_stats(const ss_publisher *publisher, ss_publisher_stats *stats);

/* ---------------------------------------------------------------- subscriber */

/*
 * One message, in place in the mapped file: valid until the subscriber's next call.
 */
typedef struct ss_message {
  int64_t position;      /* greater than that of every message before it */
  int64_t timestamp;     /* ns since the Unix epoch, UTC */
  const void *body;      /* the SBE body, 8-byte aligned; the 8-byte message header stands right before it */
  uint32_t length;       /* of the body in bytes: block, groups and variable data */
  uint16_t source_id;    /* who published it */
  uint16_t block_length; /* acting block length, for a decoder */
  uint16_t template_id;
  uint16_t schema_id;
  uint16_t version; /* acting version, for a decoder */
} ss_message;

/*
 * Makes a subscriber, at the start of the queue; or a durable one, where its namesake left off, in C or in Java. The file that
 * it reads, and all newer ones, are kept for it: see ss_queue_prune; so close it when it is not to read on.
 *
 * name: NULL, or at most 64 letters, digits, '-', '_' and '.'. One subscriber at a time may use a name.
 */
SS_API int ss_subscriber_open(ss_queue *queue, const char *name, ss_subscriber **subscriber);

/* Closes a subscriber; a durable one's position stays, behind the last message that was handled. NULL is allowed. */
SS_API void ss_subscriber_close(ss_subscriber *subscriber);

/* What went wrong last in this subscriber; valid until its next call. */
SS_API const ss_error *ss_subscriber_error(const ss_subscriber *subscriber);

/*
 * Takes the next message that the filter accepts, if there is one; never waits.
 *
 * A durable subscriber's position moves behind a message when the next is asked for, when it waits, or at
 * ss_subscriber_done: a process that dies before sees the message again (at least once).
 * Returns 1 with a message, 0 at the end of the queue, or a negative code; after SS_ERR_CORRUPT the subscriber stays where it is.
 */
SS_API int ss_next(ss_subscriber *subscriber, ss_message *message);

/* Says that the last message was handled. Only durable subscribers need it, and only to be exact about the last message. */
SS_API void ss_subscriber_done(ss_subscriber *subscriber);

/*
 * Called for each message; valid until it returns. May move the subscriber. Returns 0, or anything else to stop: that message
 * comes again.
 */
typedef int (*ss_handler)(void *context, const ss_message *message);

/*
 * Hands over messages that are there already; never waits.
 *
 * limit: of messages to move past, whether handled, filtered out or foreign.
 * Returns how many it moved past, 0 at the end of the queue, or a negative code.
 */
SS_API int64_t ss_poll(ss_subscriber *subscriber, ss_handler handler, void *context, size_t limit);

/*
 * Waits for the next document, asleep: costs no processor time and is woken by publishers of Slipstream in any process,
 * C or Java. A writer that wakes nobody is seen after foreign_interval_ns at most. So are all where the queue is read-only.
 *
 * timeout_ns: at most; 0 to look only; negative for no limit.
 * Returns 1 if there is something to read; 0 after the time-out, or after ss_queue_wake; or a negative code.
 */
SS_API int ss_wait(ss_subscriber *subscriber, int64_t timeout_ns);

/*
 * Has every subscriber of this handle come back from ss_wait, the present or else the next, for a loop that has to see that
 * it is to end; and wakes whoever waits for the queue in other processes to look again. For any thread.
 */
SS_API void ss_queue_wake(ss_queue *queue);

/* Moves before the oldest message that the queue still has. */
SS_API int ss_to_start(ss_subscriber *subscriber);

/* Moves behind the newest message. */
SS_API int ss_to_end(ss_subscriber *subscriber);

/* Moves to a message, so that it is the next; SS_ERR_NO_MESSAGE if it is not there, and the subscriber stays where it is. */
SS_API int ss_to_position(ss_subscriber *subscriber, int64_t position);

/*
 * Moves to the first message that is not older than a time; to the end if all are. A search by halves: it relies on
 * timestamps that do not decrease along the queue.
 */
SS_API int ss_to_time(ss_subscriber *subscriber, int64_t timestamp);

/* Position of the next message, there or still to come. */
SS_API int64_t ss_subscriber_position(const ss_subscriber *subscriber);

/* 1 if this durable subscriber found a position to resume from. */
SS_API int ss_subscriber_resumed(const ss_subscriber *subscriber);

/* In place of a schema id or a source id: any. */
#define SS_ANY (-1)

/*
 * Chooses the messages to hand over from now on.
 *
 * schema_id: wanted, or SS_ANY.
 * source_id: wanted, or SS_ANY.
 * template_ids, count: wanted, at most 64; 0 for any.
 */
SS_API int ss_subscriber_filter(
    ss_subscriber *subscriber, int schema_id, int source_id, const uint16_t *template_ids, size_t count);

/* What a subscriber did. */
typedef struct ss_subscriber_stats {
  uint64_t messages; /* handed over */
  uint64_t filtered; /* messages that the filter did not accept */
  uint64_t foreign;  /* documents that are no messages of ours, passed over */
  uint64_t rolls;    /* new files entered */
  uint64_t sleeps;   /* times that ss_wait slept */
  uint64_t lost;     /* messages that ss_queue_prune, or Java's, deleted before this subscriber came to them, known once it
                      * has gone on to the file behind them; a file that was too damaged to be counted counts as one */
} ss_subscriber_stats;

SS_API void ss_subscriber_get_stats(const ss_subscriber *subscriber, ss_subscriber_stats *stats);

/* ---------------------------------------------------------------- locks between processes */

/* Bytes that a lock takes in shared memory, at an address that is a multiple of 8. All zero, they are a free lock. */
#define SS_LOCK_LENGTH 16

/* In place of SS_OK: the lock is held, and what it protects may be half written. */
#define SS_RECOVERED 1

/*
 * A handle of a lock in memory that processes share, C and Java alike: io.slipstream.memory.LockWordDescriptor tells the layout
 * and FastLock is the same in Java. A handle is one owner: it is not reentrant, and two handles exclude each other even within
 * one thread. Its members are the library's own; it needs no closing.
 *
 * Free, a lock costs one compare-and-exchange to acquire and one to release, no system call. An owner that died loses it to
 * the next who wants it.
 *
 * Threads: one at a time for a handle; another may release. After fork(2) the child makes handles of its own.
 * Processes: all must share a pid namespace, by which they know that an owner is dead.
 */
typedef struct ss_lock {
  void *memory;
  uint64_t held;
  int32_t owner;
  uint32_t start;
  int recovered;
} ss_lock;

/*
 * Makes a handle. The lock itself is untouched, and need not be free.
 *
 * memory: SS_LOCK_LENGTH bytes, mapped shared and writable as long as the handle is used.
 * Returns SS_OK, or SS_ERR_ARGUMENT if the address is not aligned.
 */
SS_API int ss_lock_init(ss_lock *lock, void *memory);

/*
 * Acquires the lock.
 *
 * timeout_ns: how long to wait at most; 0 for not at all, negative for ever.
 * Returns SS_OK; SS_RECOVERED if it came from an owner that died while it held it, or that it was taken from by
 * ss_lock_break; SS_ERR_TIMEOUT; SS_ERR_ARGUMENT if this handle holds it already.
 */
SS_API int ss_lock_acquire(ss_lock *lock, int64_t timeout_ns);

/* The same as ss_lock_acquire without waiting. */
SS_API int ss_lock_try(ss_lock *lock);

/*
 * Releases the lock.
 *
 * Returns SS_OK; SS_ERR_LOCK_LOST if it was taken away meanwhile, and then nothing is released: it may be another's by now;
 * SS_ERR_ARGUMENT if this handle does not hold it.
 */
SS_API int ss_lock_release(ss_lock *lock);

/* Pid of the process that has the lock, or 0 if it is free. */
SS_API int32_t ss_lock_owner(const ss_lock *lock);

/*
 * Takes the lock away from an owner that does not give it back, whether it lives or not; it is free then. An owner that lives
 * goes on, and learns of it when it releases. For people and for repair.
 *
 * Returns 1, or 0 if it was free.
 */
SS_API int ss_lock_break(ss_lock *lock);

/* ---------------------------------------------------------------- exchanges */

/*
 * An exchange: a block of shared memory through which up to 16 programs, in C and in Java, send each other texts and typed
 * messages; io.slipstream.memory.exchange is the same in Java and tells the layout. Every program receives what the others
 * send from the moment it attaches, each message once and in the same order, and not what it sent itself. Whoever comes later
 * still finds the latest text.
 *
 *     ss_exchange *exchange;
 *     ss_error error;
 *     if (ss_exchange_open("greetings", 1 << 16, &exchange, &error) != SS_OK) {
 *         fprintf(stderr, "%s\n", error.message);
 *     }
 *     ss_exchange_send_text(exchange, "Hello", 5, -1);
 *     ss_exchange_message message;
 *     while (ss_exchange_wait(exchange, -1) == 1) {
 *         while (ss_exchange_next(exchange, &message) == 1) { ... }
 *     }
 *
 * Nothing is lost: there is room for a message only once every program that is attached, and lives, has read what stands in
 * its place. A program that dies leaves nothing half sent, blocks nobody and is no longer counted, provided that all share a
 * pid namespace.
 *
 * Threads: a handle belongs to one at a time; open one for each.
 */
typedef struct ss_exchange ss_exchange;

/* Bytes of the shortest exchange. A quarter, or so, is the longest message. */
#define SS_EXCHANGE_MIN_LENGTH 1856

/* What a message of an exchange carries. */
#define SS_EXCHANGE_TEXT 1  /* text in UTF-8, without a 0 at its end */
#define SS_EXCHANGE_TYPED 2 /* an SBE message header, then the body */

/*
 * One message, in place in shared memory: valid until the exchange's next call but sending. Another program that means harm may
 * change the bytes at any time, but not what stands here.
 */
typedef struct ss_exchange_message {
  int64_t position;      /* greater than that of every message before it */
  const void *data;      /* the text, or the SBE message header; 8-byte aligned */
  uint32_t length;       /* of the data in bytes */
  int32_t sender;        /* pid, as the sender says */
  uint16_t type;         /* SS_EXCHANGE_TEXT or SS_EXCHANGE_TYPED */
  uint16_t block_length; /* of a typed message, for a decoder of its body, behind SS_MESSAGE_HEADER_LENGTH bytes of data */
  uint16_t template_id;
  uint16_t schema_id;
  uint16_t version;
} ss_exchange_message;

/*
 * Attaches to the exchange in a POSIX segment, which is posix:NAME to Java; or makes it.
 *
 * name:     of the segment, without '/'.
 * length:   bytes of a new one, of which this user alone may have use; one that is there must be as long. 0: it must be there.
 * exchange: receives the handle, or NULL.
 * error:    receives what went wrong; may be NULL.
 * Returns SS_OK, SS_ERR_NOT_FOUND, SS_ERR_FORMAT, SS_ERR_VERSION, SS_ERR_NO_SPACE if 16 programs are attached, ...
 */
SS_API int ss_exchange_open(const char *name, size_t length, ss_exchange **exchange, ss_error *error);

/*
 * Attaches to the exchange in memory that the caller has mapped, shared and writable, at an address that is a multiple of 8; or
 * makes one there if it is all zero. The memory must stay until ss_exchange_close.
 */
SS_API int ss_exchange_over(void *memory, size_t length, ss_exchange **exchange, ss_error *error);

/* Detaches. Texts and messages stay for others. NULL is allowed. */
SS_API void ss_exchange_close(ss_exchange *exchange);

/* Removes the segment of a name; those who are attached keep it. SS_OK, SS_ERR_NOT_FOUND, ... */
SS_API int ss_exchange_remove(const char *name);

/* What went wrong last in this handle; valid until its next call. */
SS_API const ss_error *ss_exchange_error(const ss_exchange *exchange);

/* The most that a message carries: bytes of text, or of SBE message header and body. */
SS_API size_t ss_exchange_max_length(const ss_exchange *exchange);

/*
 * Sends a text to all who are attached, and makes it the latest.
 *
 * timeout_ns: how long to wait for room; 0 for not at all, negative for ever.
 * Returns SS_OK; SS_ERR_TIMEOUT if there was no room in time, or, however long it may wait, as soon as it is the message that
 * this program took last which stands in the way, until ss_exchange_next or ss_exchange_wait gives it back; SS_ERR_TOO_LONG;
 * SS_ERR_CORRUPT if the exchange is damaged, or this attachment was taken away; SS_ERR_LOCKED if a process that was stopped
 * holds the lock; SS_ERR_LOCK_LOST.
 */
SS_API int ss_exchange_send_text(ss_exchange *exchange, const char *text, size_t length, int64_t timeout_ns);

/* Sends a typed message: the 8-byte SBE message header, then the body. As ss_exchange_send_text, but the latest text stays. */
SS_API int ss_exchange_send(ss_exchange *exchange, const void *message, size_t length, int64_t timeout_ns);

/*
 * Takes the next message, if there is one; never waits. The one before it is given back, so that its place is free.
 *
 * Returns 1 with a message, 0, or a negative code; after SS_ERR_CORRUPT, what could not be read was passed over.
 */
SS_API int ss_exchange_next(ss_exchange *exchange, ss_exchange_message *message);

/*
 * Waits for a message, asleep: costs no processor time. Gives back the last message.
 *
 * timeout_ns: at most; 0 to look only; negative for no limit.
 * Returns 1 if there is a message, 0 after the time-out, or a negative code as ss_exchange_next does.
 */
SS_API int ss_exchange_wait(ss_exchange *exchange, int64_t timeout_ns);

/*
 * Copies the latest text that anybody has sent, this program included, even before it attached.
 *
 * text, size: receives the text and a 0 at its end; nothing if it does not fit.
 * Returns the length of the text, the 0 not counted: it was copied if that is less than size. SS_ERR_NO_MESSAGE if there was
 * no text yet; SS_ERR_CORRUPT; where others send texts without a pause, or one died while he did, also SS_ERR_LOCKED if a
 * process that was stopped holds the lock, and SS_ERR_TIMEOUT if the text still changed: try again.
 */
SS_API int64_t ss_exchange_text(ss_exchange *exchange, char *text, size_t size);

/* A number that rises with every message that anybody sends; 0 in a new exchange. */
SS_API int64_t ss_exchange_changes(const ss_exchange *exchange);

/* How many programs are attached, this one included: those whose process lives. */
SS_API int ss_exchange_attached(const ss_exchange *exchange);

/* From now on this program receives nothing, so that nobody waits for it to read. */
SS_API int ss_exchange_send_only(ss_exchange *exchange);

#ifdef __cplusplus
}
#endif

#endif
