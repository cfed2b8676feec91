# Compiler, language level, sanitizers. Included first, so that all of it holds for every target.

# g++ 12 destroys temporaries of co_await expressions twice, and older clangs cannot read std::expected of this libstdc++.
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang" OR CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
  message(FATAL_ERROR "kinora is built by clang 19 or later, not by ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}. "
                      "Use a preset: cmake --preset dev")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(KINORA_SANITIZE "" CACHE STRING "sanitizers of this build: address,undefined or thread; empty for none")

# Line tables only: a third of the size and link time of full debug information, and stack traces still name file and line.
set(KINORA_CODE_OPTIONS -g1 -fno-omit-frame-pointer)
if(KINORA_SANITIZE)
  list(APPEND KINORA_CODE_OPTIONS -fsanitize=${KINORA_SANITIZE} -fno-sanitize-recover=all)
endif()
add_compile_options(${KINORA_CODE_OPTIONS} -fdiagnostics-color=always)
# Neither debug information nor assertions carry the path of the machine that built them, and ccache hits from another checkout.
add_compile_options("-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=")
add_compile_definitions($<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)

if(KINORA_SANITIZE)
  add_link_options(-fsanitize=${KINORA_SANITIZE})
else()
  add_compile_options($<$<CONFIG:Release>:-fstack-protector-strong> $<$<CONFIG:Release>:-U_FORTIFY_SOURCE>
                      $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
endif()

find_program(KINORA_LLD NAMES ld.lld-19 ld.lld)
if(KINORA_LLD)
  add_link_options(--ld-path=${KINORA_LLD})
endif()
add_link_options(-Wl,-z,relro,-z,now $<$<CONFIG:Release>:-Wl,--gc-sections>)
add_compile_options($<$<CONFIG:Release>:-ffunction-sections> $<$<CONFIG:Release>:-fdata-sections>)

find_program(KINORA_CCACHE ccache)
if(KINORA_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros ${KINORA_CCACHE})  # without these it lets precompiled headers pass uncached
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

# Only our own targets link this: other people's code is compiled as it is.
add_library(kinora_warnings INTERFACE)
add_library(kinora::warnings ALIAS kinora_warnings)
target_compile_options(kinora_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror)
