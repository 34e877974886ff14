#!/bin/sh
# install.sh: copies the kit it lies in to this PC's disk; what it does is in conf/scripts/yuanjiao/installer.lua.
set -u
cd "$(dirname "$0")/.." || exit 1
mpv=${YUANJIAO_MPV:-mpv}
for tool in "$mpv" openssl sha256sum flock; do
    command -v "$tool" >/dev/null 2>&1 || { echo "没有安装：缺少程序 $tool。"; exit 1; }
done
exec "$mpv" --config-dir=player/conf --profile=install --vo=null --ao=null --force-window=no </dev/null
