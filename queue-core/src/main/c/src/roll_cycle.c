#include "roll_cycle.h"

#include "slipstream.h"

#include <stdio.h>
#include <string.h>

#define MINUTE (60 * 1000)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static const ss_roll_cycle CYCLES[] = {
    {"FIVE_MINUTELY", "yyyyMMdd-HHmm'V'", 5 * MINUTE, 2 << 10, 256},
    {"TEN_MINUTELY", "yyyyMMdd-HHmm'X'", 10 * MINUTE, 2 << 10, 256},
    {"TWENTY_MINUTELY", "yyyyMMdd-HHmm'XX'", 20 * MINUTE, 2 << 10, 256},
    {"HALF_HOURLY", "yyyyMMdd-HHmm'H'", 30 * MINUTE, 2 << 10, 256},
    {"FAST_HOURLY", "yyyyMMdd-HH'F'", HOUR, 4 << 10, 256},
    {"TWO_HOURLY", "yyyyMMdd-HH'II'", 2 * HOUR, 4 << 10, 256},
    {"FOUR_HOURLY", "yyyyMMdd-HH'IV'", 4 * HOUR, 4 << 10, 256},
    {"SIX_HOURLY", "yyyyMMdd-HH'VI'", 6 * HOUR, 4 << 10, 256},
    {"FAST_DAILY", "yyyyMMdd'F'", DAY, 4 << 10, 256},
    {"WEEKLY", "YYYY'W'ww", 7 * DAY, 4 << 10, 256},
    {"MINUTELY", "yyyyMMdd-HHmm", MINUTE, 2 << 10, 16},
    {"HOURLY", "yyyyMMdd-HH", HOUR, 4 << 10, 16},
    {"DAILY", "yyyyMMdd", DAY, 8 << 10, 64},
    {"LARGE_HOURLY", "yyyyMMdd-HH'L'", HOUR, 8 << 10, 64},
    {"LARGE_DAILY", "yyyyMMdd'L'", DAY, 32 << 10, 128},
    {"XLARGE_DAILY", "yyyyMMdd'X'", DAY, 32 << 10, 256},
    {"HUGE_DAILY", "yyyyMMdd'H'", DAY, 32 << 10, 1024},
    {"SMALL_DAILY", "yyyyMMdd'S'", DAY, 8 << 10, 8},
    {"LARGE_HOURLY_SPARSE", "yyyyMMdd-HH'LS'", HOUR, 4 << 10, 1024},
    {"LARGE_HOURLY_XSPARSE", "yyyyMMdd-HH'LX'", HOUR, 2 << 10, 1 << 20},
    {"HUGE_DAILY_XSPARSE", "yyyyMMdd'HX'", DAY, 16 << 10, 1 << 20},
    {"TEST_SECONDLY", "yyyyMMdd-HHmmss'T'", 1000, 32 << 10, 4},
    {"TEST4_SECONDLY", "yyyyMMdd-HHmmss'T4'", 1000, 32, 4},
    {"TEST_HOURLY", "yyyyMMdd-HH'T'", HOUR, 16, 4},
    {"TEST_DAILY", "yyyyMMdd'T1'", DAY, 8, 1},
    {"TEST2_DAILY", "yyyyMMdd'T2'", DAY, 16, 2},
    {"TEST4_DAILY", "yyyyMMdd'T4'", DAY, 32, 4},
    {"TEST8_DAILY", "yyyyMMdd'T8'", DAY, 128, 8},
};

const ss_roll_cycle *ss_roll_cycle_at(size_t index) {
  return index < sizeof CYCLES / sizeof CYCLES[0] ? &CYCLES[index] : NULL;
}

const char *ss_roll_cycle_name(size_t index) {
  const ss_roll_cycle *cycle = ss_roll_cycle_at(index);
  return cycle == NULL ? NULL : cycle->name;
}

const ss_roll_cycle *ss_roll_cycle_named(const char *name) {
  const ss_roll_cycle *cycle;
  for (size_t i = 0; (cycle = ss_roll_cycle_at(i)) != NULL; i++) {
    if (strcmp(cycle->name, name) == 0) {
      return cycle;
    }
  }
  return NULL;
}

const ss_roll_cycle *ss_roll_cycle_of_format(const char *format) {
  const ss_roll_cycle *cycle;
  for (size_t i = 0; (cycle = ss_roll_cycle_at(i)) != NULL; i++) {
    if (strcmp(cycle->format, format) == 0) {
      return cycle;
    }
  }
  return NULL;
}

static unsigned log2_of(uint32_t power) {
  return (unsigned)__builtin_ctz(power);
}

unsigned ss_cycle_shift(uint32_t index_count, uint32_t index_spacing) {
  const unsigned bits = 2 * log2_of(index_count) + log2_of(index_spacing);
  return bits < 32 ? 32 : bits;
}

int64_t ss_cycle_capacity(uint32_t index_count, uint32_t index_spacing) {
  const int64_t by_index = (int64_t)index_count * index_count * index_spacing;
  const int64_t by_bits = (INT64_C(1) << ss_cycle_shift(index_count, index_spacing)) - 1;
  return by_index < by_bits ? by_index : by_bits;
}

/* Days since 1970-01-01 of a date of the Gregorian calendar; after Howard Hinnant's days_from_civil. */
static int64_t days_of(int64_t year, unsigned month, unsigned day) {
  year -= month <= 2;
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t day_of_year = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + (int64_t)day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

static void date_of(int64_t days, int64_t *year, unsigned *month, unsigned *day) {
  days += 719468;
  const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const int64_t day_of_era = days - era * 146097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted = (5 * day_of_year + 2) / 153;
  *day = (unsigned)(day_of_year - (153 * shifted + 2) / 5 + 1);
  *month = (unsigned)(shifted < 10 ? shifted + 3 : shifted - 9);
  *year = year_of_era + era * 400 + (*month <= 2);
}

/* Sunday on or before a day: 1970-01-01 was a Thursday. */
static int64_t sunday_of(int64_t days) {
  const int64_t weekday = ((days + 4) % 7 + 7) % 7;
  return days - weekday;
}

/*
 * Week-based year and week as java.time has them where weeks start on Sunday and week 1 holds 1 January (Locale.US): what
 * Chronicle writes under such a default locale.
 */
static void week_of(int64_t days, int64_t *year, unsigned *week) {
  const int64_t sunday = sunday_of(days);
  unsigned month;
  unsigned day;
  date_of(sunday + 6, year, &month, &day);
  *week = (unsigned)((sunday - sunday_of(days_of(*year, 1, 1))) / 7 + 1);
}

/* Start of the count of cycles: names are made of whole days. */
static int64_t name_epoch(int64_t epoch_ms) {
  const int64_t within_day = epoch_ms % DAY;
  return within_day >= 0 ? epoch_ms - within_day : -(int64_t)DAY;
}

void ss_cycle_format(const ss_roll_cycle *cycle, int64_t epoch_ms, int64_t number, char name[SS_CYCLE_NAME_CAPACITY]) {
  const int64_t instant = number * cycle->length_ms + name_epoch(epoch_ms);
  const int64_t days = instant >= 0 ? instant / DAY : (instant - (DAY - 1)) / DAY;
  const unsigned seconds = (unsigned)((instant - days * DAY) / 1000);
  int64_t year;
  unsigned month = 0;
  unsigned day = 0;
  unsigned week = 0;
  if (cycle->format[0] == 'Y') {
    week_of(days, &year, &week);
  } else {
    date_of(days, &year, &month, &day);
  }
  char *out = name;
  char *const end = name + SS_CYCLE_NAME_CAPACITY - 1;
  for (const char *f = cycle->format; *f != 0 && out < end;) {
    char digits[24];
    if (*f == '\'') {
      for (f++; *f != '\''; f++) {
        if (out < end) {
          *out++ = *f;
        }
      }
      f++;
      continue;
    }
    if (*f == '-') {
      *out++ = *f++;
      continue;
    }
    const char letter = *f;
    size_t width = 0;
    while (*f == letter) {
      width++;
      f++;
    }
    const int64_t value = letter == 'y' || letter == 'Y' ? year
                          : letter == 'M'                ? month
                          : letter == 'd'                ? day
                          : letter == 'H'                ? seconds / 3600
                          : letter == 'm'                ? seconds / 60 % 60
                          : letter == 's'                ? seconds % 60
                                                         : week;
    snprintf(digits, sizeof digits, "%0*lld", (int)width, (long long)value);
    for (const char *d = digits; *d != 0 && out < end; d++) {
      *out++ = *d;
    }
  }
  *out = 0;
}

static bool number_at(const char *text, size_t width, unsigned *value) {
  *value = 0;
  for (size_t i = 0; i < width; i++) {
    if (text[i] < '0' || text[i] > '9') {
      return false;
    }
    *value = *value * 10 + (unsigned)(text[i] - '0');
  }
  return true;
}

bool ss_cycle_parse(const ss_roll_cycle *cycle, int64_t epoch_ms, const char *name, size_t length, int32_t *number) {
  unsigned year = 0;
  unsigned month = 1;
  unsigned day = 1;
  unsigned week = 1;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  size_t at = 0;
  for (const char *f = cycle->format; *f != 0;) {
    const char letter = *f;
    size_t width = 0;
    while (*f == letter && letter != '\'' && letter != '-') {
      width++;
      f++;
    }
    if (width == 0) {
      // A quoted letter or a dash stands for itself; the name is compared with what the cycle formats to below.
      if (letter != '\'') {
        at++;
      } else {
        while (*++f != '\'') {
          at++;
        }
      }
      f++;
      continue;
    }
    if (at + width > length) {
      return false;
    }
    unsigned *const field = letter == 'y' || letter == 'Y' ? &year
                            : letter == 'M'                ? &month
                            : letter == 'd'                ? &day
                            : letter == 'H'                ? &hour
                            : letter == 'm'                ? &minute
                            : letter == 's'                ? &second
                                                           : &week;
    if (!number_at(name + at, width, field)) {
      return false;
    }
    at += width;
  }
  if (at != length || month < 1 || month > 12) {
    return false;
  }
  const int64_t days =
      cycle->format[0] == 'Y' ? sunday_of(days_of(year, 1, 1)) + ((int64_t)week - 1) * 7 : days_of(year, month, day);
  const int64_t instant = days * DAY + ((int64_t)hour * 3600 + minute * 60 + second) * 1000 - name_epoch(epoch_ms);
  // A week's name stands for the cycle that starts within the week; all others for the cycle that starts at their instant.
  const int64_t first = instant / cycle->length_ms;
  for (int64_t candidate = first; candidate <= first + 1; candidate++) {
    char formatted[SS_CYCLE_NAME_CAPACITY];
    if (candidate < 0 || candidate > INT32_MAX) {
      continue;
    }
    ss_cycle_format(cycle, epoch_ms, candidate, formatted);
    if (strlen(formatted) == length && memcmp(formatted, name, length) == 0) {
      *number = (int32_t)candidate;
      return true;
    }
  }
  return false;
}
