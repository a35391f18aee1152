# For backup.sh and restore.sh: the data folder, and no root in a folder of somebody else, who could not read what root leaves there.
data=${XUNDIAN_DATA:-data}
place=$data
while [ ! -e "$place" ]; do place=$(dirname "$place"); done
if [ "$(id -u)" = 0 ] && [ "$(stat -c %u "$place")" != 0 ]; then
  echo "$place belongs to $(stat -c %U "$place"): run this as that user, not as root" >&2
  exit 2
fi
