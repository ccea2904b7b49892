#include "deploy/program/document/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>

#include "deploy/program/document/problems.hpp"
#include "deploy/program/document/source_text.hpp"

namespace queenright::program {
namespace {

constexpr std::size_t max_depth = 32;
constexpr std::size_t max_nodes = 500'000;
constexpr std::size_t max_marks = 1'000'000;

/// Ends the parser where the document stops making sense.
struct Stop {
  std::size_t offset;
  std::string what;
};

std::size_t offset_of(const YAML::Mark& mark) {
  return mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos);
}

/// Offset behind the closing quote of the scalar at `start`; npos when there is none.
std::size_t end_of_quoted(std::string_view source, std::size_t start) {
  const char quote = source[start];
  for (std::size_t i = start + 1; i < source.size(); ++i) {
    if (source[i] == '\\' && quote == '"')
      ++i;
    else if (source[i] == quote && quote == '\'' && source.substr(i + 1, 1) == "'")
      ++i;
    else if (source[i] == quote)
      return i + 1;
  }
  return std::string_view::npos;
}

/// Where there are too many characters that may be tokens. The parser keeps all tokens of a
/// document in brackets at once, some 250 bytes for each, before it gives the first event.
std::optional<std::size_t> excess_of_marks(std::string_view bytes) {
  static constexpr std::string_view marks = "[]{},:?!&*\"'";
  std::size_t count = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (marks.find(bytes[i]) != std::string_view::npos && ++count > max_marks) return i;
  return std::nullopt;
}

/// Builds the tree from the parser's events, so that depth and number are bounded before
/// anything is built or recursed into.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const SourceText& source, Problems& problems)
      : source_(source), problems_(problems) {}

  std::optional<YamlNode> take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) throw Stop{offset_of(mark), "a second document; a file holds one"};
  }
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string&) override { refuse_alias(mark); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { refuse_alias(mark); }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    place(node(mark, YamlNode::Kind::null));
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    refuse_tag(mark, tag);
    YamlNode scalar = node(mark, tag == "?" ? YamlNode::Kind::plain : YamlNode::Kind::quoted);
    if (value.find('\0') != std::string::npos)
      throw Stop{scalar.offset, "this text holds a NUL character"};
    const char first =
        scalar.offset < source_.bytes().size() ? source_.bytes()[scalar.offset] : ' ';
    if ((first == '"' || first == '\'') &&
        end_of_quoted(source_.bytes(), scalar.offset) == std::string_view::npos)
      throw Stop{scalar.offset, "this quote is never closed"};
    scalar.text = value;
    place(std::move(scalar));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, YamlNode::Kind::list);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, YamlNode::Kind::map);
  }
  void OnMapEnd() override {
    name_duplicates(open_.back());
    close();
  }

 private:
  [[noreturn]] static void refuse_alias(const YAML::Mark& mark) {
    throw Stop{offset_of(mark),
               "anchors '&' and aliases '*' have no meaning here; quote text that begins so"};
  }

  static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!")
      throw Stop{offset_of(mark), "tags '!' have no meaning here; quote text that begins so"};
  }

  YamlNode node(const YAML::Mark& mark, YamlNode::Kind kind) {
    if (++nodes_ > max_nodes) throw Stop{offset_of(mark), "more than 500,000 values in one file"};
    YamlNode made;
    made.kind = kind;
    made.offset = offset_of(mark);
    return made;
  }

  bool key_is_next() const {
    return !open_.empty() && open_.back().kind == YamlNode::Kind::map &&
           open_.back().parts.size() % 2 == 0;
  }

  void open(const YAML::Mark& mark, const std::string& tag, YamlNode::Kind kind) {
    refuse_tag(mark, tag);
    YamlNode collection = node(mark, kind);
    if (key_is_next())
      throw Stop{collection.offset, "a key is a text, not " + std::string(kind_name(collection)) +
                                        "; or is its closing bracket missing?"};
    if (open_.size() == max_depth) throw Stop{collection.offset, "nested more than 32 deep"};
    open_.push_back(std::move(collection));
  }

  void close() {
    YamlNode done = std::move(open_.back());
    open_.pop_back();
    place(std::move(done));
  }

  void place(YamlNode done) {
    if (key_is_next() && !done.is_scalar()) throw Stop{done.offset, "a key is missing here"};
    if (open_.empty())
      root_ = std::move(done);
    else
      open_.back().parts.push_back(std::move(done));
  }

  void name_duplicates(const YamlNode& map) {
    std::vector<const YamlNode*> keys;
    map.entries([&](const YamlNode& key, const YamlNode&) { keys.push_back(&key); });
    std::stable_sort(keys.begin(), keys.end(),
                     [](const auto* a, const auto* b) { return a->text < b->text; });
    for (std::size_t i = 1; i < keys.size(); ++i) {
      if (keys[i - 1]->text != keys[i]->text) continue;
      problems_.error_given_twice(*keys[i], "the key '" + keys[i]->text + "'", *keys[i - 1]);
    }
  }

  const SourceText& source_;
  Problems& problems_;
  std::vector<YamlNode> open_;  ///< the collections that have begun and not ended
  std::optional<YamlNode> root_;
  std::size_t nodes_ = 0;
};

std::string advice(const YAML::Exception& problem, const SourceText& source) {
  if (source.tab_indents(offset_of(problem.mark))) return "; a tab can't indent: use spaces";
  if (problem.msg.find("illegal map value") != std::string::npos)
    return "; quote a text that holds ': '";
  if (problem.msg.find("anchor") != std::string::npos)
    return "; quote a text that begins with '*' or '&'";
  return "";
}

}  // namespace

std::string_view kind_name(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null: return "empty";
    case YamlNode::Kind::plain:
    case YamlNode::Kind::quoted: return "a text";
    case YamlNode::Kind::list: return "a list";
    case YamlNode::Kind::map: return "a map";
  }
  return "";
}

std::optional<YamlNode> read_yaml(const SourceText& source, Problems& problems) {
  if (const auto unreadable = source.unreadable()) {
    problems.error(unreadable->offset, unreadable->what);
    return std::nullopt;
  }
  if (const auto excess = excess_of_marks(source.bytes())) {
    problems.error(*excess,
                   "more than 1,000,000 of the marks [ ] { } , : ? ! & * \" ' in one file");
    return std::nullopt;
  }
  TreeBuilder builder(source, problems);
  try {
    std::istringstream in{std::string(source.bytes())};
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.take();
  } catch (const Stop& stop) {
    problems.error(stop.offset, stop.what);
  } catch (const YAML::Exception& problem) {
    problems.error(offset_of(problem.mark), "not YAML: " + problem.msg + advice(problem, source));
  }
  return std::nullopt;
}

}  // namespace queenright::program
