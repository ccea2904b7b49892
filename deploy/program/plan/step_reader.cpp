#include "deploy/program/plan/step_reader.hpp"

#include <algorithm>
#include <array>

#include "deploy/program/plan/worker_reader.hpp"
#include "messages/near_name.hpp"

namespace queenright::program {
namespace {

using messages::Duration;
using messages::OutputMode;
using roles::ExecTemplate;
using roles::Retry;
using roles::Template;

constexpr std::uint32_t most_attempts = 1000;
constexpr std::uint32_t most_parallel = 10'000;
constexpr std::array<std::string_view, 23> step_keys{
    "id",       "needs",        "exec",       "noop",   "wait",     "when",
    "foreach",  "max_parallel", "env",        "cwd",    "stdin",    "output",
    "timeout",  "retry",        "idempotent", "worker", "rollback", "fallback",
    "approval", "tags",         "lifecycle",  "type",   "artifacts"};
constexpr std::array<std::string_view, 4> later_step_keys{"http", "patch", "compose", "simulation"};
constexpr std::array<std::string_view, 3> work_keys{"exec", "noop", "wait"};
constexpr std::array<std::string_view, 5> exec_keys{"env", "cwd", "stdin", "output", "artifacts"};
constexpr std::array<std::string_view, 6> attempt_keys{"timeout", "retry",    "idempotent",
                                                       "worker",  "rollback", "fallback"};
constexpr std::array<std::string_view, 3> approval_keys{"by", "expires", "reason"};
constexpr std::array<std::string_view, 4> rollback_keys{"exec", "env", "cwd", "stdin"};
constexpr std::array<std::string_view, 3> retry_keys{"attempts", "backoff", "max"};

/// The script that a shell is handed as an argument, or nothing.
const YamlNode* script_of(const YamlNode& argv) {
  static constexpr std::array<std::string_view, 6> shells{"sh",  "bash", "dash",
                                                          "zsh", "ksh",  "ash"};
  std::string_view program = argv.parts.front().text;
  program.remove_prefix(program.rfind('/') + 1);
  if (std::find(shells.begin(), shells.end(), program) == shells.end()) return nullptr;
  for (std::size_t i = 1; i + 1 < argv.parts.size(); ++i) {
    const std::string& option = argv.parts[i].text;
    if (!option.starts_with('-')) return nullptr;
    if (!option.starts_with("--") && option.find('c') != std::string::npos)
      return &argv.parts[i + 1];
  }
  return nullptr;
}

class StepReader {
 public:
  StepReader(const YamlNode& node, Problems& problems)
      : node_(node),
        problems_(problems),
        reader_(problems),
        keys_(node, "a step", step_keys, later_step_keys, problems) {}

  StepDraft read(const StepDefaults& defaults) {
    draft_.step.timeout = defaults.timeout;
    draft_.step.retry = defaults.retry;
    draft_.step.max_parallel = defaults.max_parallel;
    if (node_.kind != YamlNode::Kind::map) return std::move(draft_);
    read_id();
    if (const auto* needs = keys_.find("needs")) read_needs(*needs);
    if (const auto* when = keys_.find("when")) read_when(*when);
    if (const auto* foreach = keys_.find("foreach")) read_foreach(*foreach);
    read_max_parallel();
    read_work();
    if (const auto* timeout = keys_.find("timeout"))
      draft_.step.timeout = read_timeout(*timeout, problems_).value_or(Duration{});
    if (const auto* retry = keys_.find("retry"))
      draft_.step.retry = read_retry(*retry, defaults.retry, problems_);
    if (const auto* worker = keys_.find("worker"))
      draft_.step.worker = read_worker_need(*worker, problems_);
    if (const auto* idempotent = keys_.find("idempotent"))
      draft_.step.idempotent = reader_.boolean(*idempotent, "idempotent").value_or(false);
    if (const auto* rollback = keys_.find("rollback")) read_rollback(*rollback);
    if (const auto* approval = keys_.find("approval")) read_approval(*approval);
    if (const auto* tags = keys_.find("tags"))
      draft_.step.tags = read_names(*tags, "tags is a list of names, such as [nightly, slow]");
    if (const auto* lifecycle = keys_.find("lifecycle"))
      draft_.step.lifecycle = reader_.text(*lifecycle, "lifecycle").value_or("");
    if (const auto* type = keys_.find("type"))
      draft_.step.type = reader_.text(*type, "type").value_or("");
    if (const auto* fallback = keys_.find("fallback"))
      if (reader_.text(*fallback, "the id of a step")) draft_.fallback = fallback;
    return std::move(draft_);
  }

 private:
  void read_id() {
    const auto* id = keys_.find("id");
    if (id == nullptr) return problems_.error(node_, "this step has no 'id'");
    if (const auto name = reader_.name(*id, "the id of a step")) {
      draft_.id = id;
      draft_.step.id = *name;
    }
  }

  void read_needs(const YamlNode& needs) {
    if (needs.kind != YamlNode::Kind::list)
      return problems_.error(needs, "needs is a list of step ids, not " +
                                        std::string(kind_name(needs)) + "; write [a, b]");
    for (const YamlNode& need : needs.parts)
      if (reader_.text(need, "the id of a step")) draft_.needs.push_back(&need);
  }

  /// Parses the expressions of a scalar and keeps what they name for later checks.
  std::optional<Template> parse(const YamlNode& scalar, std::string_view text, Moment moment) {
    roles::TextError error{};
    auto parsed = Template::parse(text, error);
    if (!parsed) {
      problems_.error_within(scalar, error.offset, std::move(error.reason));
      return parsed;
    }
    for (auto& reference : parsed->references())
      draft_.uses.push_back({&scalar, std::move(reference), moment});
    return parsed;
  }

  std::string read_template(const YamlNode& node, std::string_view what, Moment moment) {
    const auto text = reader_.text(node, what);
    if (!text || !parse(node, *text, moment)) return {};
    return *text;
  }

  /// One expression, with nothing around it but white space.
  std::string read_expression(const YamlNode& node, const std::string& wanted) {
    if (!node.is_scalar()) {
      problems_.error(node, wanted + ", not " + std::string(kind_name(node)));
      return {};
    }
    const std::string text = node.text.substr(0, node.text.find_last_not_of(" \t\r\n") + 1);
    const auto parsed = parse(node, text, Moment::step);
    if (!parsed) return {};
    if (!parsed->is_one_expression()) problems_.error(node, wanted);
    return text;
  }

  void read_when(const YamlNode& when) {
    const auto constant = value_of(when);
    if (const bool* truth = constant.boolean())
      draft_.step.when = *truth ? "${{ true }}" : "${{ false }}";
    else
      draft_.step.when = read_expression(when, "when is true, false or one expression: ${{ ... }}");
  }

  void read_foreach(const YamlNode& foreach) {
    if (foreach.kind == YamlNode::Kind::list)
      draft_.step.foreach = list_as_expression(foreach);
    else
      draft_.step.foreach =
          read_expression(foreach, "foreach is a list or one expression: ${{ ... }}");
  }

  /// A list in the file is the same list in an expression: both are JSON.
  std::string list_as_expression(const YamlNode& list) {
    static constexpr std::string_view opening = "${{";
    const std::string json = to_json(value_of(list));
    if (json.find(opening) != std::string::npos)
      problems_.error(list,
                      "an element of a list here can't hold an expression; write the list "
                      "as one: ${{ [a, b] }}");
    std::string text = std::string(opening) + " " + json + " }}";
    roles::TextError error{};
    if (!Template::parse(text, error))
      problems_.error(list,
                      "this list is too long or too deep to stand here (64 KiB); put it in "
                      "vars");
    return text;
  }

  void read_max_parallel() {
    const auto* node = keys_.find("max_parallel");
    if (node == nullptr) return;
    if (keys_.find("foreach") == nullptr)
      problems_.error(*node, "max_parallel is for steps with 'foreach'");
    draft_.step.max_parallel =
        reader_.count(*node, "max_parallel", most_parallel).value_or(draft_.step.max_parallel);
  }

  void read_work() {
    std::vector<std::string_view> works;
    for (const std::string_view key : work_keys)
      if (keys_.find(key) != nullptr) works.push_back(key);
    if (works.empty() && keys_.find("approval") != nullptr) {
      draft_.step.work = roles::Wait{};  // it only waits for the person
      return refuse(exec_keys, "'exec'");
    }
    if (works.empty()) return refuse_idle();
    if (works.size() > 1)
      return problems_.error(*keys_.find(works[1]), "a step does one thing: '" +
                                                        std::string(works[0]) + "' or '" +
                                                        std::string(works[1]) + "'");
    if (const auto* exec = keys_.find("exec")) {
      draft_.step.work = read_exec(*exec, keys_, Moment::task);
      return;
    }
    refuse(exec_keys, "'exec'");
    if (const auto* wait = keys_.find("wait")) return read_wait(*wait);
    const auto& noop = *keys_.find("noop");
    if (noop.kind != YamlNode::Kind::null) Keys(noop, "noop", {}, {}, problems_);
  }

  void refuse(std::span<const std::string_view> keys, const std::string& wanted) {
    for (const std::string_view key : keys)
      if (const auto* node = keys_.find(key))
        problems_.error(*node, "'" + std::string(key) + "' is for steps with " + wanted);
  }

  /// A step that does something of a later version was refused for that already.
  void refuse_idle() {
    const bool later = std::any_of(later_step_keys.begin(), later_step_keys.end(),
                                   [&](auto key) { return keys_.find(key) != nullptr; });
    refuse(exec_keys, "'exec'");
    if (!later)
      problems_.error(node_,
                      "this step does nothing: give it 'exec', 'wait', 'approval' or 'noop: {}'");
  }

  /// Time passes without a worker, and never fails.
  void read_wait(const YamlNode& wait) {
    refuse(attempt_keys, "'exec' or 'noop'");
    draft_.step.work =
        roles::Wait{ValueReader(problems_).duration(wait, "wait").value_or(Duration{})};
  }

  void read_rollback(const YamlNode& rollback) {
    const Keys keys(rollback, "rollback", rollback_keys, {}, problems_);
    if (rollback.kind != YamlNode::Kind::map) return;
    if (const auto* exec = keys.require("exec", "what undoes the step"))
      draft_.step.rollback = read_exec(*exec, keys, Moment::rollback);
  }

  void read_approval(const YamlNode& node) {
    const Keys keys(node, "approval", approval_keys, {}, problems_);
    if (node.kind != YamlNode::Kind::map && node.kind != YamlNode::Kind::null) return;
    roles::Approval approval;
    if (const auto* by = keys.find("by"))
      approval.by = read_names(*by, "by is a list of names, such as [ops, anna]");
    if (const auto* expires = keys.find("expires")) {
      approval.expires = reader_.duration(*expires, "expires").value_or(Duration{1});
      if (approval.expires == Duration{})
        problems_.error(*expires, "expires must be more than nothing");
    }
    if (const auto* reason = keys.find("reason"))
      approval.reason = reader_.text(*reason, "reason").value_or("");
    draft_.step.approval = std::move(approval);
  }

  std::vector<std::string> read_names(const YamlNode& node, const char* wanted) {
    std::vector<std::string> names;
    if (node.kind != YamlNode::Kind::list || node.parts.empty()) {
      problems_.error(node, wanted);
      return names;
    }
    for (const YamlNode& part : node.parts)
      if (auto name = reader_.text(part, "a name")) names.push_back(std::move(*name));
    return names;
  }

  ExecTemplate read_exec(const YamlNode& argv, const Keys& keys, Moment moment) {
    ExecTemplate exec;
    read_argv(argv, exec, moment);
    if (const auto* env = keys.find("env")) read_env(*env, exec, moment);
    if (const auto* cwd = keys.find("cwd")) exec.cwd = read_template(*cwd, "cwd", moment);
    if (const auto* in = keys.find("stdin")) exec.stdin_text = read_template(*in, "stdin", moment);
    if (const auto* output = keys.find("output")) exec.output = read_output(*output);
    if (const auto* artifacts = keys.find("artifacts")) read_artifacts(*artifacts, exec);
    return exec;
  }

  void read_argv(const YamlNode& argv, ExecTemplate& exec, Moment moment) {
    if (argv.kind != YamlNode::Kind::list || argv.parts.empty())
      return problems_.error(argv,
                             "exec is a list of a program and its arguments, such as [ls, -l]; "
                             "there is no shell");
    for (const YamlNode& argument : argv.parts)
      exec.argv.push_back(read_template(argument, "an argument", moment));
    if (argv.parts.front().is_scalar() && argv.parts.front().text.empty())
      problems_.error(argv.parts.front(), "the program's name is empty");
    warn_of_script(argv);
  }

  void read_env(const YamlNode& env, ExecTemplate& exec, Moment moment) {
    if (env.kind != YamlNode::Kind::map)
      return problems_.error(env,
                             "env is a map of names and texts, not " + std::string(kind_name(env)));
    env.entries([&](const YamlNode& name, const YamlNode& value) {
      if (name.text.empty() || name.text.find('=') != std::string::npos)
        problems_.error(name, "the name of a variable is not empty and holds no '='");
      exec.env.emplace(name.text, read_template(value, "a variable", moment));
    });
  }

  void read_artifacts(const YamlNode& node, ExecTemplate& exec) {
    if (node.kind != YamlNode::Kind::list || node.parts.empty())
      return problems_.error(node, "artifacts is a list of patterns of files, such as [out/*.txt]");
    for (const YamlNode& part : node.parts) {
      auto pattern = read_template(part, "a pattern of files", Moment::task);
      if (pattern.starts_with('/') || pattern.find("..") != std::string::npos)
        problems_.error(part, "artifacts are below the directory where the step runs");
      exec.artifacts.push_back(std::move(pattern));
    }
  }

  OutputMode read_output(const YamlNode& node) {
    static constexpr std::array<std::string_view, 3> modes{"text", "json", "none"};
    const auto mode = std::find(modes.begin(), modes.end(), std::string_view(node.text));
    if (node.is_scalar() && mode != modes.end())
      return static_cast<OutputMode>(mode - modes.begin());
    problems_.error(node,
                    "output is text, json or none" + messages::did_you_mean(node.text, modes));
    return OutputMode::text;
  }

  void warn_of_script(const YamlNode& argv) {
    const auto* script = script_of(argv);
    if (script == nullptr) return;
    roles::TextError ignored{};
    const auto parsed = Template::parse(script->text, ignored);
    if (parsed && parsed->has_expressions())
      problems_.warning(*script,
                        "an expression inside a shell's script: what it gives is run as "
                        "shell; pass it by 'env' and write \"$NAME\"");
  }

  const YamlNode& node_;
  Problems& problems_;
  ValueReader reader_;
  Keys keys_;
  StepDraft draft_;
};

}  // namespace

std::optional<Duration> read_timeout(const YamlNode& node, Problems& problems) {
  const auto timeout = ValueReader(problems).duration(node, "timeout");
  if (timeout && *timeout == Duration{}) problems.error(node, "timeout must be more than nothing");
  return timeout;
}

Retry read_retry(const YamlNode& node, const Retry& defaults, Problems& problems) {
  Retry retry = defaults;
  const ValueReader reader(problems);
  const Keys keys(node, "retry", retry_keys, {}, problems);
  if (const auto* attempts = keys.find("attempts"))
    retry.attempts = reader.count(*attempts, "attempts", most_attempts).value_or(retry.attempts);
  const auto* backoff = keys.find("backoff");
  const auto* max = keys.find("max");
  if (backoff != nullptr)
    retry.backoff = reader.duration(*backoff, "backoff").value_or(retry.backoff);
  if (max != nullptr)
    retry.max = reader.duration(*max, "max").value_or(retry.max);
  else
    retry.max = std::max(retry.max, retry.backoff);
  if (retry.max < retry.backoff) problems.error(*max, "max is less than backoff");
  return retry;
}

StepDraft read_step(const YamlNode& node, const StepDefaults& defaults, Problems& problems) {
  return StepReader(node, problems).read(defaults);
}

}  // namespace queenright::program
