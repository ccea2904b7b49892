#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>

#include "messages/effect.hpp"
#include "messages/input.hpp"
#include "messages/reader.hpp"
#include "messages/writer.hpp"
#include "tests/messages/filled.hpp"

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
    if constexpr (requires { T::name; }) BOOST_TEST(type.name() == T::name);
    if (!seen_.insert(type.full_name()).second) return;
    int count = 0;
    T value{};
    T::fields(value, [&](int number, const char* name, auto& field) {
      ++count;
      const auto* described = type.FindFieldByNumber(number);
      BOOST_REQUIRE_MESSAGE(described != nullptr, type.full_name() << " has no field " << number);
      BOOST_TEST(described->name() == name, type.full_name() << ": " << described->name());
      BOOST_TEST_CONTEXT(described->full_name()) { this->field(*described, field); }
    });
    BOOST_TEST(type.field_count() == count, type.full_name() << " has fields of its own");
  }

 private:
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
    BOOST_TEST(described.type() == wire_type<T>());
    if constexpr (std::is_enum_v<T>)
      BOOST_TEST(described.enum_type()->value_count() ==
                 static_cast<int>(last_enumerator(T{})) + 1);
  }
  void field(const FieldDescriptor& described, const std::string&) {
    const bool text = described.type() == FieldDescriptor::TYPE_STRING ||
                      described.type() == FieldDescriptor::TYPE_BYTES;
    BOOST_TEST(text);
  }
  void field(const FieldDescriptor& described, const Value&) {
    BOOST_REQUIRE(described.type() == FieldDescriptor::TYPE_MESSAGE);
    BOOST_TEST(described.message_type()->full_name() == "queenright.v1.Value");
  }
  template <Described T>
  void field(const FieldDescriptor& described, const T&) {
    BOOST_REQUIRE(described.type() == FieldDescriptor::TYPE_MESSAGE);
    message<T>(*described.message_type());
  }
  template <class T>
  void field(const FieldDescriptor& described, const std::vector<T>&) {
    BOOST_TEST(described.is_repeated());
    BOOST_TEST(described.is_packed() == Scalar<T>);
    field(described, T{});
  }
  template <class K, class V>
  void field(const FieldDescriptor& described, const std::map<K, V>&) {
    BOOST_REQUIRE(described.is_map());
    field(*described.message_type()->map_key(), K{});
    field(*described.message_type()->map_value(), V{});
  }
  template <class T>
  void field(const FieldDescriptor& described, const std::optional<T>&) {
    BOOST_TEST(described.has_presence());
    field(described, T{});
  }
  template <class... T>
  void field(const FieldDescriptor& described, const std::variant<T...>&) {
    BOOST_REQUIRE(described.type() == FieldDescriptor::TYPE_MESSAGE);
    const Descriptor& type = *described.message_type();
    BOOST_REQUIRE(type.oneof_decl_count() == 1);
    BOOST_REQUIRE(type.field_count() == int{sizeof...(T)});
    int number = 0;
    (alternative<T>(type, ++number), ...);
  }
  template <Described T>
  void alternative(const Descriptor& type, int number) {
    const auto* described = type.FindFieldByNumber(number);
    BOOST_REQUIRE_MESSAGE(described != nullptr, type.full_name() << " has no field " << number);
    BOOST_TEST(described->containing_oneof() != nullptr);
    field(*described, T{});
  }

  std::set<std::string> seen_;
};

std::string deterministic_bytes(const google::protobuf::Message& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  BOOST_REQUIRE(message.SerializeToCodedStream(&coded));
  coded.Trim();
  return bytes;
}

/// Ours, through Protobuf's own parser and serializer, and back.
template <Described T>
void passes_through(const google::protobuf::Message& prototype, const T& value) {
  const std::string ours = encode(value);
  std::unique_ptr<google::protobuf::Message> theirs(prototype.New());
  BOOST_REQUIRE_MESSAGE(theirs->ParseFromString(ours), "the contract can't read our bytes");
  const auto& reflection = *theirs->GetReflection();
  BOOST_TEST(reflection.GetUnknownFields(*theirs).empty());
  const auto back = decode<T>(deterministic_bytes(*theirs));
  BOOST_REQUIRE_MESSAGE(back, "we can't read the contract's bytes: " << theirs->DebugString());
  BOOST_REQUIRE_MESSAGE(encode(back.value()) == ours, theirs->DebugString());
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(contract, Contract)

BOOST_AUTO_TEST_CASE(the_contract_names_and_numbers_the_fields_as_the_structs_do) {
  Comparison comparison;
  comparison.message<Input>(*type("Input"));
  comparison.message<Effect>(*type("Effect"));
}

BOOST_AUTO_TEST_CASE(what_we_write_the_contract_reads_and_what_it_writes_we_read) {
  google::protobuf::DynamicMessageFactory factory;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    passes_through(*factory.GetPrototype(type("Input")), filled<Input>(seed));
    passes_through(*factory.GetPrototype(type("Effect")), filled<Effect>(seed));
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_pass_where_a_child_or_a_plan_may_have_made_them) {
  google::protobuf::DynamicMessageFactory factory;
  const std::string raw("\xFF\x00\xC3", 3);
  AttemptOutcome outcome;
  outcome.output = Value::List{raw};
  outcome.diagnostics = outcome.reason = raw;
  passes_through(*factory.GetPrototype(type("AttemptOutcome")), outcome);
  Exec exec;
  exec.argv = {raw};
  exec.env = {{"NAME", raw}};
  exec.stdin_text = exec.cwd = raw;
  passes_through(*factory.GetPrototype(type("Exec")), exec);
  Begin begin;
  begin.plan = raw;
  passes_through(*factory.GetPrototype(type("Begin")), begin);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace queenright::messages
