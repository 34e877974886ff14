#!/bin/sh
# verify.sh KIT [--all]: is SHA256SUMS the office's own? With --all: are all files those that it lists?
# Ends with 0: right; 1: wrong; 2: openssl is missing, so nobody can tell.
set -u
kit=${1:?which kit}
here=$(cd "$(dirname "$0")" && pwd)
# An installed player knows the office's key from its first kit; a stick has only its own.
key=$here/../state/key.p256.pem
[ -f "$key" ] || key=$kit/key.p256.pem

command -v openssl >/dev/null 2>&1 || { echo "没有 openssl，不能核对签名。请先安装 openssl。"; exit 2; }
for needed in SHA256SUMS SHA256SUMS.sig SHA256SUMS.p256; do
    [ -f "$kit/$needed" ] || { echo "节目包没有签名：缺少 $needed。"; exit 1; }
done
[ -f "$key" ] || { echo "节目包没有签名：缺少 key.p256.pem。"; exit 1; }

signature=$(mktemp) || exit 2
trap 'rm -f "$signature"' EXIT
tr -d '\r\n' <"$kit/SHA256SUMS.p256" | openssl base64 -d -A >"$signature" 2>/dev/null
if ! openssl dgst -sha256 -verify "$key" -signature "$signature" "$kit/SHA256SUMS" >/dev/null 2>&1; then
    echo "节目包的签名不对：不是本县区办公室做的，或被改动过。"
    exit 1
fi
[ "${2:-}" = --all ] || exit 0
cd "$kit" || exit 1
# --quiet names only what is wrong; names that leave the kit are refused before they are opened.
if grep -Eq '^[0-9a-f]{64} [ *](/|.*\.\.(/|$))' SHA256SUMS; then
    echo "节目包的清单写到了别的文件夹，不能使用。"
    exit 1
fi
sha256sum -c --quiet SHA256SUMS || exit 1
