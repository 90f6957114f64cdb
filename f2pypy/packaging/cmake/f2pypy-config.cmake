# find_package(f2pypy): the program, and f2pypy_add_module.
#
# f2pypy_EXECUTABLE   the program. It is looked for in the environment that this file is installed in, beside the
#                     Python that find_package(Python) found, and on PATH.
#
# f2pypy_add_module(NAME SOURCE...
#                   [FLAGS FLAG...]               words of f2pypy's command line, such as --stop-raises
#                   [LINK_LIBRARIES ITEM...]      targets of this project, paths of libraries, -lNAME
#                   [OUTPUT_DIRECTORY DIR]        where the module is built; default: the current build directory
#                   [DESTINATION DIR]             where the module is installed with its library
#                   [COMPONENT NAME]              the component that installs them
#                   [EXCLUDE_FROM_ALL])
#
# The target NAME builds NAME.py and, beside it, the library. Its property F2PYPY_FILES has the paths of both. The
# compilers and their flags are those of CMake's languages that are enabled (Fortran, C).
if(CMAKE_VERSION VERSION_LESS 3.20)
  set(f2pypy_FOUND FALSE)
  set(f2pypy_NOT_FOUND_MESSAGE "f2pypy needs CMake 3.20 or later, because make has no DEPFILE before; this is ${CMAKE_VERSION}")
  return()
endif()

# An environment has its programs in bin or Scripts beside lib/python3.N/site-packages, or Lib/site-packages.
if(f2pypy_EXECUTABLE AND NOT EXISTS "${f2pypy_EXECUTABLE}")
  unset(f2pypy_EXECUTABLE CACHE) # that of a build environment which is gone
endif()
get_filename_component(_f2pypy_site "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
set(_f2pypy_places "${_f2pypy_site}/../../../bin" "${_f2pypy_site}/../../Scripts")
if(Python_EXECUTABLE)
  get_filename_component(_f2pypy_site "${Python_EXECUTABLE}" DIRECTORY)
  list(APPEND _f2pypy_places "${_f2pypy_site}" "${_f2pypy_site}/Scripts")
endif()
find_program(f2pypy_EXECUTABLE NAMES f2pypy HINTS ${_f2pypy_places} DOC "The program f2pypy")
unset(_f2pypy_places)
unset(_f2pypy_site)
if(NOT f2pypy_EXECUTABLE)
  set(f2pypy_FOUND FALSE)
  set(f2pypy_NOT_FOUND_MESSAGE "the program f2pypy was not found; put it on PATH, or set f2pypy_EXECUTABLE to its path")
  return()
endif()
execute_process(COMMAND "${f2pypy_EXECUTABLE}" --version
  OUTPUT_VARIABLE _f2pypy_said ERROR_VARIABLE _f2pypy_errors RESULT_VARIABLE _f2pypy_status
  OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT _f2pypy_status EQUAL 0 OR NOT _f2pypy_said STREQUAL f2pypy_VERSION)
  set(f2pypy_FOUND FALSE)
  set(f2pypy_NOT_FOUND_MESSAGE "these are the CMake files of f2pypy ${f2pypy_VERSION}, but ${f2pypy_EXECUTABLE} answers \
'${_f2pypy_said}${_f2pypy_errors}'; set f2pypy_EXECUTABLE to the program of the same installation")
  unset(f2pypy_EXECUTABLE CACHE)
  return()
endif()
unset(_f2pypy_said)
unset(_f2pypy_errors)
unset(_f2pypy_status)

function(f2pypy_add_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg
    "EXCLUDE_FROM_ALL" "OUTPUT_DIRECTORY;DESTINATION;COMPONENT" "FLAGS;LINK_LIBRARIES")
  if(NOT name MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
    message(FATAL_ERROR "f2pypy_add_module: '${name}' is no name of a module; DESTINATION says which package it is in")
  endif()
  if(NOT arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "f2pypy_add_module(${name}): expected sources, none were given")
  endif()
  foreach(key IN LISTS arg_KEYWORDS_MISSING_VALUES)
    if(NOT key MATCHES "^(FLAGS|LINK_LIBRARIES)$")
      message(FATAL_ERROR "f2pypy_add_module(${name}): ${key} needs a value")
    endif()
  endforeach()

  set(sources)
  foreach(source IN LISTS arg_UNPARSED_ARGUMENTS)
    get_filename_component(path "${source}" ABSOLUTE)
    if(NOT EXISTS "${path}")
      # one that another command generates
      get_filename_component(path "${source}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
      get_source_file_property(generated "${path}" GENERATED)
      if(NOT EXISTS "${path}" AND NOT generated)
        message(FATAL_ERROR "f2pypy_add_module(${name}): no source is ${source} in ${CMAKE_CURRENT_SOURCE_DIR}")
      endif()
    endif()
    list(APPEND sources "${path}")
  endforeach()

  set(linked)
  set(needed)
  foreach(item IN LISTS arg_LINK_LIBRARIES)
    if(TARGET "${item}")
      get_target_property(type "${item}" TYPE)
      if(type STREQUAL "OBJECT_LIBRARY")
        list(APPEND linked "$<TARGET_OBJECTS:${item}>")
        list(APPEND needed "$<TARGET_OBJECTS:${item}>")
      elseif(type MATCHES "^(STATIC|SHARED|UNKNOWN)_LIBRARY$")
        list(APPEND linked "$<TARGET_FILE:${item}>")
        list(APPEND needed "$<TARGET_FILE:${item}>")
      elseif(type STREQUAL "INTERFACE_LIBRARY")
        get_target_property(behind "${item}" INTERFACE_LINK_LIBRARIES)
        if(behind MATCHES "[$]<|::|NOTFOUND")
          message(FATAL_ERROR "f2pypy_add_module(${name}): ${item} has no file of its own; name the libraries behind it")
        endif()
        list(APPEND linked ${behind})
      else()
        message(FATAL_ERROR "f2pypy_add_module(${name}): ${item} is a target of type ${type}, which can't be linked")
      endif()
    else()
      list(APPEND linked "${item}")
    endif()
  endforeach()

  if(NOT arg_OUTPUT_DIRECTORY)
    set(arg_OUTPUT_DIRECTORY "${CMAKE_CURRENT_BINARY_DIR}")
  endif()
  get_filename_component(folder "${arg_OUTPUT_DIRECTORY}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
  file(MAKE_DIRECTORY "${folder}")
  set(suffix .so)
  if(CMAKE_HOST_WIN32)
    set(suffix .dll)
  elseif(CMAKE_HOST_APPLE)
    set(suffix .dylib)
  endif()
  set(module "${folder}/${name}.py")
  set(library "${folder}/lib${name}${suffix}")
  set(rule "${CMAKE_CURRENT_BINARY_DIR}/${name}.f2pypy.d")

  set(environment)
  foreach(pair IN ITEMS "Fortran FC FFLAGS" "C CC CFLAGS")
    separate_arguments(words UNIX_COMMAND "${pair}")
    list(GET words 0 language)
    list(GET words 1 compiler)
    list(GET words 2 flags)
    if(CMAKE_${language}_COMPILER)
      list(APPEND environment "${compiler}=${CMAKE_${language}_COMPILER}" "${flags}=${CMAKE_${language}_FLAGS}")
    endif()
  endforeach()

  # What doesn't change keeps its time stamp, and make would build it again and again.
  add_custom_command(OUTPUT "${library}" "${module}"
    COMMAND "${CMAKE_COMMAND}" -E env ${environment}
      "${f2pypy_EXECUTABLE}" -c -m "${name}" "$<$<CONFIG:Debug>:--debug>" ${arg_FLAGS} --quiet
      --dep-file "${rule}" -o "${module}" ${sources} ${linked}
    COMMAND "${CMAKE_COMMAND}" -E touch_nocreate "${library}" "${module}"
    DEPENDS ${sources} ${needed} "${f2pypy_EXECUTABLE}"
    DEPFILE "${rule}"
    COMMENT "Building the Python module ${name}"
    COMMAND_EXPAND_LISTS VERBATIM)
  set(all ALL)
  if(arg_EXCLUDE_FROM_ALL)
    set(all)
  endif()
  add_custom_target("${name}" ${all} DEPENDS "${library}" "${module}" SOURCES ${sources})
  set_target_properties("${name}" PROPERTIES F2PYPY_FILES "${module};${library}")

  if(DEFINED arg_DESTINATION)
    set(component)
    if(arg_COMPONENT)
      set(component COMPONENT "${arg_COMPONENT}")
    endif()
    set(optional)
    if(arg_EXCLUDE_FROM_ALL)
      set(optional OPTIONAL)
    endif()
    install(FILES "${module}" DESTINATION "${arg_DESTINATION}" ${component} ${optional})
    install(PROGRAMS "${library}" DESTINATION "${arg_DESTINATION}" ${component} ${optional})
  endif()
endfunction()
