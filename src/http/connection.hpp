#pragma once

#include <memory>

#include "http/exchange.hpp"
#include "http/transport.hpp"
#include "http/watch.hpp"

namespace kinora::http {

/// Serves one peer until it or we close. Runs on the executor of the transport's socket.
Task<void> serve_connection(const Service& service, Watchdog& watchdog, std::unique_ptr<Transport> transport);

}  // namespace kinora::http
