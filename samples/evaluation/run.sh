#!/bin/sh
# Compares two simulated models: the old one knows 85 % of the answers, the new one 93 %. Needs nothing but the program.
# usage: samples/evaluation/run.sh [FOLDER]    MODEL_MIGRATE names the program when it is not on the path
here=$(dirname "$0")
program=${MODEL_MIGRATE:-model-migrate}
command -v "${program%% *}" >/dev/null || { echo "There is no program '$program'. Put model-migrate on the path, or name it: MODEL_MIGRATE='dotnet PATH/model-migrate.dll' $0" >&2; exit 2; }
out=${1:-model-migrate-evaluation}
$program simulate --protocol openai --urls http://127.0.0.1:9101 --seed 1 --answers "$here/../qa/questions.jsonl" --accuracy 85% --latency-median 5ms >/dev/null & old=$!
$program simulate --protocol openai --urls http://127.0.0.1:9102 --seed 2 --answers "$here/../qa/questions.jsonl" --accuracy 93% --latency-median 5ms >/dev/null & new=$!
trap 'kill $old $new 2>/dev/null' EXIT
for port in 9101 9102; do
  tries=0
  until curl -fs "http://127.0.0.1:$port/v1/models" >/dev/null || [ $tries -ge 100 ]; do tries=$((tries + 1)); sleep 0.1; done
done
kill -0 $old && kill -0 $new || { echo "A simulated model does not run; the ports 9101 and 9102 must be free." >&2; exit 3; }
$program evaluate --config "$here/evaluation.yaml" --out "$out"
