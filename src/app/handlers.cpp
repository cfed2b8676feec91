#include "app/handlers.hpp"

#include <algorithm>

#include "modules/ai/ai.hpp"
#include "modules/pipeline/pipeline.hpp"
#include "modules/search/search.hpp"

namespace kinora::app {

std::vector<jobs::Handler> all_handlers() {
  std::vector<jobs::Handler> all;
  for (auto handlers : {ai::handlers(), search::handlers(), pipeline::handlers()})
    std::ranges::move(handlers, std::back_inserter(all));
  return all;
}

}  // namespace kinora::app
