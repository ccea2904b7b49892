#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>

#include "messages/codec.hpp"
#include "messages/text.hpp"
#include "messages/writer.hpp"
#include "tests/messages/random_messages.hpp"

/// messages/*.proto is what others build on: it must say the same as the described structs.
namespace queenright::messages {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

/// The contract as protoc has compiled it (tests/CMakeLists.txt).
class Contract {
 public:
  Contract() {
    std::ifstream file(QUEENRIGHT_CONTRACT, std::ios::binary);
    google::protobuf::FileDescriptorSet files;
    BOOST_REQUIRE_MESSAGE(files.ParseFromIstream(&file), "cannot read " << QUEENRIGHT_CONTRACT);
    for (const auto& described : files.file()) BOOST_REQUIRE(pool_.BuildFile(described));
  }
  const Descriptor* type(const std::string& name) const {
    const auto* found = pool_.FindMessageTypeByName("queenright.v1." + name);
    BOOST_REQUIRE_MESSAGE(found != nullptr, "the contract has no " << name);
    return found;
  }

 private:
  google::protobuf::DescriptorPool pool_;
};

/// Walks a described struct and its contract side by side.
class Comparison {
 public:
  template <Described T>
  void message(const Descriptor& type) {
    if constexpr (requires { T::name; }) expect(type.name() == T::name, type, "other name");
    if (!seen_.insert(type.full_name()).second) return;
    int count = 0;
    T value{};
    T::fields(value, [&](int number, const char* name, auto& field) {
      ++count;
      const auto* described = field_of(type, number);
      if (described == nullptr) return;
      expect(described->name() == name, *described, "other name");
      this->field(*described, field);
    });
    expect(type.field_count() == count, type, "fields of its own");
  }

  bool compared(const std::string& type) const { return seen_.count("queenright.v1." + type) == 1; }

 private:
  template <class Place>
  static void expect(bool holds, const Place& place, const char* what) {
    if (!holds) BOOST_ERROR(place.full_name() << ": " << what);
  }
  static const FieldDescriptor* field_of(const Descriptor& type, int number) {
    const auto* found = type.FindFieldByNumber(number);
    if (found == nullptr) BOOST_ERROR(type.full_name() << " has no field " << number);
    return found;
  }

  template <Scalar T>
  static FieldDescriptor::Type wire_type() {
    if constexpr (std::same_as<T, bool>) return FieldDescriptor::TYPE_BOOL;
    if constexpr (std::is_enum_v<T>) return FieldDescriptor::TYPE_ENUM;
    using Number = decltype(number_of(T{}));
    if constexpr (std::same_as<Number, std::int64_t>)
      return std::same_as<T, std::int32_t> ? FieldDescriptor::TYPE_SINT32
                                           : FieldDescriptor::TYPE_SINT64;
    return sizeof(T) <= 4 ? FieldDescriptor::TYPE_UINT32 : FieldDescriptor::TYPE_UINT64;
  }

  template <Scalar T>
  void field(const FieldDescriptor& described, const T&) {
    expect(described.type() == wire_type<T>(), described, "other type");
    if constexpr (std::is_enum_v<T>)
      expect(described.enum_type()->value_count() == static_cast<int>(last_enumerator(T{})) + 1,
             described, "other enumerators");
  }
  void field(const FieldDescriptor& described, const std::string&) {
    expect(described.cpp_type() == FieldDescriptor::CPPTYPE_STRING, described, "not a text");
  }
  void field(const FieldDescriptor& described, const Value&) {
    expect(described.message_type() != nullptr &&
               described.message_type()->full_name() == "queenright.v1.Value",
           described, "not a Value");
  }
  template <Described T>
  void field(const FieldDescriptor& described, const T&) {
    expect(described.message_type() != nullptr, described, "not a message");
    if (described.message_type() != nullptr) message<T>(*described.message_type());
  }
  template <class T>
  void field(const FieldDescriptor& described, const std::vector<T>&) {
    expect(described.is_repeated(), described, "not repeated");
    expect(described.is_packed() == Scalar<T>, described, "packed otherwise");
    field(described, T{});
  }
  template <Map T>
  void field(const FieldDescriptor& described, const T&) {
    expect(described.is_map(), described, "not a map");
    if (!described.is_map()) return;
    field(*described.message_type()->map_key(), typename T::key_type{});
    field(*described.message_type()->map_value(), typename T::mapped_type{});
  }
  template <class T>
  void field(const FieldDescriptor& described, const std::optional<T>&) {
    expect(described.has_presence(), described, "not optional");
    field(described, T{});
  }
  template <class... T>
  void field(const FieldDescriptor& described, const std::variant<T...>&) {
    const Descriptor* type = described.message_type();
    const bool is_oneof = type != nullptr && type->oneof_decl_count() == 1 &&
                          type->oneof_decl(0)->field_count() == type->field_count();
    expect(is_oneof, described, "not a message with one oneof");
    if (!is_oneof) return;
    expect(type->field_count() == int{sizeof...(T)}, *type, "other alternatives");
    int number = 0;
    (alternative<T>(field_of(*type, ++number)), ...);
  }
  template <Described T>
  void alternative(const FieldDescriptor* described) {
    if (described != nullptr) field(*described, T{});
  }

  std::set<std::string> seen_;
};

/// Ours, through Protobuf's own parser and serializer.
std::string through_protobuf(const google::protobuf::Message& prototype, const std::string& ours) {
  std::unique_ptr<google::protobuf::Message> theirs(prototype.New());
  BOOST_REQUIRE_MESSAGE(theirs->ParseFromString(ours), "the contract can't read our bytes");
  BOOST_TEST(theirs->GetReflection()->GetUnknownFields(*theirs).empty());
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  BOOST_REQUIRE(theirs->SerializeToCodedStream(&coded));
  coded.Trim();
  return bytes;
}

class Passage : public Contract {
 public:
  template <class T>
  void passes(const T& message, Result<T> (*decode)(std::string_view)) {
    const auto& prototype = *factory_.GetPrototype(type(T::name));
    const auto back = decode(through_protobuf(prototype, bytes_of(message)));
    BOOST_REQUIRE_MESSAGE(back, "we can't read the contract's bytes of " << to_text(message));
    BOOST_REQUIRE_MESSAGE(bytes_of(back.value()) == bytes_of(message), to_text(message));
  }
  void passes(const Input& input) { passes(input, decode_input); }
  void passes(const Effect& effect) { passes(effect, decode_effect); }
  void passes(const Letter& letter) { passes(letter, decode_letter); }
  void passes(const Frame& frame) { passes(frame, decode_frame); }
  void passes(const ClientRequest& request) { passes(request, decode_client_request); }
  void passes(const ClientResponse& response) { passes(response, decode_client_response); }

 private:
  google::protobuf::DynamicMessageFactory factory_;
};

BOOST_FIXTURE_TEST_SUITE(contract, Passage)

BOOST_AUTO_TEST_CASE(the_contract_names_and_numbers_the_fields_as_the_structs_do) {
  Comparison comparison;
  comparison.message<Input>(*type("Input"));
  comparison.message<Effect>(*type("Effect"));
  comparison.message<Letter>(*type("Letter"));
  comparison.message<Frame>(*type("Frame"));
  comparison.message<ClientRequest>(*type("ClientRequest"));
  comparison.message<ClientResponse>(*type("ClientResponse"));
  BOOST_TEST(comparison.compared("Address"));
  BOOST_TEST(comparison.compared("AttemptOutcome"));
}

BOOST_AUTO_TEST_CASE(what_we_write_the_contract_reads_and_what_it_writes_we_read) {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    passes(random_input(seed));
    passes(random_effect(seed));
    passes(random_letter(seed));
    passes(random_frame(seed));
    passes(random_client_request(seed));
    passes(random_client_response(seed));
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_pass_where_a_child_or_a_plan_may_have_made_them) {
  const std::string raw("\xFF\x00\xC3", 3);
  AttemptOutcome outcome;
  outcome.output = Value::List{raw};
  outcome.diagnostics = outcome.reason = raw;
  Input input;
  input.body = ChildExited{{}, outcome};
  passes(input);
  Exec exec;
  exec.argv = {raw};
  exec.env = {{"NAME", raw}};
  exec.stdin_text = exec.cwd = raw;
  passes(Effect{Spawn{{}, exec}});
  input.body = Envelope{{}, {Submit{{}, {}, Begin{raw, "", "", ""}}}};
  passes(input);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace queenright::messages
