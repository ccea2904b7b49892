#include "persistence/durable_file.hpp"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

#include "tests/private_directory.hpp"

namespace queenright::persistence {
namespace {
BOOST_AUTO_TEST_SUITE(durable_file)

unsigned mode_of(const std::filesystem::path& path) {
  struct stat status {};
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777U;
}

BOOST_AUTO_TEST_CASE(a_replaced_file_has_its_new_mode_whatever_a_crash_left) {
  const PrivateDirectory directory;
  const auto path = directory.path() / "file";
  std::ofstream(path) << "old";
  std::ofstream(directory.path() / "file.new") << "half of something else";
  BOOST_REQUIRE(mode_of(directory.path() / "file.new") != 0600U);
  BOOST_REQUIRE(!replace_file(path, "new", 0600));
  BOOST_TEST(mode_of(path) == 0600U);
  std::stringstream bytes;
  bytes << std::ifstream(path).rdbuf();
  BOOST_TEST(bytes.str() == "new");
  BOOST_TEST(!std::filesystem::exists(directory.path() / "file.new"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::persistence
