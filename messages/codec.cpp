#include "messages/codec.hpp"

#include "messages/reader.hpp"
#include "messages/text.hpp"
#include "messages/writer.hpp"

namespace queenright::messages {

void append_encoded(std::string& out, const Input& input) { Writer(out).message(input); }

Result<Input> decode_input(std::string_view bytes) { return decode<Input>(bytes); }

void append_encoded(std::string& out, const Effect& effect) { Writer(out).message(effect); }

Result<Effect> decode_effect(std::string_view bytes) { return decode<Effect>(bytes); }

std::string encode_letter(const Letter& letter) { return encode(letter); }

Result<Letter> decode_letter(std::string_view bytes) { return decode<Letter>(bytes); }

std::string encode_frame(const Frame& frame) { return encode(frame); }

Result<Frame> decode_frame(std::string_view bytes) { return decode<Frame>(bytes); }

std::string encode_client_request(const ClientRequest& request) { return encode(request); }

Result<ClientRequest> decode_client_request(std::string_view bytes) {
  return decode<ClientRequest>(bytes);
}

std::string encode_client_response(const ClientResponse& response) { return encode(response); }

Result<ClientResponse> decode_client_response(std::string_view bytes) {
  return decode<ClientResponse>(bytes);
}

std::string text_of(const Input& input) { return to_text(input); }

std::string text_of(const Effect& effect) { return to_text(effect); }

}  // namespace queenright::messages
