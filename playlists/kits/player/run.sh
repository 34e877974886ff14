#!/bin/sh
# run.sh: plays, and watches: one player at a time, started anew when it dies or no longer shows signs of life.
# Installed, the folder above this one is the player's home; on a stick, it is the kit itself.
set -u
cd "$(dirname "$0")/.." || exit 1
if [ -d kits ]; then
    state=$PWD/state
    set -- --script-opts-append=yuanjiao-home=. --script-opts-append=yuanjiao-leave=10 "$@"
else
    state=${XDG_STATE_HOME:-$HOME/.local/state}/yuanjiao
    set -- --script-opts-append=yuanjiao-kit=. --script-opts-append=yuanjiao-notices=../notices "$@"
fi
mpv=${YUANJIAO_MPV:-mpv}
command -v "$mpv" >/dev/null 2>&1 || { echo "没有安装 mpv。请先安装：sudo apt install mpv"; exit 1; }
mkdir -p "$state/asrun" asrun 2>/dev/null
rm -f "$state/quit"
exec 9>"$state/lock"
flock -n 9 || { echo "播放软件已经在运行。"; exit 4; }

# A heartbeat that stays the same for ten seconds is that of a player that hangs.
watch() {
    still=0 before=
    while sleep 2; do
        beat=$(cat "$state/heartbeat" 2>/dev/null)
        if [ "$beat" = "$before" ]; then still=$((still + 1)); else still=0; fi
        before=$beat
        if [ "$still" -ge 5 ]; then kill -9 "$1" 2>/dev/null; return; fi
    done
}

end() {
    touch "$state/quit"
    for _ in 1 2 3 4 5 6; do kill -0 "$player" 2>/dev/null || break; sleep 0.5; done
    kill -9 "$player" "$watcher" 2>/dev/null
    rm -f "$state/quit"
    exit 0
}
trap end TERM INT

while :; do
    "$mpv" --config-dir=player/conf --script-opts-append=yuanjiao-state="$state" \
        --script-opts-append=yuanjiao-alone=yes "$@" </dev/null 9>&- &
    player=$!
    watch $player 9>&- &
    watcher=$!
    wait $player
    code=$?
    kill $watcher 2>/dev/null
    # 0: ended by a person or after closing. Anything else was not wanted.
    [ $code -eq 0 ] && exit 0
    sleep 0.5
done
