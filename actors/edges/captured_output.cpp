#include "actors/edges/captured_output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace queenright::edges {
namespace {

template <class Bytes>
std::string hexadecimal(const Bytes& bytes) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 0xFU];
  }
  return text;
}

/// Its directory goes with the last file in it, maybe just now.
Descriptor new_file(const std::filesystem::path& path) {
  Descriptor file;
  for (int tries = 0; tries < 10 && !file; ++tries) {
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    file = Descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  }
  return file;
}

}  // namespace

void Digest::append(std::string_view bytes) {
  crypto_hash_sha256_update(&hash_, reinterpret_cast<const unsigned char*>(bytes.data()),
                            bytes.size());
}

std::string Digest::text() const {
  crypto_hash_sha256_state hash = hash_;
  std::array<unsigned char, crypto_hash_sha256_BYTES> bytes{};
  crypto_hash_sha256_final(&hash, bytes.data());
  return "sha256:" + hexadecimal(bytes);
}

void CapturedOutput::append(std::string_view bytes) {
  digest_.append(bytes);
  size_ += bytes.size();
  const auto room = std::min(bytes.size(), kept_bytes - kept_.size());
  kept_ += bytes.substr(0, room);
  if (room < bytes.size()) spill(bytes.substr(room));
}

/// A full disk keeps the start of it only, and so does who writes without end.
void CapturedOutput::spill(std::string_view bytes) {
  if (whole_.empty()) return;
  bool written = static_cast<bool>(file_);
  if (!written) {
    file_ = new_file(whole_);
    written = file_ && write_all(file_, kept_);
  }
  if (written && size_ <= whole_bytes && write_all(file_, bytes)) return;
  file_.close();
  ::unlink(whole_.c_str());
  whole_.clear();
}

std::string CapturedOutput::digest() const { return size_ == 0 ? "" : digest_.text(); }

void LastWords::append(std::string_view bytes) {
  recent_ += bytes.substr(bytes.size() - std::min(bytes.size(), kept_bytes));
  if (recent_.size() > 2 * kept_bytes) recent_.erase(0, recent_.size() - kept_bytes);
}

std::string LastWords::kept() const {
  return recent_.substr(recent_.size() - std::min(recent_.size(), kept_bytes));
}

}  // namespace queenright::edges
