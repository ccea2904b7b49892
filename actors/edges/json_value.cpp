#include "actors/edges/json_value.hpp"

#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace queenright::edges {
namespace {

using messages::Refusal;
using messages::Result;
using messages::Value;
using messages::ValueLimits;

/// Takes the parser's events and builds the value; the names are the parser's.
class ValueBuilder {
 public:
  explicit ValueBuilder(const ValueLimits& limits) : limits_(limits) {}

  Value take() { return std::move(root_); }
  const std::string& refusal() const { return refusal_; }

  bool null() { return place(Value()); }
  bool boolean(bool value) { return place(Value(value)); }
  bool number_integer(std::int64_t value) { return place(Value(value)); }
  bool number_unsigned(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
      return place(Value(std::to_string(value)));
    return place(Value(static_cast<std::int64_t>(value)));
  }
  bool number_float(double, const std::string& as_written) { return place(Value(as_written)); }
  bool string(std::string& value) { return place(Value(std::move(value))); }
  bool binary(std::vector<std::uint8_t>&) { return refuse("binary data"); }

  bool start_object(std::size_t) { return open(Value(Value::Map{})); }
  bool key(std::string& key) {
    auto& map = std::get<Value::Map>(open_.back()->kind());
    const auto [entry, is_new] = map.try_emplace(std::move(key));
    if (!is_new) return refuse("the key '" + entry->first.substr(0, 100) + "' comes twice");
    next_ = &entry->second;
    return true;
  }
  bool end_object() { return close(); }
  bool start_array(std::size_t) { return open(Value(Value::List{})); }
  bool end_array() { return close(); }

  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception& error) {
    std::string what = error.what();
    what.erase(0, what.find("] ") + 2);  // the library's own number of the error
    return refuse(what.substr(0, std::min(what.find("; last read"), std::size_t{200})));
  }

 private:
  bool refuse(std::string reason) {
    refusal_ = std::move(reason);
    return false;
  }

  /// Puts a value where the parser is; gives that place.
  bool place(Value value) {
    if (++elements_ > limits_.elements)
      return refuse("more than " + std::to_string(limits_.elements) + " elements");
    if (next_ == nullptr)
      next_ = &std::get<Value::List>(open_.back()->kind()).emplace_back(std::move(value));
    else
      *next_ = std::move(value);
    placed_ = std::exchange(next_, nullptr);
    return true;
  }
  bool open(Value container) {
    if (open_.size() == limits_.depth)
      return refuse("deeper than " + std::to_string(limits_.depth) + " levels");
    if (!place(std::move(container))) return false;
    open_.push_back(placed_);
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  const ValueLimits& limits_;
  Value root_;
  Value* next_ = &root_;      ///< where the next value belongs; none: at the end of a list
  Value* placed_ = nullptr;   ///< the last one
  std::vector<Value*> open_;  ///< a container stays where it is while it is open
  std::size_t elements_ = 0;
  std::string refusal_;
};

}  // namespace

Result<Value> decode_json(std::string_view text, const ValueLimits& limits) {
  if (text.size() > limits.bytes)
    return Refusal{"longer than " + std::to_string(limits.bytes) + " bytes"};
  if (text.empty()) return Refusal{"it is empty"};
  ValueBuilder builder(limits);
  if (!nlohmann::json::sax_parse(text, &builder)) return Refusal{builder.refusal()};
  return builder.take();
}

}  // namespace queenright::edges
