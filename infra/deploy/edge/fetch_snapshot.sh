#!/bin/sh
# Fetches the probe's last page for an edge that shares no folder with the worker (decision 0073); `anxue-snapshot.timer` runs it each minute.
# What lies there stays until a whole, newer page has come: a store that is away, a torn answer or a page of an error replaces nothing.
#   EDGE_FOLDER           where the page goes, as now.html
#   EDGE_SNAPSHOT_URL     where it is, e.g. https://bucket.oss-cn-hangzhou.aliyuncs.com/platform/status/now.html
#   EDGE_SNAPSHOT_KEY     KEY:SECRET that may read this one object; empty where everybody may
#   EDGE_SNAPSHOT_REGION  region of the store's signatures; us-east-1 without it
# Needs curl >= 7.87 for stores that ask for a key. Exits 0 when the page is there, 1 with one line of why when the former one stays.
set -eu
umask 022
MOST=262144  # bytes; down.lua reads no more
AHEAD=300    # seconds that clocks may differ

folder=${EDGE_FOLDER:?} url=${EDGE_SNAPSHOT_URL:?}
mkdir -p "$folder"
rm -f "$folder"/.now.*  # of a run that was killed
new=$(mktemp "$folder/.now.XXXXXX")
trap 'rm -f "$new"' EXIT
trap 'exit 1' HUP INT TERM

keep() {
  echo "the former snapshot stays: $1" >&2
  exit 1
}

# By way of curl's own settings: what stands on a command line is read by everybody on the machine.
settings() {
  printf 'url = "%s"\n' "$url"
  [ -z "${EDGE_SNAPSHOT_KEY:-}" ] || printf 'user = "%s"\naws-sigv4 = "aws:amz:%s:s3"\n' "$EDGE_SNAPSHOT_KEY" "${EDGE_SNAPSHOT_REGION:-us-east-1}"
}

written() {
  sed -n 's/.*data-written="\([0-9]\{1,12\}\)".*/\1/p' "$1" | head -n 1
}

settings | curl --config - --fail --silent --show-error --proto '=https,http' --connect-timeout 5 --max-time 20 --max-filesize "$MOST" \
  --output "$new" || keep "the store gave none"
[ "$(wc -c < "$new")" -le "$MOST" ] || keep "it is too large"
at=$(written "$new")
[ -n "$at" ] && tail -c 16 "$new" | grep -q '</html>' || keep "it is no whole snapshot"
[ "$at" -le $(($(date +%s) + AHEAD)) ] || keep "it says to be of the future"
if [ -f "$folder/now.html" ]; then
  former=$(written "$folder/now.html")
  [ "$at" -ge "${former:-0}" ] || keep "it is older"
fi
chmod 644 "$new"
mv -f "$new" "$folder/now.html"
