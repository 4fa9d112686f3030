#include "peer.h"
#include <string.h>

#define GOLDEN UINT64_C(0x9E3779B97F4A7C15)
#define LENGTHS UINT64_C(0x5EED)

/* The finisher of SplitMix64 (Steele, Lea, Flood 2014). */
uint64_t content_mix(uint64_t value) {
  uint64_t z = value;
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

size_t content_length(uint64_t sequence, size_t min, size_t max) {
  return min + (size_t)((content_mix(sequence + LENGTHS) >> 33) % (max - min + 1));
}

void content_header(void *message, uint16_t template_id, size_t length, uint16_t schema_id, uint16_t version) {
  const uint16_t header[4] = {length > UINT16_MAX ? UINT16_MAX : (uint16_t)length, template_id, schema_id, version};
  memcpy(message, header, sizeof header);
}

static uint64_t seed_of(uint16_t source, uint64_t sequence, size_t length) {
  return content_mix(content_mix(sequence + ((uint64_t)source << 48)) + length);
}

void content_fill(void *body, uint16_t source, uint64_t sequence, size_t length) {
  const uint64_t seed = seed_of(source, sequence, length);
  uint8_t *bytes = body;
  for (size_t i = 0; i < length; i += sizeof seed) {
    const uint64_t word = i == 0 ? sequence : content_mix(seed + (i >> 3) * GOLDEN);
    memcpy(bytes + i, &word, length - i < sizeof word ? length - i : sizeof word);
  }
}

bool content_matches(const void *body, uint16_t source, uint64_t sequence, size_t length) {
  const uint64_t seed = seed_of(source, sequence, length);
  const uint8_t *bytes = body;
  for (size_t i = 0; i < length; i += sizeof seed) {
    const uint64_t word = i == 0 ? sequence : content_mix(seed + (i >> 3) * GOLDEN);
    if (memcmp(bytes + i, &word, length - i < sizeof word ? length - i : sizeof word) != 0) {
      return false;
    }
  }
  return true;
}
