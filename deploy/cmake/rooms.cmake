# room(FOLDER LINKS targets...): the sources of FOLDER (and below) as one static library, named
# by its path with '_' for '/'. main.cpp belongs to an executable, not to the room.
function(room folder)
  cmake_parse_arguments(ROOM "" "" "LINKS" ${ARGN})
  string(REPLACE "/" "_" name ${folder})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(NOT sources)
    message(FATAL_ERROR "the room ${folder} has no sources")
  endif()
  add_library(${name} STATIC ${sources})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ROOM_LINKS})
endfunction()

# room_test(FOLDER [OF room] [LINKS targets...]): tests/FOLDER (and below) as one Boost.Test program,
# which links the whole archive of the room (tests/ROOM's, unless OF names it) with only what the
# room declares; a hidden need fails to link. Tests run in the project's root.
function(room_test folder)
  cmake_parse_arguments(ROOM_TEST "" "OF" "LINKS" ${ARGN})
  if(NOT ROOM_TEST_OF)
    set(ROOM_TEST_OF ${folder})
  endif()
  string(REPLACE "/" "_" name ${folder})
  string(REPLACE "/" "_" room ${ROOM_TEST_OF})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*.cpp)
  if(NOT sources)
    message(FATAL_ERROR "the room ${folder} has no tests")
  endif()
  add_executable(test_${name} ${CMAKE_SOURCE_DIR}/tests/main.cpp ${sources})
  target_compile_definitions(test_${name} PRIVATE BOOST_TEST_DYN_LINK)
  target_link_libraries(test_${name} PRIVATE Boost::unit_test_framework ${ROOM_TEST_LINKS})
  target_link_options(test_${name} PRIVATE
                      "LINKER:--whole-archive,$<TARGET_FILE:${room}>,--no-whole-archive")
  target_link_libraries(test_${name} PRIVATE ${room})
  add_test(NAME ${QUEENRIGHT_TEST_PREFIX}${folder} COMMAND test_${name}
           WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endfunction()
