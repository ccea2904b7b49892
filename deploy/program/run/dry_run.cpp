#include "deploy/program/run/dry_run.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "actors/roles/hive/worker_record.hpp"
#include "actors/roles/plan/need.hpp"
#include "deploy/program/columns.hpp"
#include "deploy/program/formats.hpp"

namespace queenright::program {

using messages::Value;
using messages::WorkerStanding;
using roles::KnownWorker;

namespace {

WorkerStanding standing_of(const std::string& name) {
  for (auto standing = WorkerStanding{};;
       standing = static_cast<WorkerStanding>(static_cast<std::uint8_t>(standing) + 1))
    if (roles::name_of(standing) == name || standing == last_enumerator(standing)) return standing;
}

KnownWorker known_worker(const std::string& name, const Value::Map& listed) {
  KnownWorker known;
  const auto node = std::stoul(name.substr(name.find('@') + 1));
  known.told.worker = {messages::NodeId{static_cast<messages::NodeId::number_type>(node)},
                       messages::worker_role()};
  known.told.standing = standing_of(*listed.at("standing").text());
  auto& offer = known.told.offer;
  offer.slots = static_cast<std::uint32_t>(*listed.at("slots").integer());
  offer.trust = static_cast<std::uint32_t>(*listed.at("trust").integer());
  offer.region = *listed.at("region").text();
  for (const auto& one : *listed.at("capabilities").list())
    offer.capabilities.push_back(*one.text());
  for (const auto& [label, value] : *listed.at("labels").map()) offer.labels[label] = *value.text();
  return known;
}

std::string reason_of(const roles::StepOutlook& step) {
  return step.needs_worker ? short_form(step.placement) : "needs no worker";
}

}  // namespace

std::vector<KnownWorker> known_workers(const Value& listed) {
  std::vector<KnownWorker> workers;
  for (const auto& [name, worker] : *listed.map())
    workers.push_back(known_worker(name, *worker.map()));
  std::sort(workers.begin(), workers.end(), [](const auto& a, const auto& b) {
    return a.told.worker < b.told.worker;  // as circuits have them
  });
  return workers;
}

void require_workers(const roles::Plan& plan, const std::vector<KnownWorker>& workers) {
  roles::WorkerRecords records;
  for (const auto& worker : workers) records[worker.told.worker].offer = worker.told.offer;
  const auto unmet = roles::unmet_need(records, roles::needs_of(plan));
  if (!unmet.empty()) throw Failure(ExitCode::not_found, "the run was refused: " + unmet);
}

Value dry_run_of(const roles::Plan& plan, const std::vector<KnownWorker>& workers) {
  Value::List left_out;
  for (const auto& step : plan.steps)
    if (step.left_out) left_out.emplace_back(step.id);
  Value::List levels;
  for (const auto& level : roles::outlook(plan, workers)) {
    Value::List steps;
    for (const auto& step : level) {
      const auto& worker = step.placement.worker;
      const auto& planned = plan.steps[step.step];
      steps.push_back(
          Value::Map{{"step", planned.id},
                     {"fans_out", !planned.foreach.empty()},
                     {"worker", worker ? Value(roles::name_of_worker(*worker)) : Value()},
                     {"because", reason_of(step)}});
    }
    levels.emplace_back(std::move(steps));
  }
  return Value::Map{
      {"plan", plan.title}, {"left_out", std::move(left_out)}, {"levels", std::move(levels)}};
}

std::string dry_run_text(const Value& dry_run) {
  const auto& told = *dry_run.map();
  std::size_t steps = 0;
  std::size_t width = 4;
  for (const auto& level : *told.at("levels").list())
    for (const auto& step : *level.list()) {
      ++steps;
      width = width_with(width, *step.map()->at("step").text(), 30);
    }
  const auto& plan = *told.at("plan").text();
  std::string text = folded(fmt::format("{}: {} step{} would run, one level after the other", plan,
                                        steps, steps == 1 ? "" : "s"),
                            "", plan.size());
  std::size_t number = 0;
  for (const auto& level : *told.at("levels").list()) {
    text += fmt::format("  level {}, {} wide\n", ++number, level.list()->size());
    for (const auto& one : *level.list()) {
      const auto& step = *one.map();
      const auto* worker = step.at("worker").text();
      const auto because = *step.at("because").text() +
                           (*step.at("fans_out").boolean() ? "; a task for each element" : "");
      text += fmt::format("    {}  {:<10}  {}", cell(*step.at("step").text(), 4, width),
                          worker == nullptr ? "-" : *worker, last_cell(because, width + 18));
    }
  }
  const auto& left_out = *told.at("left_out").list();
  if (!left_out.empty())
    text += fmt::format("  not selected: {} step{}\n", left_out.size(),
                        left_out.size() == 1 ? "" : "s");
  return text;
}

ExitCode print_dry_run(const Value& dry_run, const std::string& output) {
  const Format format = format_of(output);
  fmt::print("{}", format == Format::human ? dry_run_text(dry_run) : formatted(dry_run, format));
  return ExitCode::success;
}

}  // namespace queenright::program
