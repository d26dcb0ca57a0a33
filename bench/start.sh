#!/usr/bin/env bash
# Starts the built gateway before the benchmark's fake upstream: start.sh PORT UPSTREAM_PORT FOLDER
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mkdir -p "$3"
cat >"$3/sluice.yaml" <<YAML
server: { listen: "127.0.0.1:$1" }
storage: { sqlite: "$3/sluice.db" }
providers:
  openai: { type: openai, base_url: "http://127.0.0.1:$2/v1", api_key: bench, models: [sim-c100, sim-c100-b4, sim-c100-d20, sim-e] }
  anthropic: { type: anthropic, base_url: "http://127.0.0.1:$2", api_key: bench }
YAML
exec "$root/artifacts/bin/Sluice.Cli/release/Sluice.Cli" serve --config "$3/sluice.yaml"
