#include "messages/codec.hpp"

#include "messages/reader.hpp"
#include "messages/text.hpp"
#include "messages/writer.hpp"

namespace queenright::messages {

void append_encoded(std::string& out, const Input& input) { Writer(out).message(input); }

Result<Input> decode_input(std::string_view bytes) { return decode<Input>(bytes); }

void append_encoded(std::string& out, const Effect& effect) { Writer(out).message(effect); }

Result<Effect> decode_effect(std::string_view bytes) { return decode<Effect>(bytes); }

std::string text_of(const Input& input) { return to_text(input); }

std::string text_of(const Effect& effect) { return to_text(effect); }

}  // namespace queenright::messages
