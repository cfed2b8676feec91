# The headers of precompiled.hpp, compiled once per machine and flags: a third of the time of most files. Not in release builds, which
# so show that every file includes what it uses. The result lies in the cache, under the hash of all that decides it: in the build
# folder its path would be another in each checkout, and ccache would find nothing that another one has compiled.
set(KINORA_PRECOMPILED)
if(CMAKE_BUILD_TYPE STREQUAL "Debug")
  set(header ${CMAKE_CURRENT_LIST_DIR}/precompiled.hpp)
  get_target_property(definitions kinora_boost INTERFACE_COMPILE_DEFINITIONS)
  list(TRANSFORM definitions PREPEND -D)
  separate_arguments(flags UNIX_COMMAND "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_DEBUG}")
  set(command ${CMAKE_CXX_COMPILER} -x c++-header ${CMAKE_CXX23_STANDARD_COMPILE_OPTION} ${flags} -fPIC ${KINORA_CODE_OPTIONS}
      -D_GLIBCXX_ASSERTIONS ${definitions} -isystem ${boost}/usr/include -Xclang -fno-pch-timestamp -fpch-instantiate-templates)
  file(GLOB library ${CMAKE_CXX_COMPILER_EXTERNAL_TOOLCHAIN}/usr/include/*/c++/*/bits/c++config.h)  # says of which day it is
  set(decides "${command} ${CMAKE_CXX_COMPILER_VERSION}")
  foreach(file ${header} ${library})
    file(SHA256 ${file} hash)
    string(APPEND decides " ${hash}")
  endforeach()
  string(SHA256 key "${decides}")
  string(SUBSTRING ${key} 0 12 key)
  set(precompiled ${KINORA_CACHE}/precompiled/${key}.pch)
  if(NOT EXISTS ${precompiled})
    message(STATUS "Precompiling headers")
    file(MAKE_DIRECTORY ${KINORA_CACHE}/precompiled)
    # Its own name in the cache as well, which is written into the result.
    configure_file(${header} ${KINORA_CACHE}/precompiled/${key}.hpp COPYONLY)
    string(RANDOM LENGTH 8 part)
    execute_process(COMMAND ${command} ${KINORA_CACHE}/precompiled/${key}.hpp -o ${precompiled}.${part} COMMAND_ERROR_IS_FATAL ANY)
    file(RENAME ${precompiled}.${part} ${precompiled})
  endif()
  # -fPIC also for programs: both must be compiled alike.
  set(KINORA_PRECOMPILED -fPIC -include-pch ${precompiled})
endif()
