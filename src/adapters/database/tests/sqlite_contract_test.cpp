#include "adapters/database/tests/sqlite_engine.hpp"
#include "ports/database_contract.hpp"
#include "ports/database_migrations_contract.hpp"
#include "ports/database_repeats_contract.hpp"
#include "ports/database_values_contract.hpp"

namespace kinora {

using testing::SqliteEngine;

namespace database_contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, DatabaseContract, SqliteEngine);
}
namespace database_values_contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, DatabaseValuesContract, SqliteEngine);
}
namespace database_migrations_contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, DatabaseMigrationsContract, SqliteEngine);
}
namespace database_repeats_contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, DatabaseRepeatsContract, SqliteEngine);
}

}  // namespace kinora
