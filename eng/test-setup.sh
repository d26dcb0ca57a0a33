#!/usr/bin/env bash
# Installs what the tests need beside the .NET SDK, where it is missing: Node with the vendors' npm SDKs, Prometheus with promtool, and the shells that complete commands.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
as_root() { if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi; }
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  as_root apt-get update -qq && as_root apt-get install -y -qq nodejs npm >/dev/null || echo "test-setup: node could not be installed; the npm SDK tests are skipped" >&2
fi
if ! command -v promtool >/dev/null || ! command -v prometheus >/dev/null; then
  # The tests start a server of their own: the one of the package is not to run.
  as_root apt-get update -qq && as_root env RUNLEVEL=1 apt-get install -y -qq --no-install-recommends prometheus >/dev/null || echo "test-setup: prometheus could not be installed; the tests that need it are skipped" >&2
fi
if ! command -v zsh >/dev/null || ! command -v fish >/dev/null; then
  as_root apt-get update -qq && as_root apt-get install -y -qq --no-install-recommends zsh fish >/dev/null || echo "test-setup: zsh and fish could not be installed; their completion is not tested" >&2
fi
if command -v npm >/dev/null; then
  stamp=tests/sdk-js/node_modules/.installed
  if [[ ! -f $stamp || tests/sdk-js/package-lock.json -nt $stamp ]]; then
    (cd tests/sdk-js && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error) && touch "$stamp" || exit 1
  fi
fi
