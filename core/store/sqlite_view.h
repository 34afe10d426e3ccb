// ReadView and WriteTransaction over one SQLite connection.
//
// Guarantees: every column's type and size is checked before its bytes are copied (kDamaged, naming
// the table and the row); a view that was not committed is rolled back when it is destroyed.
// Threads: as for the connection.
#pragma once

#include <functional>
#include <memory>

#include "core/store/sqlite_handle.h"
#include "core/store/store.h"

namespace coffre {

// Takes a connection back when its view ends; the connection is outside any transaction, or
// `usable` is false and it must be closed.
using ConnectionReturn = std::function<void(std::unique_ptr<Connection>, bool usable)>;

// Begins a read transaction and takes its snapshot. `cookie` is what schema_cookie() said when the
// schema was checked. The connection goes to `give_back` in every case.
[[nodiscard]] Result<std::unique_ptr<ReadView>> begin_read(std::unique_ptr<Connection> connection,
                                                           std::int64_t cookie,
                                                           ConnectionReturn give_back);
// Begins a write transaction, waiting for others as long as the connection's patience.
[[nodiscard]] Result<std::unique_ptr<WriteTransaction>> begin_write(
    std::unique_ptr<Connection> connection, std::int64_t cookie, ConnectionReturn give_back);

}  // namespace coffre
