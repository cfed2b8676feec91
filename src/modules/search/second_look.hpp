#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/sync.hpp"
#include "modules/search/search.hpp"
#include "ports/database.hpp"
#include "ports/embedder.hpp"

namespace kinora::search {

/// Reads the best moments of an index again, sentence by sentence and word by word: slower and much surer than one vector for
/// each passage. Why and how sure: docs/adr/0016-a-second-look.md. Any thread.
class SecondLook {
 public:
  SecondLook(Embedder& embedder, Database& database) : embedder_(embedder), database_(database) {}

  /// Fills the moments' sentences, each with its fit, and puts the moments in their order. Errors: the embedder's.
  Task<Result<std::vector<Moment>>> sorted(std::string question, std::vector<Moment> moments);

  /// How much nearer what the question asks is to these quotes than to sentences about anything; see Search::evidence.
  Task<Result<double>> evidence(std::string question, std::vector<std::string> quotes);

 private:
  struct Background {
    Vector mean;
    std::vector<WordVectors> sentences;
  };
  Task<Result<std::shared_ptr<const Background>>> background();
  /// As they were kept, or made and kept: they cost a person who asks first more than his answer.
  Task<Result<std::vector<WordVectors>>> background_words();

  Embedder& embedder_;
  Database& database_;
  // Shared: a question may read it while the first ones, which found none, each put theirs.
  Guarded<std::shared_ptr<const Background>> background_;
};

}  // namespace kinora::search
