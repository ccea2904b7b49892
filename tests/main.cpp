#define BOOST_TEST_MODULE queenright
#include <boost/test/unit_test.hpp>
