# One libFuzzer program for each fuzz/NAME.c, called fuzz_NAME. The library is compiled anew for them, with coverage, so that
# they see its internals too (src/*.h) and what is installed stays as it is.
if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "SLIPSTREAM_BUILD_FUZZERS needs clang: configure a new build directory with CC=clang")
endif()
set(fuzz_flags -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)

add_library(slipstream_fuzzed STATIC EXCLUDE_FROM_ALL ${sources})
target_compile_options(slipstream_fuzzed PRIVATE ${fuzz_flags} -fsanitize=fuzzer-no-link)
target_include_directories(slipstream_fuzzed PUBLIC include src)
target_compile_definitions(slipstream_fuzzed PUBLIC _GNU_SOURCE)
target_link_libraries(slipstream_fuzzed PUBLIC Threads::Threads)
set_target_properties(slipstream_fuzzed PROPERTIES C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF)

file(GLOB fuzzers CONFIGURE_DEPENDS fuzz/*.c)
foreach(fuzzer IN LISTS fuzzers)
  cmake_path(GET fuzzer STEM name)
  add_executable(fuzz_${name} "${fuzzer}")
  target_compile_options(fuzz_${name} PRIVATE ${fuzz_flags} -fsanitize=fuzzer)
  target_link_options(fuzz_${name} PRIVATE ${fuzz_flags} -fsanitize=fuzzer)
  target_link_libraries(fuzz_${name} PRIVATE slipstream_fuzzed)
  set_target_properties(fuzz_${name} PROPERTIES C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF)
endforeach()
