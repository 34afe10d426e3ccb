#!/usr/bin/env bash
# desktop.sh BUILD_DIR [VARIANT]: a day with the desktop program in a real window under a virtual
# display, in every variant of desktop_test.py or the one that is named; pictures of it go to
# BUILD_DIR/e2e/VARIANT. Then, without a name, what its memory holds after the lock.
set -euo pipefail

build=${1:?usage: desktop.sh BUILD_DIR [VARIANT]}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
variants=(french english_french_keyboard scale_2 slow_frames_without_glx)
if [[ -n ${2:-} ]]; then
  variants=("$2")
fi
for variant in "${variants[@]}"; do
  python3 "$here/desktop_test.py" "$build/tests/e2e/coffre_e2e" "$build/app/cli/coffrectl" \
    "$build/tests/samples/coffre_samples" "$build/e2e" "$variant"
done
if [[ -z ${2:-} ]]; then
  python3 "$here/memory_test.py" "$build/tests/e2e/coffre_e2e" "$build/e2e" \
    "$build/app/desktop/coffre" "$build/app/cli/coffrectl" "$build/app/viewer/coffre-viewer"
fi
