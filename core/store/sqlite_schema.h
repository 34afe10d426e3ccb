// The tables of a vault, and the settings of every connection to one. docs/FORMAT.md §2.
// Threads: as for the connection.
#pragma once

#include "core/store/sqlite_handle.h"

namespace coffre {

enum class ConnectionUse : std::uint8_t { kRead, kWrite };

// Sets the connection up as sqlite_store.h says. Before any statement that reads the file.
[[nodiscard]] Status apply_settings(Connection& connection, ConnectionUse use);
// Makes the tables in an empty file, in one transaction.
[[nodiscard]] Status create_schema(Connection& connection);
// kDamaged unless the tables are exactly a vault's and nothing else is there.
[[nodiscard]] Status check_schema(Connection& connection);
// The schema's change counter: after check_schema(), another value means another schema.
[[nodiscard]] Result<std::int64_t> schema_cookie(Connection& connection);

}  // namespace coffre
