#!/usr/bin/env bash
# run.sh BUILD_DIR [SECTION...]: the benchmarks of docs/PERFORMANCE.md, each beside its peer.
#
# Sections: memory small large read list another peak settings erase pages window; all of them unless told.
# COFFRE_BENCH_DIR: where the files go (a directory on the disk to be measured; default: in BUILD_DIR),
# COFFRE_BENCH_PAIRS: alternating pairs (3), COFFRE_BENCH_SCALE: 1, or 0.1 for a quick look.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if (($# < 1)); then
  sed -n '2,6s/^# //p' "$0" >&2
  exit 2
fi
exec python3 "$here/compare.py" "$@"
