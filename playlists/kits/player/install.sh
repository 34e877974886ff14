#!/bin/sh
# install.sh: copies the kit it lies in to this PC's disk, so that the stick may be pulled out.
# Verifies before it switches; keeps what the last two weeks played; takes the records along to the stick.
set -u
here=$(cd "$(dirname "$0")" && pwd)
kit=$(dirname "$here")
home=${YUANJIAO_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/yuanjiao}

say() { printf '%s\n' "$*"; }
fail() { say "没有安装：$*"; [ -n "${part:-}" ] && rm -rf "$part"; exit 1; }

# A value of plan.json; its keys are sorted and these names stand once outside other objects.
text_of() { tr -d '\n' <"$kit/plan.json" | sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p"; }
number_of() { tr -d '\n' <"$1" | sed -n "s/.*\"$2\": *\([0-9]*\).*/\1/p"; }

[ -f "$kit/plan.json" ] || fail "节目包里没有 plan.json，请重新拷贝节目包。"
for tool in openssl sha256sum flock; do
    command -v $tool >/dev/null 2>&1 || fail "缺少程序 $tool。"
done
mkdir -p "$home/kits" "$home/notices" "$home/asrun" "$home/state/asrun" || fail "不能写入 $home。"
rm -rf "$home"/kits/*.part "$home"/notices/*.part

# The program that judges is the installed one, where there is one.
verify=$home/player/verify.sh
[ -f "$verify" ] || verify=$here/verify.sh
key=$home/state/key.pub
[ -f "$key" ] || key=$kit/key.pub
words=$(sh "$verify" "$kit" "$key") || fail "$words"

name=$(text_of kit)
case $name in ''|*[!A-Za-z0-9._-]*|.*) fail "节目包的编号不对。" ;; esac
venue=$(tr -d '\n' <"$kit/plan.json" | sed -n 's/.*"venue": *{[^}]*"id": *"\([^"]*\)".*/\1/p')
known=$(cat "$home/state/venue" 2>/dev/null)
[ -z "$known" ] || [ "$known" = "$venue" ] || fail "这个节目包是 $venue 的，本机是 $known。"
revision=$(number_of "$kit/plan.json" revision)
shelf=kits
grep -q '"schema": *"yuanjiao-notice/1"' "$kit/plan.json" && shelf=notices
if [ $shelf = kits ]; then
    for plan in "$home"/kits/*/plan.json; do
        [ -f "$plan" ] || continue
        [ "$(number_of "$plan" revision)" -le "$revision" ] || fail "本机已有更新的节目包（第 $(number_of "$plan" revision) 版）。"
    done
fi

needed=$(du -sk "$kit" | cut -f1)
free=$(df -Pk "$home" | awk 'NR == 2 { print $4 }')
[ "$free" -gt $((needed + 20480)) ] || fail "硬盘空间不够：需要 $((needed / 1024 + 20)) MB，只有 $((free / 1024)) MB。"

part=$home/$shelf/$name.part
say "正在拷贝节目包 $name，请不要拔出U盘……"
mkdir "$part" || fail "不能写入 $part。"
(cd "$kit" && find . -mindepth 1 -maxdepth 1 ! -name asrun -exec cp -R {} "$part/" \;) || fail "拷贝没有完成。"
# A kit that brings only what is new: the rest lies in the kits installed before.
sed -n 's/^[0-9a-f]\{64\} [ *]media\///p' "$part/SHA256SUMS" | while IFS= read -r file; do
    [ -f "$part/media/$file" ] && continue
    for old in "$home"/kits/*/media/"$file"; do
        [ -f "$old" ] && mkdir -p "$part/media" && cp "$old" "$part/media/" && break
    done
done

say "正在核对……"
words=$(sh "$verify" "$part" "$key") || fail "$words"
damaged=$(cd "$part" && sha256sum -c --quiet SHA256SUMS 2>/dev/null | sed 's/: [^:]*$//')
for file in $damaged; do
    case $file in
        media/*.mp4) rm -f "$part/$file"; say "文件 $file 缺少或损坏，播放时用同系列的节目代替。" ;;
        *) fail "文件 $file 缺少或损坏。请重新拷贝节目包。" ;;
    esac
done
sync
rm -rf "$home/$shelf/$name.old"
[ -d "$home/$shelf/$name" ] && mv "$home/$shelf/$name" "$home/$shelf/$name.old.part"
mv "$part" "$home/$shelf/$name" || fail "不能启用节目包。"
rm -rf "$home/$shelf/$name.old.part"

rm -rf "$home/player.new" "$home/player.old"
if [ $shelf = kits ] && [ -d "$home/kits/$name/player" ]; then
    cp -R "$home/kits/$name/player" "$home/player.new" || fail "不能拷贝播放软件。"
    [ -d "$home/player" ] && mv "$home/player" "$home/player.old"
    mv "$home/player.new" "$home/player" && rm -rf "$home/player.old"
fi
[ -f "$home/state/key.pub" ] || cp "$kit/key.pub" "$home/state/key.pub"
[ -n "$known" ] || printf '%s' "$venue" >"$home/state/venue"

# What ended more than two weeks ago goes.
limit=$(($(date +%s) - 14 * 86400))
for plan in "$home"/kits/*/plan.json "$home"/notices/*/plan.json; do
    [ -f "$plan" ] && [ "$(number_of "$plan" to_s)" -lt "$limit" ] && [ "$(dirname "$plan")" != "$home/$shelf/$name" ] \
        && rm -rf "$(dirname "$plan")"
done

if [ -w "$kit" ]; then
    mkdir -p "$kit/asrun"
    for record in "$home"/asrun/*.jsonl "$home"/state/asrun/*.jsonl; do
        [ -f "$record" ] && cp "$record" "$kit/asrun/"
    done
fi

units=${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user
if [ $shelf = kits ] && command -v systemctl >/dev/null 2>&1; then
    mkdir -p "$units"
    for unit in yuanjiao.service yuanjiao.timer; do
        sed "s|@HOME@|$home|g" "$home/player/$unit" >"$units/$unit"
    done
    if ! { systemctl --user daemon-reload && systemctl --user enable --now yuanjiao.timer yuanjiao.service; } 2>/dev/null
    then
        say "开机自动播放没有设好，请手动运行 $home/player/run.sh。"
    fi
fi
say "已安装节目包 $name（第 $revision 版）。现在可以拔出U盘。"
