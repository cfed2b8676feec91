#include "adapters/blob_store/local/tests/local_engine.hpp"
#include "ports/blob_store_contract.hpp"

namespace kinora::blob_store_contract {

INSTANTIATE_TYPED_TEST_SUITE_P(Local, BlobStoreContract, testing::LocalBlobEngine);

}  // namespace kinora::blob_store_contract
