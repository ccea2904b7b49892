#pragma once

#include <sodium/crypto_hash_sha256.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace queenright::edges {

/// Of bytes that come one after the other.
class Digest {
 public:
  Digest() { crypto_hash_sha256_init(&hash_); }
  void append(std::string_view bytes);
  std::string text() const;  ///< "sha256:..."

 private:
  crypto_hash_sha256_state hash_{};
};

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
  Digest digest_;
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
