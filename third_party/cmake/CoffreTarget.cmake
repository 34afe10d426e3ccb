# coffre_library(NAME SOURCES... DEPENDS...) and coffre_executable(...): one place for the language
# level, the warnings, the hardening and the sanitizers of everything we compile.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      "${CCACHE_PROGRAM}")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# Line numbers and names for a backtrace; the rest of the debug information would double the time of
# the compiler. NDEBUG: other people's asserts; ours stay on.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-g1")

add_library(coffre_options INTERFACE)
# Everything ends in an executable: one kind of code, so that all may share precompiled headers.
target_compile_options(coffre_options INTERFACE -fPIE)
target_compile_options(coffre_options INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Werror -Wnon-virtual-dtor -Wold-style-cast
  -fstack-protector-strong)
target_include_directories(coffre_options INTERFACE "${PROJECT_SOURCE_DIR}"
                           "${PROJECT_BINARY_DIR}/generated")
# Assertions of our own are COFFRE_ASSERT and stay on; those of the standard library too.
target_compile_definitions(coffre_options INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(coffre_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)

if(COFFRE_SANITIZE)
  target_compile_options(coffre_options INTERFACE
    -fsanitize=${COFFRE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -O1)
  target_link_options(coffre_options INTERFACE -fsanitize=${COFFRE_SANITIZE})
elseif(CMAKE_BUILD_TYPE MATCHES "Rel")
  # The property COFFRE_QUICK: compiled without optimization (the sources of tests, not what they
  # test); the C library's checks need it.
  set(quick $<BOOL:$<TARGET_PROPERTY:COFFRE_QUICK>>)
  target_compile_options(coffre_options INTERFACE
    $<IF:${quick},-O0,-D_FORTIFY_SOURCE=2> -fstack-clash-protection -fcf-protection)
endif()
if(COFFRE_FUZZ)
  target_compile_options(coffre_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  # GCC 12 reports std::vector copies that it inlined itself as out of bounds (PR 105329, 105651),
  # and an optional inside an expected as uninitialized (PR 80635). clang checks the same code.
  target_compile_options(coffre_options INTERFACE -Wno-restrict -Wno-array-bounds
                         -Wno-stringop-overflow -Wno-stringop-overread -Wno-maybe-uninitialized)
endif()

# Measured: a full build takes less than half the time. Names in the unnamed namespaces of a target
# have to differ for it.
set(CMAKE_UNITY_BUILD ${COFFRE_UNITY})
set(CMAKE_UNITY_BUILD_BATCH_SIZE 8)
if(COFFRE_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # A class that is defined in a .cpp may hold what only that .cpp knows; GCC takes it for a header.
  target_compile_options(coffre_options INTERFACE -Wno-subobject-linkage)
endif()

# coffre_precompiled(TARGET HEADERS...): headers that other targets take with PCH TARGET.
function(coffre_precompiled target)
  add_library(${target} OBJECT "${PROJECT_SOURCE_DIR}/third_party/cmake/precompiled.cpp")
  target_link_libraries(${target} PRIVATE coffre_options)
  set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
  target_precompile_headers(${target} PRIVATE <algorithm> <array> <chrono> <cstdint> <expected>
                            <functional> <map> <memory> <optional> <span> <string> <string_view>
                            <utility> <vector> ${ARGN})
endfunction()

if(COFFRE_PCH)
  coffre_precompiled(coffre_pch)
endif()

# PCH names a target of coffre_precompiled, else it is coffre_pch.
function(coffre_common target)
  cmake_parse_arguments(ARG "" "PCH" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  target_sources(${target} PRIVATE ${ARG_SOURCES})
  target_link_libraries(${target} PUBLIC coffre_options ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE})
  if(NOT ARG_PCH)
    set(ARG_PCH coffre_pch)
  endif()
  if(COFFRE_PCH)
    target_precompile_headers(${target} REUSE_FROM ${ARG_PCH})
  endif()
endfunction()

function(coffre_library target)
  add_library(${target} STATIC)
  coffre_common(${target} ${ARGN})
endfunction()

function(coffre_executable target)
  add_executable(${target})
  coffre_common(${target} ${ARGN})
  if(NOT COFFRE_SANITIZE)
    target_link_options(${target} PRIVATE -pie)
  endif()
endfunction()
