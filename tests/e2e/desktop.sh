#!/usr/bin/env bash
# desktop.sh BUILD_DIR: the desktop program in a real window under a virtual display; pictures of it
# go to BUILD_DIR/e2e. Then what its memory holds after the lock.
set -euo pipefail

build=${1:?usage: desktop.sh BUILD_DIR}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python3 "$here/desktop_test.py" "$build/tests/e2e/coffre_e2e" "$build/app/cli/coffrectl" \
  "$build/tests/samples/coffre_samples" "$build/e2e"
python3 "$here/memory_test.py" "$build/tests/e2e/coffre_e2e" "$build/e2e"
