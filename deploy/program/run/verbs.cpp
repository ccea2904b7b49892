#include "deploy/program/verbs.hpp"

#include <pwd.h>
#include <unistd.h>

#include <memory>

#include "deploy/program/client/hive_option.hpp"
#include "deploy/program/hint.hpp"
#include "deploy/program/line_of_text.hpp"
#include "deploy/program/preferences/preferences.hpp"
#include "deploy/program/run/past_runs.hpp"
#include "deploy/program/run/remote_run.hpp"
#include "deploy/program/run/run.hpp"
#include "deploy/program/watching.hpp"

namespace queenright::program {
namespace {

/// What the verbs' options are read into.
struct Arguments {
  RunOptions run{HiveOptions{default_data()}, {}, {}, {}, false};
  HiveAccess access{default_hive(), {}};
  bool data_given = false;
  std::string subject;  ///< a plan or a run
  std::string file;
  RetryOptions retry;
  ArtifactOptions artifacts;
  messages::ApproveStep approval;
  bool all = false;
  bool dry_run = false;
  bool watch = false;
  std::string mode = "sync";  ///< of `run`
};
using Shared = std::shared_ptr<Arguments>;

/// The same options, for a hive elsewhere.
RemoteRunOptions remote(const Arguments& arguments) {
  const auto& run = arguments.run;
  return {arguments.access, run.key, run.plan, run.output, run.quiet, arguments.mode == "profile"};
}

bool is_elsewhere(const Arguments& arguments) {
  return arguments.access.is_given() && !arguments.data_given;
}

void add_embedded(CLI::App& verb, const Shared& arguments) {
  add_data(verb, arguments->run.hive.data);
  verb.get_option("--data")->each(
      [arguments](const std::string&) { arguments->data_given = true; });
}

/// Of verbs about an embedded hive, or one elsewhere.
void add_either(CLI::App& verb, const Shared& arguments) {
  add_hive(verb, arguments->access);
  verb.get_option("--hive")->excludes(verb.get_option("--data"));
}

/// `instead` is what to do about a hive elsewhere.
void must_be_embedded(const Arguments& arguments, const std::string& instead) {
  if (is_elsewhere(arguments))
    throw Failure(ExitCode::usage,
                  preference("hive").origin + " names a hive of several nodes: " + instead);
}

void add_running(CLI::App& verb, const Shared& arguments) {
  auto& options = arguments->run;
  add_embedded(verb, arguments);
  add_output(verb, options.output);
  verb.add_flag("-q,--quiet", options.quiet, "no progress");
  verb.add_option("--slots", options.hive.slots,
                  "attempts at once; twice the processors, at least 4")
      ->check(CLI::Range(1, 1024));
  verb.add_option("--keep-bytes", options.hive.keep_bytes,
                  "of journal; older runs are kept as slices (units: kb, mb, gb; 0: no limit)")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str();
  verb.add_option("--keep-days", options.hive.keep_days, "of journal (0: no limit)")
      ->capture_default_str();
}

void add_dry_run(CLI::App& verb, const Shared& arguments) {
  verb.add_flag("--dry-run", arguments->dry_run, "only say what it would do");
}

/// What a list of names on the command line is read into: "a,b", or the option twice.
CLI::Option* add_names(CLI::App& verb, const char* option, std::vector<std::string>& names,
                       const char* help) {
  return verb.add_option(option, names, help)->delimiter(',')->allow_extra_args(false);
}

void add_selection(CLI::App& run, Selection& selection) {
  add_names(run, "--tags", selection.tags, "only steps with one of these tags")
      ->group("Which steps");
  add_names(run, "--lifecycle", selection.lifecycles, "of one of these lifecycles")
      ->group("Which steps");
  add_names(run, "--type", selection.types, "of one of these types")->group("Which steps");
  add_names(run, "--filter", selection.filters,
            "name=value: id, tag, type, lifecycle, capability, region or a worker's label")
      ->group("Which steps");
  run.add_option("--from", selection.from, "this step and what waits for it")->group("Which steps");
  run.add_option("--to", selection.to, "this step and what it waits for")->group("Which steps");
}

ExitCode run_in_mode(const Arguments& arguments) {
  const auto& plan = arguments.subject;
  const bool elsewhere = is_elsewhere(arguments);
  if (arguments.mode == "dry-run")
    return elsewhere ? dry_run_on_hive(plan, remote(arguments)) : dry_run(plan, arguments.run);
  if (arguments.mode == "replay")
    return elsewhere ? repeat_run_on_hive(plan, remote(arguments))
                     : repeat_run_of(checked_plan(plan, arguments.run.plan),
                                     arguments.run.hive.data, arguments.run.output);
  if (arguments.mode == "async") {
    if (elsewhere) return start_run_on_hive(plan, remote(arguments));
    throw Failure(ExitCode::usage,
                  "--mode async: an embedded hive lives as long as this command; name one that "
                  "goes on with --hive");
  }
  if (elsewhere) return run_plan_on_hive(plan, remote(arguments));
  auto options = arguments.run;
  options.profile = arguments.mode == "profile";
  return run_plan(plan, options);
}

void add_run(CLI::App& app, const Shared& arguments, Verb& chosen) {
  auto* run = app.add_subcommand("run", "run a plan and follow it");
  run->add_option("PLAN", arguments->subject, "the plan's file")->required();
  run->add_option("--var", arguments->run.plan.variables,
                  "name=value, overrides one of the plan's vars")
      ->allow_extra_args(false);
  run->add_option("--key", arguments->run.key, "the same key is the same run, however often")
      ->check(line_of_text());
  run->add_option("--mode", arguments->mode,
                  "sync: follow it; async: only submit it (with --hive); dry-run: only say what "
                  "would run; profile: tell where the time went; replay: repeat the last run of "
                  "this plan from its results")
      ->check(CLI::IsMember({"sync", "async", "dry-run", "profile", "replay"}))
      ->capture_default_str();
  run->add_flag_callback(
      "--dry-run", [arguments] { arguments->mode = "dry-run"; }, "as --mode dry-run");
  add_selection(*run, arguments->run.plan.selection);
  add_running(*run, arguments);
  add_either(*run, arguments);
  run->callback([arguments, &chosen] { chosen = [arguments] { return run_in_mode(*arguments); }; });
}

void add_past(CLI::App& runs, const Shared& arguments, Verb& chosen) {
  auto& options = arguments->run;
  auto* list = runs.add_subcommand("list", "all of them, oldest first");
  add_embedded(*list, arguments);
  add_output(*list, options.output);
  add_either(*list, arguments);
  add_watch(*list, arguments->watch);
  list->callback([arguments, &chosen] {
    chosen = [arguments] {
      return is_elsewhere(*arguments)
                 ? list_runs_of_hive(remote(*arguments), arguments->watch)
                 : list_runs(arguments->run.hive.data, arguments->run.output, arguments->watch);
    };
  });
  const auto add_report = [&](const char* name, const char* help, ReportForm form) {
    auto* report = runs.add_subcommand(name, help);
    report->add_option("RUN", arguments->subject, "the run")->required();
    add_embedded(*report, arguments);
    add_output(*report, options.output);
    add_either(*report, arguments);
    report->callback([arguments, &chosen, form] {
      chosen = [arguments, form] {
        if (is_elsewhere(*arguments))
          return report_run_of_hive(arguments->subject, form, remote(*arguments));
        return report_run(arguments->run.hive.data, arguments->subject, form,
                          arguments->run.output);
      };
    });
  };
  add_report("show", "where one stands, in short", print_standing);
  add_report("report", "all there is to say of one", print_report);
}

/// What is taken out of a run: the files that it made, and its recording.
void add_taking(CLI::App& runs, const Shared& arguments, Verb& chosen) {
  auto* artifacts = runs.add_subcommand("artifacts", "the files that one has made");
  artifacts->add_option("RUN", arguments->subject, "the run")->required();
  artifacts->add_option("--step", arguments->artifacts.step, "of this step only");
  auto* into =
      artifacts->add_option("--into", arguments->artifacts.into, "copy them into this directory");
  artifacts->add_flag("--dry-run", arguments->artifacts.dry_run, "only say what would be copied")
      ->needs(into);
  add_embedded(*artifacts, arguments);
  add_output(*artifacts, arguments->run.output);
  add_either(*artifacts, arguments);
  artifacts->callback([arguments, &chosen] {
    chosen = [arguments] {
      const auto& run = arguments->subject;
      return is_elsewhere(*arguments)
                 ? artifacts_of_run_on_hive(run, arguments->artifacts, remote(*arguments))
                 : artifacts_of_run(arguments->run.hive.data, run, arguments->artifacts,
                                    arguments->run.output);
    };
  });
  auto* cut = runs.add_subcommand("export", "one as a file that replays anywhere");
  cut->add_option("RUN", arguments->subject, "the run")->required();
  cut->add_option("FILE", arguments->file, "the file to write")->required();
  add_embedded(*cut, arguments);
  cut->callback([arguments, &chosen] {
    chosen = [arguments] {
      must_be_embedded(*arguments, "give the directory of a queen with --data");
      return export_run_to(arguments->run.hive.data, arguments->subject, arguments->file);
    };
  });
}

void add_resolving(CLI::App& runs, const Shared& arguments, Verb& chosen) {
  auto* resume = runs.add_subcommand("resume", "take unfinished runs to their end");
  resume->add_option("RUN", arguments->subject, "one run");
  resume->add_flag("--all", arguments->all, "every unfinished run");
  add_dry_run(*resume, arguments);
  add_running(*resume, arguments);
  resume->callback([arguments, &chosen] {
    if (arguments->subject.empty() != arguments->all)
      throw CLI::ValidationError("runs resume", "give a RUN, or --all");
    chosen = [arguments] {
      must_be_embedded(*arguments, "its runs go on by themselves; --data resumes embedded ones");
      const auto run = arguments->all ? std::nullopt : std::optional(arguments->subject);
      return arguments->dry_run ? preview_resume(run, arguments->run)
                                : resume_runs(run, arguments->run);
    };
  });

  auto* retry = runs.add_subcommand("retry",
                                    "one that failed once more, without what succeeded; "
                                    "or decide about a step of unknown fate");
  retry->add_option("RUN", arguments->subject, "the run")->required();
  add_names(*retry, "--step", arguments->retry.again, "do this step again");
  add_names(*retry, "--skip", arguments->retry.skip, "go on as if this step had succeeded");
  add_dry_run(*retry, arguments);
  add_running(*retry, arguments);
  add_either(*retry, arguments);
  retry->callback([arguments, &chosen] {
    chosen = [arguments] {
      const auto& run = arguments->subject;
      if (arguments->dry_run)
        return is_elsewhere(*arguments)
                   ? preview_retry_on_hive(run, arguments->retry, remote(*arguments))
                   : preview_retry(run, arguments->retry, arguments->run);
      return is_elsewhere(*arguments) ? retry_run_on_hive(run, arguments->retry, remote(*arguments))
                                      : retry_run(run, arguments->retry, arguments->run);
    };
  });
}

ExitCode preview(const Arguments& arguments, const messages::Command& decision) {
  const auto& run = arguments.subject;
  return is_elsewhere(arguments)
             ? preview_decision_on_hive(run, decision, remote(arguments))
             : preview_decision(arguments.run.hive.data, run, decision, arguments.run.output);
}

/// Who decides on an embedded hive; of a client of another one its key says who it is.
std::string user_name() {
  const passwd* user = getpwuid(geteuid());
  return user == nullptr ? std::to_string(geteuid()) : user->pw_name;
}

void add_approving(CLI::App& runs, const Shared& arguments, Verb& chosen) {
  using messages::Verdict;
  const auto add = [&](const char* name, const char* help, Verdict verdict) {
    auto* verb = runs.add_subcommand(name, help);
    auto& decision = arguments->approval;
    verb->add_option("RUN", arguments->subject, "the run")->required();
    verb->add_option("--step", decision.step, "the step, if several wait");
    verb->add_option("--hash", decision.hash, "of what you have seen: refused if it has changed");
    verb->add_option("--reason", decision.comment, "recorded with the decision")
        ->check(line_of_text())
        ->required(verdict == Verdict::reject);
    verb->add_option("--as", decision.approver,
                     "your name, on an embedded hive; that of the user by default")
        ->check(line_of_text());
    add_dry_run(*verb, arguments);
    add_running(*verb, arguments);
    add_either(*verb, arguments);
    verb->get_option("--hive")->excludes(verb->get_option("--as"));
    verb->callback([arguments, &chosen, verdict] {
      chosen = [arguments, verdict] {
        auto& given = arguments->approval;
        given.verdict = verdict;
        if (given.approver.empty()) given.approver = user_name();
        if (arguments->dry_run) return preview(*arguments, given);
        return is_elsewhere(*arguments)
                   ? decide_on_hive(arguments->subject, given, remote(*arguments))
                   : record_decision(arguments->subject, given, arguments->run);
      };
    });
  };
  add("approve", "agree to a step that waits for it", Verdict::approve);
  add("reject", "have a step fail that waits for approval", Verdict::reject);
}

void add_live(CLI::App& runs, const Shared& arguments, Verb& chosen) {
  auto* watch = runs.add_subcommand("watch", "follow one to where it ends or waits");
  watch->add_option("RUN", arguments->subject, "the run")->required();
  add_embedded(*watch, arguments);
  add_output(*watch, arguments->run.output);
  watch->add_flag("-q,--quiet", arguments->run.quiet, "no progress");
  add_either(*watch, arguments);
  watch->callback([arguments, &chosen] {
    chosen = [arguments] {
      const auto& run = arguments->run;
      return is_elsewhere(*arguments)
                 ? watch_run_of_hive(arguments->subject, remote(*arguments))
                 : watch_run(run.hive.data, arguments->subject, run.output, run.quiet);
    };
  });
  auto* cancel = runs.add_subcommand("cancel", "end one, undo what it did, and follow that");
  cancel->add_option("RUN", arguments->subject, "the run")->required();
  add_dry_run(*cancel, arguments);
  add_running(*cancel, arguments);
  add_either(*cancel, arguments);
  cancel->callback([arguments, &chosen] {
    chosen = [arguments] {
      const messages::CancelRun decision{"cancelled"};
      if (arguments->dry_run) return preview(*arguments, decision);
      return is_elsewhere(*arguments) ? cancel_run_of_hive(arguments->subject, remote(*arguments))
                                      : decide(arguments->subject, decision, arguments->run);
    };
  });
}

}  // namespace

void add_run_verbs(CLI::App& app, Verb& chosen) {
  const auto arguments = std::make_shared<Arguments>();
  add_run(app, arguments, chosen);
  auto* runs = app.add_subcommand("runs", "the runs of a hive");
  runs->require_subcommand(1);
  add_past(*runs, arguments, chosen);
  add_taking(*runs, arguments, chosen);
  add_resolving(*runs, arguments, chosen);
  add_approving(*runs, arguments, chosen);
  add_live(*runs, arguments, chosen);
}

}  // namespace queenright::program
