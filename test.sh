#!/usr/bin/env bash
# Builds everything and runs every test; ends with the line "N passed, N failed, N skipped".
#   ./test.sh                    all
#   ./test.sh Formats Gateway    only the test projects whose names contain one of the words ("js" for the npm SDK tests)
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
words=("$@")
wanted() { # name
  ((${#words[@]} == 0)) && return 0
  for word in "${words[@]}"; do [[ ${1,,} == *"${word,,}"* ]] && return 0; done
  return 1
}
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
bash eng/test-setup.sh || exit 1
# The SDK leaves folders in the temporary folder, and servers running: here they go when the script does.
build() {
  TMPDIR=$out dotnet build Sluice.slnx -c Release --nologo -v quiet -clp:NoSummary -nodeReuse:false
  local code=$?
  TMPDIR=$out dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1
  return $code
}
build || exit 1
passed=0 failed=0 skipped=0

# A suite that ends without a summary counts as one failure: it crashed.
count_xunit() { # file, exit code
  local line total errors bad skip
  line=$(grep -aE 'Total: [0-9]+, Errors: ' "$1" | tail -n 1)
  if [[ ! $line =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+) ]]; then
    ((failed++))
    return
  fi
  total=${BASH_REMATCH[1]} errors=${BASH_REMATCH[2]} bad=${BASH_REMATCH[3]} skip=${BASH_REMATCH[4]}
  ((bad + errors == 0 && $2 != 0)) && errors=1
  ((passed += total - bad - skip, failed += bad + errors, skipped += skip))
}

count_node() { # file, exit code
  local pass bad skip
  pass=$(sed -n 's/^# pass //p' "$1" | tail -n 1)
  bad=$(sed -n 's/^# fail //p' "$1" | tail -n 1)
  skip=$(sed -n 's/^# skipped //p' "$1" | tail -n 1)
  if [[ -z $pass ]]; then ((failed++)); return; fi
  [[ $bad == 0 && $2 != 0 ]] && bad=1
  ((passed += pass, failed += bad, skipped += skip))
}

for project in tests/*.Tests/; do
  name=$(basename "$project")
  wanted "$name" || continue
  echo "== $name"
  program=artifacts/bin/$name/release/$name
  timeout 900 "$program" -noColor </dev/null >"$out/$name" 2>&1
  code=$?
  grep -avE '^(xUnit\.net|  (Discovering|Discovered|Starting|Finished):)' "$out/$name" | tail -n 200
  count_xunit "$out/$name" $code
done

if wanted js; then
  echo "== npm SDKs"
  if [[ -d tests/sdk-js/node_modules ]]; then
    timeout 600 node --test --test-concurrency=2 --test-reporter=tap tests/sdk-js/*.test.mjs </dev/null >"$out/js" 2>&1
    code=$?
    grep -aE '^ *(not ok|# (tests|pass|fail|skipped|duration_ms))' "$out/js"
    ((code == 0)) || grep -aA 25 '^ *not ok' "$out/js" | head -n 200
    count_node "$out/js" $code
  else
    echo "skipped: node or npm is missing"
    ((skipped++))
  fi
fi

echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0 && passed > 0))
