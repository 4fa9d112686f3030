package io.slipstream.queue;

/**
 * How often a queue starts a new file. The names and the files' names are Chronicle's. A queue keeps the cycle that it was
 * made with; {@link #FAST_DAILY} is the default.
 */
public enum RollCycle {
    /** A file every five minutes, up to 1 Gi messages each. */
    FIVE_MINUTELY,
    /** A file every ten minutes. */
    TEN_MINUTELY,
    /** A file every twenty minutes. */
    TWENTY_MINUTELY,
    /** A file every half hour. */
    HALF_HOURLY,
    /** A file every hour, up to 4 Gi messages each. */
    FAST_HOURLY,
    /** A file every two hours. */
    TWO_HOURLY,
    /** A file every four hours. */
    FOUR_HOURLY,
    /** A file every six hours. */
    SIX_HOURLY,
    /** A file a day (UTC), up to 4 Gi messages each. */
    FAST_DAILY,
    /**
     * A file a week. Better avoided: the engine names the files by the default locale's weeks, and cannot go from one to the next
     * when the queue is opened again. The native library can, with weeks as in the United States.
     */
    WEEKLY,
    /** Legacy: a file a minute, up to 64 Mi messages each. */
    MINUTELY,
    /** Legacy: a file an hour. */
    HOURLY,
    /** Legacy: a file a day. */
    DAILY,
    /** Large: a file an hour. */
    LARGE_HOURLY,
    /** Large: a file a day, up to 128 Gi messages each. */
    LARGE_DAILY,
    /** Large: a file a day, up to 256 Gi messages each. */
    XLARGE_DAILY,
    /** Large: a file a day, up to 1 Ti messages each. */
    HUGE_DAILY,
    /** Small index: a file a day. */
    SMALL_DAILY,
    /** Sparse index: a file an hour. */
    LARGE_HOURLY_SPARSE,
    /** Very sparse index: a file an hour. */
    LARGE_HOURLY_XSPARSE,
    /** Very sparse index: a file a day. */
    HUGE_DAILY_XSPARSE,
    /** For tests: a file a second. */
    TEST_SECONDLY,
    /** For tests: a file a second, at most 4,096 messages each. */
    TEST4_SECONDLY,
    /** For tests: a file an hour, at most 1,024 messages each. */
    TEST_HOURLY,
    /** For tests: a file a day, at most 64 messages each. */
    TEST_DAILY,
    /** For tests: a file a day, at most 512 messages each. */
    TEST2_DAILY,
    /** For tests: a file a day, at most 4,096 messages each. */
    TEST4_DAILY,
    /** For tests: a file a day, at most 131,072 messages each. */
    TEST8_DAILY
}
