#include "actors/edges/artifact_store.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>

#include "actors/edges/captured_output.hpp"

namespace queenright::edges {
namespace {
BOOST_AUTO_TEST_SUITE(artifact_stores)

namespace fs = std::filesystem;

struct Shelf {
  fs::path place = fs::temp_directory_path() / ("artifacts-" + std::to_string(::getpid()));
  ArtifactStore store{place / "store"};

  Shelf() { fs::create_directories(place); }
  ~Shelf() { fs::remove_all(place); }

  messages::Artifact keep(const std::string& content) {
    std::ofstream(place / "file") << content;
    return store.keep(place / "file", "file").value();
  }

  std::vector<std::string> kept() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(place / "store"))
      names.push_back(entry.path().filename().string());
    return names;
  }
};

std::string digest_of(std::string_view content) {
  Digest digest;
  digest.append(content);
  return digest.text();
}

BOOST_FIXTURE_TEST_CASE(what_is_kept_is_placed_as_it_was, Shelf) {
  const auto artifact = keep("content");
  BOOST_TEST(artifact.digest == digest_of("content"));
  BOOST_TEST(store.place({"sub/copy", artifact.digest, 7, true}, place).value());
  std::string content;
  std::ifstream(place / "sub/copy") >> content;
  BOOST_TEST(content == "content");
  BOOST_CHECK((fs::status(place / "sub/copy").permissions() & fs::perms::owner_exec) !=
              fs::perms::none);
}

BOOST_FIXTURE_TEST_CASE(nothing_is_placed_outside, Shelf) {
  const auto artifact = keep("content");
  for (const std::string path : {"../x", "/tmp/x", "a/../../x", ""})
    BOOST_TEST(!store.place({path, artifact.digest, 7, false}, place));
}

BOOST_FIXTURE_TEST_CASE(pieces_make_an_artifact_when_the_last_one_has_come, Shelf) {
  const auto digest = digest_of("two pieces");
  BOOST_TEST(store.take("w", digest, 10, 0, "two p").value());
  BOOST_TEST(!store.has(digest));
  BOOST_TEST(!store.take("w", digest, 10, 3, "again"));  // one is missing, or came twice
  BOOST_TEST(store.take("w", digest, 10, 5, "ieces").value());
  BOOST_TEST(store.read(digest, 4, 100).value() == "pieces");
}

BOOST_FIXTURE_TEST_CASE(what_is_not_what_it_claims_is_refused_and_harms_nothing, Shelf) {
  const auto mine = keep("mine");
  BOOST_TEST(!store.take("w", digest_of("yours"), 4, 0, "mine"));
  BOOST_TEST(store.has(mine.digest));
  BOOST_TEST(!store.has(digest_of("yours")));
  BOOST_TEST(!store.take("w", "sha256:../../etc/passwd", 4, 0, "mine"));
  BOOST_TEST(!store.take("w", digest_of("yours"), 4, 2, "more than there is"));
}

BOOST_FIXTURE_TEST_CASE(what_was_left_half_done_is_forgotten_the_rest_is_not, Shelf) {
  const auto artifact = keep("content");
  BOOST_TEST(store.take("w", digest_of("two pieces"), 10, 0, "two p").value());
  store.forget_unfinished();
  BOOST_TEST(kept() == std::vector<std::string>{artifact.digest.substr(7)},
             boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(patterns_find_files_below_the_directory_and_nothing_else, Shelf) {
  fs::create_directories(place / "out/deep");
  for (const char* name : {"out/a.txt", "out/b.txt", "out/c.bin", "x*y"})
    std::ofstream(place / name) << name;
  const auto found = files_matching(place, {"out/*.txt", "out/a.*", "x\\*y"});
  BOOST_TEST(found.value() == (std::vector<std::string>{"out/a.txt", "out/b.txt", "x*y"}),
             boost::test_tools::per_element());
  BOOST_TEST(files_matching(place, {"out/*"}).value() ==
                 (std::vector<std::string>{"out/a.txt", "out/b.txt", "out/c.bin"}),
             boost::test_tools::per_element());
  BOOST_TEST(files_matching(place, {"*.none"}).reason() == "no file is called '*.none'");
  BOOST_TEST(!files_matching(place, {"out/deep"}));
  BOOST_TEST(!files_matching(place, {"../*"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::edges
