#!/bin/sh
# Runs the suites of this folder against a simulated model that knows the answers. Needs nothing but the program.
# usage: samples/suites/run.sh [OPTIONS of run-suite]    MODEL_MIGRATE names the program when it is not on the path
here=$(dirname "$0")
program=${MODEL_MIGRATE:-model-migrate}
command -v "${program%% *}" >/dev/null || { echo "There is no program '$program'. Put model-migrate on the path, or name it: MODEL_MIGRATE='dotnet PATH/model-migrate.dll' $0" >&2; exit 2; }
$program simulate --protocol openai --model chat --urls http://127.0.0.1:9103 --seed 1 --answers "$here/answers.jsonl" --answers "$here/../qa/questions.jsonl" --accuracy 100% --latency-median 5ms >/dev/null & model=$!
trap 'kill $model 2>/dev/null' EXIT
tries=0
until curl -fs "http://127.0.0.1:9103/v1/models" >/dev/null || [ $tries -ge 100 ]; do tries=$((tries + 1)); sleep 0.1; done
kill -0 $model || { echo "The simulated model does not run; the port 9103 must be free." >&2; exit 3; }
$program run-suite --config "$here/suites.yaml" "$@"
