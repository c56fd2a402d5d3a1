# The kinds of target and who may depend on whom: PURE <- IO <- JOIN <- ROLE <- PROGRAM.
#
#   PURE     includes only PURE: no file, socket, clock, thread, log, environment or coroutine
#   IO       wraps one outside thing; includes PURE, and of IO only telemetry
#   JOIN     the only place that sees several IO libraries
#   ROLE     a part of the server; roles never include one another
#   PROGRAM  an executable; the only kind that constructs
#
# A wrong dependency stops the configure. Folder = namespace = target.

include_guard()

set(tamroi_allowed_PURE PURE)
set(tamroi_allowed_IO PURE)
set(tamroi_allowed_JOIN PURE IO JOIN)
set(tamroi_allowed_ROLE PURE IO JOIN)
set(tamroi_allowed_PROGRAM PURE IO JOIN ROLE)
set(tamroi_allowed_TEST PURE IO JOIN ROLE TEST)

function(tamroi_check_dependencies name kind)
  foreach(dependency ${ARGN})
    if(NOT TARGET ${dependency})
      message(FATAL_ERROR "${name} depends on ${dependency}, which is not declared before it.")
    endif()
    get_target_property(dependency_kind ${dependency} TAMROI_KIND)
    if(NOT dependency_kind)
      message(FATAL_ERROR "${name}: ${dependency} is no library of ours; outside libraries go under USES.")
    endif()
    if(NOT dependency_kind IN_LIST tamroi_allowed_${kind} AND NOT (kind STREQUAL "IO" AND dependency STREQUAL "telemetry"))
      message(FATAL_ERROR "${name} is ${kind} and must not depend on ${dependency}, which is ${dependency_kind}.")
    endif()
  endforeach()
endfunction()

# tamroi_library(NAME KIND kind [DEPENDS ours...] [USES outside...])
# Compiles every .cpp of the folder; x_test.cpp files become the folder's unit test, NAME_test.
function(tamroi_library name)
  cmake_parse_arguments(ARG "" "KIND" "DEPENDS;USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp *.h)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  set(code ${sources})
  list(FILTER code INCLUDE REGEX "\\.cpp$")
  if(code)
    add_library(${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  set_target_properties(${name} PROPERTIES TAMROI_KIND ${ARG_KIND} OUTPUT_NAME tamroi_${name})
  tamroi_check_dependencies(${name} ${ARG_KIND} ${ARG_DEPENDS})
  target_include_directories(${name} ${scope} ${PROJECT_SOURCE_DIR}/libs ${PROJECT_SOURCE_DIR}/services)
  target_link_libraries(${name} ${scope} ${ARG_DEPENDS} ${ARG_USES} fmt::fmt)
  if(code)
    target_link_libraries(${name} PRIVATE tamroi_warnings)
  endif()
  if(tests)
    tamroi_test(${name}_test SOURCES ${tests} DEPENDS ${name})
  endif()
endfunction()

# tamroi_program(TARGET [OUTPUT name] [DEPENDS ours...] [USES outside...]): an executable from the folder's .cpp files.
function(tamroi_program name)
  cmake_parse_arguments(ARG "" "OUTPUT" "DEPENDS;USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp *.h)
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  add_executable(${name} ${sources})
  if(ARG_OUTPUT)
    set_target_properties(${name} PROPERTIES OUTPUT_NAME ${ARG_OUTPUT})
  endif()
  tamroi_check_dependencies(${name} PROGRAM ${ARG_DEPENDS})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/libs ${PROJECT_SOURCE_DIR}/services)
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} ${ARG_USES} fmt::fmt tamroi_warnings)
endfunction()

# tamroi_test(NAME SOURCES files... [DEPENDS ours...] [USES outside...]): a Catch2 program, one ctest entry.
function(tamroi_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;USES" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/libs ${PROJECT_SOURCE_DIR}/services ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} ${ARG_USES} fmt::fmt Catch2::Catch2WithMain tamroi_warnings)
  target_compile_definitions(${name} PRIVATE TAMROI_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name})
endfunction()
