/*
 * The memory of an exchange, as another program may leave it: attached to as it is, and damaged under two programs that use it.
 *
 * Input: pieces of two bytes of offset, one of length and the bytes that go there; what is left of the input is how memory that
 * was never an exchange begins.
 */
#include "scratch.h"

#include "exchange.h"

#define LENGTH 4096
#define TURNS 6

static _Alignas(64) uint8_t memory[LENGTH];

int LLVMFuzzerInitialize(int *count, char ***arguments) {
  (void)count;
  (void)arguments;
  make_scratch();
  if (wants_seeds()) {
    ss_exchange *exchange;
    REQUIRE(ss_exchange_over(memory, LENGTH, &exchange, NULL) == SS_OK);
    put_seed("nothing", memory, 0);
    REQUIRE(ss_exchange_send_text(exchange, "Hello", 5, 0) == SS_OK);
    put_seed("exchange", memory, LENGTH);
    static const uint8_t tail[] = {128, 0, 8, 64, 0, 0, 0, 0, 0, 0, 0};
    put_seed("tail", tail, sizeof tail);
    static const uint8_t attachment[] = {64, 1, 24, 255, 255, 255, 47, 1, 0, 0, 0, 0, 0, 0,
                                         0,  0, 0,  0,   32,  0,   0,  0, 0, 0, 0, 0, 0};
    put_seed("attachment", attachment, sizeof attachment);
    const size_t ring = (size_t)(exchange->ring - memory);
    const uint8_t header[] = {(uint8_t)ring, (uint8_t)(ring >> 8), 16, 0, 0, 0, 0, 0, 0, 0, 0, 5, 1, 0, 0, 1, 0, 9, 0};
    put_seed("header", header, sizeof header);
    ss_exchange_close(exchange);
    exit(0);
  }
  return 0;
}

/* One that lives and holds the lock for ever would be waited for, and rightly. */
static void free_lock(void) {
  memset(memory + offsetof(ss_exchange_memory, lock), 0, sizeof(uint32_t));
}

static void require_inside(const ss_exchange_message *message) {
  const uint8_t *const data = message->data;
  REQUIRE(data >= memory + sizeof(ss_exchange_memory) && data + message->length <= memory + LENGTH);
  REQUIRE(message->type == SS_EXCHANGE_TEXT || (message->type == SS_EXCHANGE_TYPED && message->length >= 8));
}

static void use(ss_exchange *exchange, size_t length) {
  char text[LENGTH];
  ss_exchange_message message;
  const uint8_t typed[16] = {8, 0, 1, 0, 1, 0, 1, 0};
  memset(text, 'x', sizeof text);
  ss_exchange_send_text(exchange, text, length % ss_exchange_max_length(exchange), 0);
  const int64_t copied = ss_exchange_text(exchange, text, sizeof text);
  REQUIRE(copied < 0 || copied <= (int64_t)ss_exchange_max_length(exchange));
  ss_exchange_send(exchange, typed, sizeof typed, 0);
  int found = ss_exchange_wait(exchange, 0);
  for (int i = 0; i < 4 && (found = ss_exchange_next(exchange, &message)) == 1; i++) {
    require_inside(&message);
  }
  REQUIRE(found >= 0 || ss_exchange_error(exchange)->message[0] != 0);
  ss_exchange_changes(exchange);
  REQUIRE(ss_exchange_attached(exchange) <= SS_EXCHANGE_ATTACHMENTS);
}

/* Writes the pieces of the input over the memory; gives what is left. */
static void damage(const uint8_t **data, size_t *size, size_t most) {
  for (size_t pieces = 0; pieces < most && *size >= 4; pieces++) {
    const size_t at = ((size_t)(*data)[0] | (size_t)(*data)[1] << 8) % LENGTH;
    size_t length = (*data)[2];
    length = length < *size - 3 ? length : *size - 3;
    length = length < LENGTH - at ? length : LENGTH - at;
    memcpy(memory + at, *data + 3, length);
    *data += 3 + length;
    *size -= 3 + length;
  }
  free_lock();
}

static void damage_in_use(const uint8_t *data, size_t size) {
  ss_exchange *first;
  ss_exchange *second;
  memset(memory, 0, LENGTH);
  REQUIRE(ss_exchange_over(memory, LENGTH, &first, NULL) == SS_OK);
  REQUIRE(ss_exchange_over(memory, LENGTH, &second, NULL) == SS_OK);
  for (size_t turn = 0; turn < TURNS; turn++) {
    use(turn % 2 == 0 ? first : second, 37 * turn);
    damage(&data, &size, 2);
  }
  use(first, 300);
  use(second, 600);
  ss_exchange_close(first);
  ss_exchange_close(second);
}

static void attach_to(const uint8_t *data, size_t size) {
  ss_exchange *exchange;
  ss_error error;
  memset(memory, 0, LENGTH);
  memcpy(memory, data, size < LENGTH ? size : LENGTH);
  free_lock();
  const int result = ss_exchange_over(memory, LENGTH, &exchange, &error);
  REQUIRE((result == SS_OK) == (exchange != NULL) && (result == SS_OK || (error.code == result && error.message[0] != 0)));
  if (exchange != NULL) {
    for (size_t turn = 0; turn < TURNS; turn++) {
      use(exchange, 111 * turn);
    }
    ss_exchange_close(exchange);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  begin_unit();
  damage_in_use(data, size);
  attach_to(data, size);
  require_nothing_left_open();
  return 0;
}
