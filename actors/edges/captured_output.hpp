#pragma once

#include <sodium/crypto_hash_sha256.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

#include "actors/edges/descriptor.hpp"

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

/// The start of a stream of any length; all of it is counted and hashed. What is longer goes to a
/// file as well, where there is room for it.
class CapturedOutput {
 public:
  static constexpr std::size_t kept_bytes = std::size_t{64} << 10U;
  static constexpr std::uint64_t whole_bytes = std::uint64_t{1} << 30U;  ///< of the file

  /// Nothing is there before; empty: what is longer is not kept.
  explicit CapturedOutput(std::filesystem::path whole) : whole_(std::move(whole)) {}

  void append(std::string_view bytes);

  const std::string& kept() const { return kept_; }
  std::uint64_t size() const { return size_; }
  bool cut() const { return size_ > kept_.size(); }
  std::string digest() const;  ///< "sha256:..."; empty when nothing was written

 private:
  void spill(std::string_view bytes);

  std::string kept_;
  std::uint64_t size_ = 0;
  std::filesystem::path whole_;  ///< empty: it is not kept, or no more
  Descriptor file_;
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
