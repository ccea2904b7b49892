#pragma once

#include <string>
#include <string_view>

namespace queenright::program {

/// A key nobody else has: 128 random bits as hexadecimal digits.
std::string random_key();

/// "sha256:...", of an encoded plan: what idempotency keys and approvals are bound to.
std::string plan_hash(std::string_view encoded_plan);

}  // namespace queenright::program
