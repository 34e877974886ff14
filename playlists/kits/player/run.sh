#!/bin/sh
# run.sh: starts the one that watches the player, once; what it does is in conf/scripts/yuanjiao/watcher.lua.
# Installed, the folder above this one is the player's home; on a stick, it is the kit itself.
set -u
cd "$(dirname "$0")/.." || exit 1
mpv=${YUANJIAO_MPV:-mpv}
command -v "$mpv" >/dev/null 2>&1 || { echo "没有安装 mpv。请先安装：sudo apt install mpv"; exit 1; }
state=${XDG_STATE_HOME:-$HOME/.local/state}/yuanjiao
[ -d kits ] && state=state
mkdir -p "$state"
# The player inherits the lock: as long as it plays, no other one is started.
exec 9>"$state/lock"
flock -n 9 || { echo "播放软件已经在运行。"; exit 4; }
# mpv dies of a signal at once: whoever wants us to end has the player asked to, so that its record has an end.
trap 'touch "$state/quit"' TERM INT
"$mpv" --config-dir=player/conf --profile=watch "$@" </dev/null &
code=143
while [ $code -gt 128 ] && kill -0 $! 2>/dev/null; do
    wait $!
    code=$?
done
exit $code
