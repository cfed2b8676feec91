# What we stand on, each as one target kinora::<name>: archives of kinora.lock.json out of the cache, and Debian's own libraries.

if(NOT "$ENV{KINORA_CACHE}" STREQUAL "")
  set(KINORA_CACHE $ENV{KINORA_CACHE})
else()
  set(KINORA_CACHE $ENV{HOME}/.cache/kinora)
endif()
set(KINORA_LOCK ${PROJECT_SOURCE_DIR}/kinora.lock.json)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${KINORA_LOCK} ${PROJECT_SOURCE_DIR}/tools/build_engines)

# Unpacks a locked archive once per machine; `result` becomes the folder. The folder carries the hash, so a changed lock row
# never meets old files; it appears by rename, so it is whole or absent; the lock makes two configures take turns.
function(kinora_unpack name result)
  cmake_parse_arguments(arg "" "" "PATTERNS" ${ARGN})
  file(READ ${KINORA_LOCK} lock)
  string(JSON file GET "${lock}" archives ${name} file)
  string(JSON sha256 GET "${lock}" archives ${name} sha256)
  string(SUBSTRING ${sha256} 0 12 key)
  set(archive ${KINORA_CACHE}/archives/${file})
  set(folder ${KINORA_CACHE}/unpacked/${name}-${key})
  set(${result} ${folder} PARENT_SCOPE)

  file(MAKE_DIRECTORY ${KINORA_CACHE}/unpacked)
  file(LOCK ${KINORA_CACHE}/unpacked/lock GUARD FUNCTION TIMEOUT 300)
  if(EXISTS ${folder})
    return()
  endif()
  if(NOT EXISTS ${archive})
    message(FATAL_ERROR "${file} is not in the cache. Fetch it: tools/fetch.py ${name}")
  endif()
  file(SHA256 ${archive} found)
  if(NOT found STREQUAL sha256)
    message(FATAL_ERROR "${archive} is not the locked file. Fetch it again: tools/fetch.py --verify ${name}")
  endif()

  message(STATUS "Unpacking ${file}")
  file(REMOVE_RECURSE ${folder}.part)
  file(ARCHIVE_EXTRACT INPUT ${archive} DESTINATION ${folder}.part)
  file(GLOB inner ${folder}.part/data.tar.*)  # a .deb holds a tar with the files
  if(inner)
    file(ARCHIVE_EXTRACT INPUT ${inner} DESTINATION ${folder}.part PATTERNS ${arg_PATTERNS})
    file(REMOVE ${inner})
  endif()
  file(RENAME ${folder}.part ${folder})
endfunction()

# The same for all archives of a group; `result` becomes their folders.
function(kinora_unpack_group group result)
  file(READ ${KINORA_LOCK} lock)
  string(JSON count LENGTH "${lock}" archives)
  math(EXPR last "${count} - 1")
  set(folders)
  foreach(index RANGE ${last})
    string(JSON name MEMBER "${lock}" archives ${index})
    string(JSON found GET "${lock}" archives ${name} group)
    if(found STREQUAL group)
      kinora_unpack(${name} folder)
      list(APPEND folders ${folder})
    endif()
  endforeach()
  set(${result} ${folders} PARENT_SCOPE)
endfunction()

# A library of Debian's, by its pkg-config name.
find_package(PkgConfig REQUIRED)
function(kinora_package name module)
  pkg_check_modules(KINORA_${name} REQUIRED QUIET IMPORTED_TARGET GLOBAL ${module})
  add_library(kinora::${name} ALIAS PkgConfig::KINORA_${name})
endfunction()

kinora_package(fmt fmt)
kinora_package(spdlog spdlog)
kinora_package(prometheus prometheus-cpp-core)
kinora_package(cli11 CLI11)
kinora_package(tomlplusplus tomlplusplus)
kinora_package(sodium libsodium)
kinora_package(curl libcurl)
kinora_package(zlib zlib)
kinora_package(pq libpq)
kinora_package(icu icu-uc)
kinora_package(seccomp libseccomp)
kinora_package(gtest gmock)
kinora_package(gtest_main gmock_main)

find_package(OpenSSL 3 REQUIRED)
find_package(Threads REQUIRED)
add_library(kinora::openssl ALIAS OpenSSL::SSL)

# Boost: headers, and one own library with the compiled parts of Asio, Beast and JSON.
kinora_unpack(boost boost PATTERNS ./usr/include)
add_library(kinora_boost STATIC ${CMAKE_CURRENT_LIST_DIR}/boost.cpp)
add_library(kinora::boost ALIAS kinora_boost)
target_include_directories(kinora_boost SYSTEM PUBLIC ${boost}/usr/include)
target_compile_definitions(kinora_boost PUBLIC BOOST_ALL_NO_LIB BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION
                                               BOOST_BEAST_SEPARATE_COMPILATION)
target_link_libraries(kinora_boost PUBLIC OpenSSL::SSL Threads::Threads)

# SQLite: our own compile, never the system's (its 3.40 has a WAL race that corrupts).
kinora_unpack(sqlite sqlite)
file(GLOB sqlite ${sqlite}/*/sqlite3)
add_library(kinora_sqlite STATIC ${sqlite}/sqlite3.c)
add_library(kinora::sqlite ALIAS kinora_sqlite)
target_include_directories(kinora_sqlite SYSTEM PUBLIC ${sqlite})
target_compile_definitions(kinora_sqlite PRIVATE
  SQLITE_DEFAULT_FOREIGN_KEYS=1
  SQLITE_DEFAULT_MEMSTATUS=0
  SQLITE_DEFAULT_WAL_SYNCHRONOUS=2  # a commit that was acknowledged survives a power cut
  SQLITE_DQS=0
  SQLITE_ENABLE_API_ARMOR
  SQLITE_ENABLE_DBSTAT_VTAB
  SQLITE_ENABLE_FTS5
  SQLITE_ENABLE_MATH_FUNCTIONS
  SQLITE_ENABLE_STAT4
  SQLITE_LIKE_DOESNT_MATCH_BLOBS
  SQLITE_MAX_EXPR_DEPTH=200
  SQLITE_OMIT_DEPRECATED
  SQLITE_OMIT_LOAD_EXTENSION
  SQLITE_OMIT_SHARED_CACHE
  SQLITE_STRICT_SUBTYPE=1
  SQLITE_TEMP_STORE=2
  SQLITE_THREADSAFE=2  # one connection, one thread at a time
  SQLITE_TRUSTED_SCHEMA=0
  SQLITE_USE_ALLOCA)
target_compile_options(kinora_sqlite PRIVATE -w)
if(KINORA_SANITIZE)  # its one big file would take a minute and a half with UBSan on and optimised
  target_compile_options(kinora_sqlite PRIVATE -O0 -fno-sanitize=undefined)
endif()

# Engines, built once per machine by tools/build_engines; `result` becomes the folder of one.
function(kinora_engine name result)
  execute_process(COMMAND ${PROJECT_SOURCE_DIR}/tools/build_engines --path ${name} OUTPUT_VARIABLE folder
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  if(NOT EXISTS ${folder})
    message(WARNING "${name} is not built yet; what needs it will not link or start. Build it: make setup")
  endif()
  set(${result} ${folder} PARENT_SCOPE)
endfunction()

# whisper.cpp is linked, by src/engines only: it must never share a program with llama.cpp, whose symbols have the same names.
kinora_engine(whisper.cpp whisper)
add_library(kinora_whisper INTERFACE)
add_library(kinora::whisper ALIAS kinora_whisper)
target_include_directories(kinora_whisper SYSTEM INTERFACE ${whisper}/include)
foreach(part whisper ggml ggml-cpu ggml-base)  # in this order
  target_link_libraries(kinora_whisper INTERFACE ${whisper}/lib/lib${part}.a)
endforeach()
target_link_libraries(kinora_whisper INTERFACE Threads::Threads ${CMAKE_DL_LIBS} m)

# llama-server is started as a child; who links this knows where it was built.
kinora_engine(llama.cpp llama)
set(KINORA_LLAMA_SERVER ${llama}/bin/llama-server CACHE FILEPATH "llama-server started when none is configured" FORCE)
add_library(kinora_llama_server INTERFACE)
add_library(kinora::llama_server ALIAS kinora_llama_server)
target_compile_definitions(kinora_llama_server INTERFACE KINORA_LLAMA_SERVER_DEFAULT="${KINORA_LLAMA_SERVER}")
