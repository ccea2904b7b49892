#include "actors/edges/artifact_exchange.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace queenright::edges {

using messages::Artifact;
using messages::NodeAnswer;
using messages::NodeQuestion;
using messages::Refusal;
using messages::Result;
using std::chrono::steady_clock;

namespace {

constexpr auto answer_within = std::chrono::seconds{5};
constexpr auto left_alone_for = std::chrono::seconds{5};  // who did not answer
constexpr auto patience = std::chrono::seconds{30};
constexpr auto try_again_after = std::chrono::milliseconds{50};

}  // namespace

ArtifactExchange::Line::Line(const sockets::KeyPair& keys, const HiveConnection::Queen& queen)
    : asker_("artifact/" + keys.public_key),
      connection_({keys, {queen}}, {[this](messages::ClientResponse response) {
                                      const std::lock_guard lock(mutex_);
                                      for (auto& answer : response.answers)
                                        if (const auto asked = answers_.find(answer.key);
                                            asked != answers_.end())
                                          asked->second = std::move(answer);
                                      changed_.notify_all();
                                    },
                                    [this](const std::string&) {
                                      const std::lock_guard lock(mutex_);
                                      connected_ = true;
                                      changed_.notify_all();
                                    },
                                    [this](const std::string&) {
                                      const std::lock_guard lock(mutex_);
                                      connected_ = false;
                                    },
                                    [](bool) {}}) {}

std::optional<NodeAnswer> ArtifactExchange::Line::ask(NodeQuestion question) {
  std::unique_lock lock(mutex_);
  if (steady_clock::now() < silent_until_) return std::nullopt;
  question.key = {asker_, ++asked_};
  const auto until = steady_clock::now() + answer_within;
  auto& answer = answers_[question.key];
  if (changed_.wait_until(lock, until, [this] { return connected_; })) {
    connection_.say({messages::client_version, {}, {}, {question}});
    changed_.wait_until(lock, until, [&] { return answer.has_value(); });
  }
  if (!answer) silent_until_ = steady_clock::now() + left_alone_for;
  return std::move(answers_.extract(question.key).mapped());
}

ArtifactExchange::Transfer::Transfer(ArtifactExchange& exchange, std::string digest)
    : exchange_(exchange), digest_(std::move(digest)) {
  std::unique_lock lock(exchange_.mutex_);
  exchange_.changed_.wait(lock, [&] { return !exchange_.under_way_.contains(digest_); });
  exchange_.under_way_.insert(digest_);
}

ArtifactExchange::Transfer::~Transfer() {
  {
    const std::lock_guard lock(exchange_.mutex_);
    exchange_.under_way_.erase(digest_);
  }
  exchange_.changed_.notify_all();
}

ArtifactExchange::ArtifactExchange(Options options, ArtifactStore& store)
    : options_(std::move(options)), store_(store) {}

ArtifactExchange::~ArtifactExchange() { stop(); }

ArtifactExchange::Line& ArtifactExchange::line(std::size_t queen) {
  const std::lock_guard lock(mutex_);
  auto& line = lines_[queen];
  if (line == nullptr) line = std::make_unique<Line>(options_.keys, options_.queens[queen]);
  return *line;
}

Result<bool> ArtifactExchange::fetch(const Artifact& artifact) {
  const Transfer alone(*this, artifact.digest);
  if (store_.has(artifact.digest)) return true;
  const auto since = steady_clock::now();
  do {
    for (std::size_t queen = 0; queen < options_.queens.size(); ++queen)
      if (brings(line(queen), artifact)) return true;
    std::this_thread::sleep_for(try_again_after);
  } while (!stopping_ && steady_clock::now() - since < patience);
  return Refusal{"no queen has it (" + artifact.digest + ")"};
}

bool ArtifactExchange::brings(Line& from, const Artifact& artifact) {
  std::uint64_t offset = 0;
  do {
    NodeQuestion question;
    question.what = "artifact";
    question.subject = artifact.digest;
    question.offset = offset;
    const auto answer = from.ask(std::move(question));
    if (!answer || !answer->refused.empty()) return false;
    if (answer->bytes.empty() && offset < artifact.size) return false;
    if (!store_.take("queen", artifact.digest, artifact.size, offset, answer->bytes)) return false;
    offset += answer->bytes.size();
  } while (offset < artifact.size && !stopping_);
  return store_.has(artifact.digest);
}

Result<bool> ArtifactExchange::hand_on(const Artifact& artifact) {
  const Transfer alone(*this, artifact.digest);
  const std::size_t own = options_.queens_in_all - options_.queens.size();
  std::optional<steady_clock::time_point> since;  // the first pass was over, however long it took
  std::vector<bool> have(options_.queens.size());
  for (;;) {
    for (std::size_t queen = 0; queen < have.size(); ++queen)
      have[queen] = have[queen] || takes(line(queen), artifact);
    const auto count = own + static_cast<std::size_t>(std::count(have.begin(), have.end(), true));
    if (count > options_.queens_in_all / 2) return true;
    if (!since) since = steady_clock::now();
    if (stopping_ || steady_clock::now() - *since > patience)
      return Refusal{"only " + std::to_string(count) + " of " +
                     std::to_string(options_.queens_in_all) + " queens could take it"};
    std::this_thread::sleep_for(try_again_after);
  }
}

bool ArtifactExchange::takes(Line& to, const Artifact& artifact) {
  std::uint64_t offset = 0;
  do {
    auto piece = store_.read(artifact.digest, offset, artifact_piece);
    if (!piece) return false;
    NodeQuestion question;
    question.what = "store";
    question.subject = artifact.digest;
    question.offset = offset;
    question.size = artifact.size;
    offset += piece.value().size();
    question.bytes = std::move(piece).value();
    const auto answer = to.ask(std::move(question));
    if (!answer || !answer->refused.empty()) return false;
    if (answer->value.boolean() != nullptr && *answer->value.boolean()) return true;  // she has it
  } while (offset < artifact.size && !stopping_);
  return offset == artifact.size;
}

}  // namespace queenright::edges
