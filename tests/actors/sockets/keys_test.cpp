#include "actors/sockets/keys.hpp"

#include <boost/test/unit_test.hpp>

namespace queenright::sockets {

BOOST_AUTO_TEST_SUITE(keys)

BOOST_AUTO_TEST_CASE(a_new_pair_is_of_two_keys_and_like_no_other) {
  const KeyPair one = new_key_pair();
  const KeyPair other = new_key_pair();
  BOOST_TEST(is_key(one.public_key));
  BOOST_TEST(is_key(one.secret_key));
  BOOST_TEST(one.public_key != other.public_key);
  BOOST_TEST(one.secret_key != other.secret_key);
}

BOOST_AUTO_TEST_CASE(the_public_half_follows_from_the_secret_one) {
  const KeyPair pair = new_key_pair();
  BOOST_TEST(public_key_of(pair.secret_key) == pair.public_key);
}

BOOST_AUTO_TEST_CASE(what_is_no_key_is_told) {
  const std::string key = new_key_pair().public_key;
  BOOST_TEST(!is_key(""));
  BOOST_TEST(!is_key(key.substr(1)));
  BOOST_TEST(!is_key(key + "0"));
  BOOST_TEST(!is_key(std::string(40, '~')));  // no character of Z85
  std::string cut = key;
  cut[20] = '\0';
  BOOST_TEST(!is_key(cut));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace queenright::sockets
