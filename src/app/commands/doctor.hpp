#pragma once

#include "app/config.hpp"

namespace kinora::app {

/// `kinora doctor`: what works on this machine, what is off, and how to mend it. Changes nothing. Fails when the server would
/// not start or would take no video.
int run_doctor(const Config& config);

}  // namespace kinora::app
