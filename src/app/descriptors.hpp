#pragma once

#include <cstddef>

namespace kinora::app {

/// Lets this process open as many files as the system allows, and yields that number.
std::size_t take_all_descriptors();

/// How many connections may be open at once so that none of them, nor the work behind them, is ever out of descriptors: a
/// connection needs one for itself and one for the file it is sent.
std::size_t connections_within(std::size_t descriptors);

}  // namespace kinora::app
