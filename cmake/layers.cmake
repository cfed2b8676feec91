# A layer is a folder of src/: one static library, and beside it one program with the tests that lie in its tests/ folders.
include(GoogleTest)

# kinora_layer(<folder> [LINK target...] [PRIVATE target...] [TEST_LINK target...])
# LINK is seen by everyone who links the layer, PRIVATE only by its own .cpp files, TEST_LINK only by its tests.
function(kinora_layer name)
  cmake_parse_arguments(arg "" "" "LINK;PRIVATE;TEST_LINK" ${ARGN})
  string(REPLACE "/" "_" id ${name})
  file(GLOB_RECURSE files RELATIVE ${PROJECT_SOURCE_DIR} CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  set(sources ${files})
  set(tests ${files})
  list(FILTER sources EXCLUDE REGEX "/tests/|/main.cpp$")
  list(FILTER tests INCLUDE REGEX "/tests/")

  if(sources)
    add_library(kinora_${id} STATIC ${sources})
    target_include_directories(kinora_${id} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(kinora_${id} PUBLIC ${arg_LINK} PRIVATE ${arg_PRIVATE} kinora::warnings)
    # File by file: parsers that are fuzzed are compiled otherwise, and set their own instead.
    set_source_files_properties(${sources} PROPERTIES COMPILE_OPTIONS "${KINORA_PRECOMPILED}")
  else()
    add_library(kinora_${id} INTERFACE)
    target_include_directories(kinora_${id} INTERFACE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(kinora_${id} INTERFACE ${arg_LINK})
  endif()

  if(tests)
    kinora_tests(${id} SOURCES ${tests} LINK kinora_${id} ${arg_PRIVATE} ${arg_TEST_LINK})
  else()
    add_custom_target(${id}_tests)
  endif()
endfunction()

# One test program; each of its cases is one test of ctest, with the layer's name in front and as its label.
function(kinora_tests id)
  cmake_parse_arguments(arg "" "TIME_LIMIT" "SOURCES;LINK" ${ARGN})
  set(time_limit 60)
  if(arg_TIME_LIMIT)
    set(time_limit ${arg_TIME_LIMIT})
  endif()
  if(KINORA_SANITIZE)
    math(EXPR time_limit "3 * ${time_limit}")
  endif()
  add_executable(${id}_tests ${arg_SOURCES})
  target_link_libraries(${id}_tests PRIVATE ${arg_LINK} kinora::gtest kinora::gtest_main kinora::warnings)
  set_source_files_properties(${arg_SOURCES} PROPERTIES COMPILE_OPTIONS "${KINORA_PRECOMPILED}")
  gtest_discover_tests(${id}_tests
    DISCOVERY_MODE PRE_TEST
    DISCOVERY_TIMEOUT 60
    TEST_PREFIX ${id}:
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    PROPERTIES TIMEOUT ${time_limit} LABELS ${id})
endfunction()
