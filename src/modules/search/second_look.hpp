#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/sync.hpp"
#include "modules/search/search.hpp"
#include "ports/database.hpp"
#include "ports/word_embedder.hpp"

namespace kinora::search {

/// Compares a question with sentences word by word, by one model. Any thread.
class WordReader {
 public:
  WordReader(WordEmbedder& embedder, Database& database) : embedder_(embedder), database_(database) {}

  Task<void> wake() { return embedder_.wake(); }
  /// See SecondLook.
  Task<Result<std::vector<Moment>>> sorted(std::string question, std::vector<Moment> moments);
  Task<Result<double>> evidence(std::string question, std::string quote);

 private:
  struct Background {
    Vector mean;
    std::vector<WordVectors> sentences;
  };
  Task<Result<std::shared_ptr<const Background>>> background();
  /// As they were kept, or made and kept: they cost a person who asks first more than his answer.
  Task<Result<std::vector<WordVectors>>> background_words();

  WordEmbedder& embedder_;
  Database& database_;
  // Shared: a question may read it while the first ones, which found none, each put theirs.
  Guarded<std::shared_ptr<const Background>> background_;
};

/// Reads the best moments of an index again, sentence by sentence and word by word: slower and much surer than one vector for
/// each passage. English is read by a model of English, everything else, and a mixture, by the one of many languages. Why and
/// how sure: docs/adr/0016-a-second-look.md. Any thread.
class SecondLook {
 public:
  SecondLook(Readers readers, Database& database) : any_(readers.any, database), english_(readers.english, database) {}

  /// Starts what will be asked about a question.
  Task<void> wake(std::string question);

  /// Fills the moments' sentences, each with its fit, and puts the moments in their order. Errors: the embedder's.
  Task<Result<std::vector<Moment>>> sorted(std::string question, std::vector<Moment> moments);

  /// How much nearer what the question asks is to this quote than to sentences about anything; see Search::evidence.
  Task<Result<double>> evidence(std::string question, std::string quote, std::string language);

 private:
  WordReader any_;
  WordReader english_;
};

}  // namespace kinora::search
