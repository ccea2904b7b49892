#pragma once

#include <string>
#include <string_view>

#include "messages/client_frame.hpp"
#include "messages/digest.hpp"
#include "messages/effect.hpp"
#include "messages/frame.hpp"
#include "messages/input.hpp"
#include "messages/letter.hpp"
#include "messages/result.hpp"

/// The only place where bytes become messages. Compiled once, since every message is in it.
namespace queenright::messages {

void append_encoded(std::string& out, const Input& input);
Result<Input> decode_input(std::string_view bytes);

void append_encoded(std::string& out, const Effect& effect);
Result<Effect> decode_effect(std::string_view bytes);

std::string encode_letter(const Letter& letter);
Result<Letter> decode_letter(std::string_view bytes);

std::string encode_frame(const Frame& frame);
Result<Frame> decode_frame(std::string_view bytes);

std::string encode_client_request(const ClientRequest& request);
Result<ClientRequest> decode_client_request(std::string_view bytes);

std::string encode_client_response(const ClientResponse& response);
Result<ClientResponse> decode_client_response(std::string_view bytes);

std::string text_of(const Input& input);
std::string text_of(const Effect& effect);

}  // namespace queenright::messages
