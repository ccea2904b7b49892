#pragma once

#include <sodium/crypto_hash_sha256.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace queenright::edges {

/// The start of a stream of any length; all of it is counted and hashed.
class CapturedOutput {
 public:
  static constexpr std::size_t kept_bytes = std::size_t{64} << 10U;

  void append(std::string_view bytes);

  const std::string& kept() const { return kept_; }
  std::uint64_t size() const { return size_; }
  bool cut() const { return size_ > kept_.size(); }
  std::string digest() const;  ///< "sha256:..."; empty when nothing was written

 private:
  std::string kept_;
  std::uint64_t size_ = 0;
  crypto_hash_sha256_state hash_{};
};

/// The end of a stream of any length.
class LastWords {
 public:
  static constexpr std::size_t kept_bytes = std::size_t{4} << 10U;

  void append(std::string_view bytes);
  std::string kept() const;

 private:
  std::string recent_;
};

}  // namespace queenright::edges
