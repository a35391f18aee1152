#!/usr/bin/env bash
# Put a copy made by deploy/backup.sh into an empty data folder: stop the app, then deploy/restore.sh COPY_FOLDER
# Reads XUNDIAN_DATA and DATABASE_URL as the app does; a PostgreSQL database must exist and be empty.
# Then a new epoch begins, so that every phone sends again what the copy lacks, and what was erased since the copy is erased again.
set -euo pipefail
copy=${1:?"usage: deploy/restore.sh COPY_FOLDER"}
here=$(dirname "$0")
. "$here/data_folder.sh"
python=${PYTHON:-$here/../.venv/bin/python}
xundian=${XUNDIAN:-$here/../.venv/bin/xundian}
if [ -e "$data/xundian.db" ] || [ -n "$(ls -A "$data/blobs" 2>/dev/null)" ]; then
  echo "$data is not empty; move it away first" >&2
  exit 2
fi
(cd "$copy" && sha256sum --check --quiet SHA256SUMS)
umask 077
mkdir -p "$data/blobs"

if [ -f "$copy/xundian.dump" ]; then
  : "${DATABASE_URL:?"this copy is of PostgreSQL: set DATABASE_URL"}"
  "$python" "$here/postgres.py" pg_restore --exit-on-error --single-transaction --no-owner "$copy/xundian.dump"
else
  url=${DATABASE_URL:-sqlite:///$data/xundian.db}
  case "$url" in sqlite:///*) ;; *) echo "this copy is of SQLite, DATABASE_URL is not" >&2; exit 2 ;; esac
  [ ! -e "${url#sqlite:///}" ] || { echo "${url#sqlite:///} exists; move it away first" >&2; exit 2; }
  cp -a "$copy/xundian.db" "${url#sqlite:///}"
fi
cp -a "$copy/blobs/." "$data/blobs/"
for key in secret.key ids.key; do
  [ ! -f "$copy/$key" ] || cp -a "$copy/$key" "$data/$key"
done
sync
"$xundian" --data "$data" db upgrade
"$xundian" --data "$data" db new-epoch
if [ -f "$copy/../erasures.txt" ]; then
  cp -a "$copy/../erasures.txt" "$data/erasures.txt"
  "$xundian" --data "$data" erase-again
fi
