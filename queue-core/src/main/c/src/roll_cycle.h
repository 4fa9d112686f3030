/*
 * Roll cycles: how often a queue starts a new file, what the files are called, and how a position is made of a cycle and
 * a sequence number. Names, lengths and index sizes are Chronicle's (RollCycles, 2026.4).
 */
#ifndef SS_ROLL_CYCLE_H
#define SS_ROLL_CYCLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest name of a data file, without its suffix. */
#define SS_CYCLE_NAME_CAPACITY 32

typedef struct ss_roll_cycle {
  const char *name;
  const char *format; /* as java.time writes it; stored in the queue */
  int32_t length_ms;
  uint32_t index_count;   /* entries of an index page, and of the page of pages; a power of two */
  uint32_t index_spacing; /* messages from one index entry to the next; a power of two */
} ss_roll_cycle;

/* The index-th roll cycle, or NULL. */
const ss_roll_cycle *ss_roll_cycle_at(size_t index);

/* The roll cycle of a name, or NULL. */
const ss_roll_cycle *ss_roll_cycle_named(const char *name);

/* The roll cycle of a stored format, or NULL. */
const ss_roll_cycle *ss_roll_cycle_of_format(const char *format);

/* Bits of a position that hold the sequence number. */
unsigned ss_cycle_shift(uint32_t index_count, uint32_t index_spacing);

/* Messages that one file can hold. */
int64_t ss_cycle_capacity(uint32_t index_count, uint32_t index_spacing);

/* Writes the name of a cycle's data file, without its suffix. */
void ss_cycle_format(const ss_roll_cycle *cycle, int64_t epoch_ms, int64_t number, char name[SS_CYCLE_NAME_CAPACITY]);

/* The cycle that a data file's name, without its suffix, stands for; false if it is not a name of this roll cycle. */
bool ss_cycle_parse(const ss_roll_cycle *cycle, int64_t epoch_ms, const char *name, size_t length, int32_t *number);

#endif
