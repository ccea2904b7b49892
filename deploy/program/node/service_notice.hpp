#pragma once

#include <string>

namespace queenright::program {

/// Tells whoever started this process how it is, as systemd defines it (sd_notify): "READY=1",
/// "STATUS=...". Nothing happens where nobody asked for it by NOTIFY_SOCKET.
void notify_service_manager(const std::string& state);

}  // namespace queenright::program
