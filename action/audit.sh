#!/usr/bin/env bash
# What the GitHub Action runs: turns its inputs, given as INPUT_… variables, into
# one call of the program, which writes job summary, annotations and outputs
# itself. Ends with the program's exit code.
set -euo pipefail

program=${PROVENANCE_AUDIT:?the program}
args=()
if [ -n "${INPUT_POLICY:-}" ]; then args+=(--policy "$INPUT_POLICY"); fi
if [ -n "${INPUT_POLICY_FROM:-}" ]; then args+=(--policy-from "$INPUT_POLICY_FROM"); fi
if [ -n "${INPUT_CHANGED_SINCE:-}" ]; then args+=(--changed-since "$INPUT_CHANGED_SINCE"); fi
if [ -n "${INPUT_LOCKFILE:-}" ]; then args+=(--lockfile "$INPUT_LOCKFILE"); fi

# One FORMAT=FILE a line, as --report takes it.
while IFS= read -r report; do
  if [ -n "$report" ]; then args+=(--report "$report"); fi
done <<<"${INPUT_REPORTS:-}"

cd "${GITHUB_WORKSPACE:-.}"
exec node "$program" "${args[@]}" -- "${INPUT_DIRECTORY:-.}"
