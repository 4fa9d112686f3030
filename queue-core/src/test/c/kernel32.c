// kernel32's functions of shared memory over shm_open, for the tests of the Java that calls them: the same names, arguments and
// structures, with the error in errno.
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
  ERROR_FILE_NOT_FOUND = 2,
  ERROR_ACCESS_DENIED = 5,
  ERROR_INVALID_HANDLE = 6,
  ERROR_NOT_ENOUGH_MEMORY = 8,
  ERROR_MOD_NOT_FOUND = 126,
  ERROR_BAD_PATHNAME = 161,
  ERROR_ALREADY_EXISTS = 183,
  FILE_MAP_WRITE = 2,
  FILE_MAP_READ = 4,
  PAGE_READWRITE = 4,
  PAGE = 4096,
  MAPPINGS = 16,
};

typedef struct {
  uint16_t name[300];
  int descriptor;
  int handles;
  uint64_t size;
} mapping_t;

typedef struct {
  const void *base;
  void *allocation_base;
  uint32_t allocation_protect;
  uint16_t partition;
  size_t region_size;
  uint32_t state;
  uint32_t protect;
  uint32_t type;
} region_t;

_Static_assert(sizeof(region_t) == 48, "MEMORY_BASIC_INFORMATION");

static mapping_t mappings[MAPPINGS];
static struct {
  void *address;
  size_t length;
} views[MAPPINGS];
static char library[PAGE];

static size_t length_of(const uint16_t *text) {
  size_t length = 0;
  while (text[length] != 0) {
    length++;
  }
  return length;
}

static mapping_t *find(const uint16_t *name) {
  for (int i = 0; i < MAPPINGS; i++) {
    if (mappings[i].handles > 0 && length_of(mappings[i].name) == length_of(name) &&
        memcmp(mappings[i].name, name, 2 * length_of(name)) == 0) {
      return &mappings[i];
    }
  }
  return NULL;
}

static int begins_with(const uint16_t *text, const char *start) {
  while (*start != '\0' && *text == (uint16_t)*start) {
    text++;
    start++;
  }
  return *start == '\0';
}

void *CreateFileMappingW(void *file, void *security, uint32_t protect, uint32_t high, uint32_t low, const uint16_t *name);
void *OpenFileMappingW(uint32_t access, int32_t inherit, const uint16_t *name);
void *MapViewOfFile(void *handle, uint32_t access, uint32_t high, uint32_t low, size_t size);
size_t VirtualQuery(const void *address, region_t *region, size_t length);
int32_t UnmapViewOfFile(const void *address);
int32_t CloseHandle(void *handle);
void *LoadLibraryW(const uint16_t *file);
int32_t FreeLibrary(void *module);
int32_t open_handles(void);
int32_t open_views(void);
int32_t open_libraries(void);
static int32_t libraries;

void *CreateFileMappingW(void *file, void *security, uint32_t protect, uint32_t high, uint32_t low, const uint16_t *name) {
  if ((intptr_t)file != -1 || security != NULL || protect != PAGE_READWRITE) {
    abort();
  }
  mapping_t *mapping = find(name);
  if (mapping != NULL) {
    mapping->handles++;
    errno = ERROR_ALREADY_EXISTS;
    return mapping;
  }
  if (begins_with(name, "Global\\") || begins_with(name, "mutex") || high > 0) {
    errno = high > 0 ? ERROR_NOT_ENOUGH_MEMORY : name[0] == 'G' ? ERROR_ACCESS_DENIED : ERROR_INVALID_HANDLE;
    return NULL;
  }
  for (mapping = mappings; mapping->handles > 0; mapping++) {
  }
  memcpy(mapping->name, name, 2 * length_of(name) + 2);
  mapping->size = (uint64_t)high << 32 | low;
  mapping->descriptor = shm_open("/slipstream-kernel32-test", O_RDWR | O_CREAT | O_EXCL, 0600);
  shm_unlink("/slipstream-kernel32-test");
  mapping->handles = ftruncate(mapping->descriptor, (off_t)mapping->size) == 0 ? 1 : 0;
  errno = 0;
  return mapping;
}

void *OpenFileMappingW(uint32_t access, int32_t inherit, const uint16_t *name) {
  mapping_t *mapping = find(name);
  if (inherit != 0 || (access & FILE_MAP_READ) == 0) {
    abort();
  }
  if (mapping == NULL) {
    errno = begins_with(name, "a\\b") ? ERROR_BAD_PATHNAME : ERROR_FILE_NOT_FOUND;
    return NULL;
  }
  if (begins_with(name, "others") && (access & FILE_MAP_WRITE) != 0) {
    errno = ERROR_ACCESS_DENIED;
    return NULL;
  }
  mapping->handles++;
  return mapping;
}

void *MapViewOfFile(void *handle, uint32_t access, uint32_t high, uint32_t low, size_t size) {
  const mapping_t *mapping = handle;
  if (high != 0 || low != 0 || size > mapping->size) {
    abort();
  }
  if (begins_with(mapping->name, "unmappable")) {
    errno = ERROR_NOT_ENOUGH_MEMORY;
    return NULL;
  }
  const size_t length = (mapping->size + PAGE - 1) / PAGE * PAGE;
  const int protection = PROT_READ | ((access & FILE_MAP_WRITE) != 0 ? PROT_WRITE : 0);
  int i = 0;
  while (views[i].address != NULL) {
    i++;
  }
  views[i].address = mmap(NULL, length, protection, MAP_SHARED, mapping->descriptor, 0);
  views[i].length = length;
  return views[i].address;
}

size_t VirtualQuery(const void *address, region_t *region, size_t length) {
  for (int i = 0; i < MAPPINGS; i++) {
    if (views[i].address == address && length >= sizeof *region) {
      memset(region, 0xEE, sizeof *region);
      region->region_size = views[i].length;
      return sizeof *region;
    }
  }
  return 0;
}

int32_t UnmapViewOfFile(const void *address) {
  for (int i = 0; i < MAPPINGS; i++) {
    if (views[i].address == address && address != NULL) {
      munmap(views[i].address, views[i].length);
      views[i].address = NULL;
      return 1;
    }
  }
  return 0;
}

int32_t CloseHandle(void *handle) {
  mapping_t *mapping = handle;
  if (mapping->handles < 1) {
    return 0;
  }
  if (--mapping->handles == 0) {
    close(mapping->descriptor);
  }
  return 1;
}

void *LoadLibraryW(const uint16_t *file) {
  if (length_of(file) < 4 || file[length_of(file) - 1] != 'l') {
    errno = ERROR_MOD_NOT_FOUND;
    return NULL;
  }
  libraries++;
  return library;
}

int32_t FreeLibrary(void *module) {
  libraries--;
  return module == library;
}

int32_t open_handles(void) {
  int32_t count = 0;
  for (int i = 0; i < MAPPINGS; i++) {
    count += mappings[i].handles;
  }
  return count;
}

int32_t open_views(void) {
  int32_t count = 0;
  for (int i = 0; i < MAPPINGS; i++) {
    count += views[i].address != NULL;
  }
  return count;
}

int32_t open_libraries(void) {
  return libraries;
}
