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
constexpr std::array<std::string_view, 15> step_keys{
    "id",  "needs", "exec",   "noop",    "when",  "foreach",    "max_parallel", "env",
    "cwd", "stdin", "output", "timeout", "retry", "idempotent", "worker"};
constexpr std::array<std::string_view, 12> later_step_keys{
    "wait",     "http",     "patch",     "compose", "simulation", "approval",
    "rollback", "fallback", "lifecycle", "tags",    "type",       "artifacts"};
constexpr std::array<std::string_view, 5> exec_keys{"exec", "env", "cwd", "stdin", "output"};
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

  std::string read_template(const YamlNode& node, std::string_view what) {
    const auto text = reader_.text(node, what);
    if (!text || !parse(node, *text, Moment::task)) return {};
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
    const auto* exec = keys_.find("exec");
    const auto* noop = keys_.find("noop");
    if (exec != nullptr && noop != nullptr)
      return problems_.error(*noop, "a step does one thing: 'exec' or 'noop'");
    if (exec != nullptr) return read_exec(*exec);
    for (const std::string_view key : exec_keys)
      if (const auto* node = keys_.find(key))
        problems_.error(*node, "'" + std::string(key) + "' is for steps with 'exec'");
    if (noop == nullptr) return refuse_idle();
    if (noop->kind != YamlNode::Kind::null) Keys(*noop, "noop", {}, {}, problems_);
  }

  /// A step that does something of a later version was refused for that already.
  void refuse_idle() {
    const bool later = std::any_of(later_step_keys.begin(), later_step_keys.end(),
                                   [&](auto key) { return keys_.find(key) != nullptr; });
    if (!later) problems_.error(node_, "this step does nothing: give it 'exec' or 'noop: {}'");
  }

  void read_exec(const YamlNode& argv) {
    if (argv.kind != YamlNode::Kind::list || argv.parts.empty())
      return problems_.error(argv,
                             "exec is a list of a program and its arguments, such as "
                             "[ls, -l]; there is no shell");
    ExecTemplate exec;
    for (const YamlNode& argument : argv.parts)
      exec.argv.push_back(read_template(argument, "an argument"));
    if (argv.parts.front().is_scalar() && argv.parts.front().text.empty())
      problems_.error(argv.parts.front(), "the program's name is empty");
    if (const auto* env = keys_.find("env")) read_env(*env, exec);
    if (const auto* cwd = keys_.find("cwd")) exec.cwd = read_template(*cwd, "cwd");
    if (const auto* in = keys_.find("stdin")) exec.stdin_text = read_template(*in, "stdin");
    if (const auto* output = keys_.find("output")) exec.output = read_output(*output);
    warn_of_script(argv);
    draft_.step.work = std::move(exec);
  }

  void read_env(const YamlNode& env, ExecTemplate& exec) {
    if (env.kind != YamlNode::Kind::map)
      return problems_.error(env,
                             "env is a map of names and texts, not " + std::string(kind_name(env)));
    env.entries([&](const YamlNode& name, const YamlNode& value) {
      if (name.text.empty() || name.text.find('=') != std::string::npos)
        problems_.error(name, "the name of a variable is not empty and holds no '='");
      exec.env.emplace(name.text, read_template(value, "a variable"));
    });
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
