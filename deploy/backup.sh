#!/usr/bin/env bash
# Copy the database and the photos while the app runs: deploy/backup.sh [--keep COPIES] TARGET_FOLDER
# Reads XUNDIAN_DATA and DATABASE_URL as the app does. The database goes first: photos never change once stored, so
# every photo that the copied database calls stored is in the copied folder. Photos that the newest copy in the folder has
# are linked to it. With --keep only the newest copies stay.
set -euo pipefail
usage="usage: deploy/backup.sh [--keep COPIES] TARGET_FOLDER"
keep=
if [ "${1:-}" = --keep ]; then
  keep=${2:?"$usage"}
  [[ "$keep" =~ ^[1-9][0-9]*$ ]] || { echo "--keep takes a number from 1" >&2; exit 2; }
  shift 2
fi
target=${1:?"$usage"}
here=$(dirname "$0")
. "$here/data_folder.sh"
python=${PYTHON:-$here/../.venv/bin/python}
if [ -z "${XUNDIAN_ID_KEY:-}" ] && [ ! -f "$data/ids.key" ]; then
  echo "no $data/ids.key and no XUNDIAN_ID_KEY: a copy without the key of ID numbers is none; set XUNDIAN_DATA as the app has it" >&2
  exit 2
fi
if [ -z "${XUNDIAN_SECRET_KEY:-}" ] && [ ! -f "$data/secret.key" ]; then
  echo "no $data/secret.key and no XUNDIAN_SECRET_KEY: a copy without the key of outlets' cards is none; set XUNDIAN_DATA as the app has it" >&2
  exit 2
fi
umask 077
mkdir -p "$target"
finished="$target/$(date -u +%Y%m%dT%H%M%SZ)"
copy=$(mktemp -d "$target/unfinished-XXXXXX")
trap 'rm -rf "$copy"' EXIT
mkdir "$copy/blobs"

finished_copies() { # oldest first
  for sums in "$target"/[0-9]*T[0-9]*Z/SHA256SUMS; do
    [ ! -f "$sums" ] || dirname "$sums"
  done
}

url=${DATABASE_URL:-sqlite:///$data/xundian.db}
case "$url" in
  sqlite:///*)
    "$python" - "${url#sqlite:///}" "$copy/xundian.db" <<'PYTHON'
import sqlite3
import sys

source = sqlite3.connect(f"file:{sys.argv[1]}?mode=rw", uri=True)
target = sqlite3.connect(sys.argv[2])
source.backup(target)
if target.execute("PRAGMA integrity_check").fetchone() != ("ok",):
    sys.exit("the copied database is damaged")
target.close()
PYTHON
    ;;
  postgres*) "$python" "$here/postgres.py" pg_dump --format=custom --no-owner --file="$copy/xundian.dump" ;;
  *) echo "unknown DATABASE_URL" >&2; exit 2 ;;
esac

earlier=$(finished_copies | tail -n 1)
DATABASE_URL=$url "$python" "$here/backup_photos.py" "$data/blobs" "$copy" ${earlier:+"$earlier"}
for key in secret.key ids.key; do
  [ ! -f "$data/$key" ] || cp -a "$data/$key" "$copy/$key"
done
# ids of what was erased (ADR 15), the newest list beside the copies: an older copy knows less
if [ -f "$data/erasures.txt" ]; then
  touch "$target/erasures.txt"
  sort -u "$data/erasures.txt" "$target/erasures.txt" -o "$target/erasures.txt"
fi
(cd "$copy" && find . -type f ! -path './blobs/*' ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >> SHA256SUMS)
sync
mv -T "$copy" "$finished"
if [ -n "$keep" ]; then
  finished_copies | head -n "-$keep" | while IFS= read -r older; do rm -rf "$older"; done
fi
echo "$finished"
