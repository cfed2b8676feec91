# Files that become part of the program: each match becomes <build>/embedded/<path>.inc, a raw string literal, which a .cpp file
# includes where it wants the text:   constexpr std::string_view sql =
#                                     #include "modules/media/migrations/001_videos.sql.inc"
#                                         ;
# With BINARY an ordinary literal of any bytes.
function(kinora_embed target folder pattern)
  cmake_parse_arguments(arg "BINARY" "" "" ${ARGN})
  file(GLOB_RECURSE files RELATIVE ${folder} CONFIGURE_DEPENDS ${folder}/${pattern})
  get_target_property(type ${target} TYPE)
  if(NOT files OR type STREQUAL INTERFACE_LIBRARY)
    return()
  endif()
  set(made)
  foreach(file ${files})
    set(out ${PROJECT_BINARY_DIR}/embedded/${file}.inc)
    add_custom_command(OUTPUT ${out} DEPENDS ${folder}/${file} ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake
      COMMAND ${CMAKE_COMMAND} -D IN=${folder}/${file} -D OUT=${out} -D BINARY=${arg_BINARY} -P ${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake)
    list(APPEND made ${out})
  endforeach()
  string(MAKE_C_IDENTIFIER "${target}_${pattern}" name)
  add_custom_target(${name} DEPENDS ${made})
  add_dependencies(${target} ${name})
  target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR}/embedded)
endfunction()
