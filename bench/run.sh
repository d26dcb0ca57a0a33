#!/usr/bin/env bash
# Measures the gateway beside the bare floor and what else is installed, with the load rig of ../shared/bench. Options are those of its run.sh.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rig=$root/../shared/bench/run.sh
[[ -f $rig ]] || { echo "bench: the load rig is not at ../shared/bench" >&2; exit 1; }
"$root/sluice" --version >/dev/null
CANDIDATE=$root CANDIDATE_JSON=$root/bench/sluice.json exec bash "$rig" "$@"
