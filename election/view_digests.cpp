#include "election/view_digests.hpp"

#include "messages/digest.hpp"

namespace queenright::election {

/// Nothing known: nothing counted. A closed circuit is not counted either, so that it makes no
/// difference who has forgotten it already (R16).
std::uint64_t ViewDigests::digest_of(const messages::View& view) {
  if (view.ballot == messages::Ballot{} || view.ballot.epoch == messages::closed_epoch) return 0;
  return messages::digest_of(view).value;
}

std::uint64_t ViewDigests::whole() const {
  std::uint64_t whole = 0;
  for (const std::uint64_t bucket : buckets_)
    whole = (whole ^ bucket) * 0x9E3779B97F4A7C15U + (whole >> 32U);
  return whole;
}

}  // namespace queenright::election
