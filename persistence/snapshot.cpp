#include "persistence/snapshot.hpp"

#include "messages/digest.hpp"
#include "messages/reader.hpp"
#include "messages/writer.hpp"
#include "persistence/little_endian.hpp"

namespace queenright::persistence {

std::string seal_snapshot(const Snapshot& snapshot) {
  std::string sealed(sizeof(std::uint64_t), '\0');
  messages::Writer(sealed).message(snapshot);
  const std::string_view body = std::string_view(sealed).substr(sizeof(std::uint64_t));
  store_little(sealed.data(), messages::digest_of(body).value);
  return sealed;
}

messages::Result<Snapshot> open_snapshot(std::string_view bytes) {
  if (bytes.size() < sizeof(std::uint64_t)) return messages::Refusal{"cut short"};
  const std::string_view body = bytes.substr(sizeof(std::uint64_t));
  if (messages::digest_of(body).value != load_little<std::uint64_t>(bytes))
    return messages::Refusal{"checksum differs"};
  return messages::decode<Snapshot>(body);
}

}  // namespace queenright::persistence
