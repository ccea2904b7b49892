#include "deploy/program/document/refuse_errors.hpp"

#include "deploy/program/columns.hpp"
#include "deploy/program/failure.hpp"
#include "deploy/program/say.hpp"

namespace queenright::program {

void refuse_errors(const std::vector<Problem>& errors, const std::string& what,
                   const std::string& rest) {
  for (const Problem& error : errors) say("{}\n", printable(text_of(error)));
  if (!errors.empty())
    throw Failure(ExitCode::usage, fmt::format("{} has {} error{}{}", what, errors.size(),
                                               errors.size() == 1 ? "" : "s", rest));
}

}  // namespace queenright::program
