#pragma once

namespace kinora::app {

inline constexpr auto eval_command = "eval";

/// `kinora eval FILE`: asks a running server the questions of a file and tells how many it finds, answers from the right place
/// and refuses. Its own command line, because it is a client: no setting of a server concerns it.
int eval_main(int argc, char** argv);

}  // namespace kinora::app
