#pragma once

#include <string>

#include "deploy/program/formats.hpp"

/// Runs, as people read them.
namespace queenright::program {

void print_report(const messages::Value& report, Format format);
std::string runs_text(const messages::Value& runs, Format format);

}  // namespace queenright::program
