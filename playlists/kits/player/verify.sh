#!/bin/sh
# verify.sh KIT KEY: is SHA256SUMS signed by the office whose key.pub is KEY?
# Ends with 0: right; 1: wrong; 2: openssl is missing, so nobody can tell.
set -u
kit=${1:?which kit}
key=${2:?which key.pub}

command -v openssl >/dev/null 2>&1 || { echo "没有 openssl，不能核对签名。请先安装 openssl。"; exit 2; }
for needed in SHA256SUMS SHA256SUMS.sig SHA256SUMS.p256; do
    [ -f "$kit/$needed" ] || { echo "节目包没有签名：缺少 $needed。"; exit 1; }
done
[ -f "$key" ] || { echo "节目包没有签名：缺少 key.pub。"; exit 1; }

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
# The key is X and Y; what openssl wants before them is always the same 27 bytes, 36 letters.
point=$(sed -n 's/.*"p256": *"\([^"]*\)".*/\1/p' "$key")
{
    echo "-----BEGIN PUBLIC KEY-----"
    echo "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE$point" | fold -w 64
    echo "-----END PUBLIC KEY-----"
} >"$work/key.pem"
# The signature is r and s, 32 bytes each; openssl wants them as two ASN.1 integers.
both=$(tr -d '\r\n' <"$kit/SHA256SUMS.p256" | openssl base64 -d -A 2>/dev/null | od -An -v -tx1 | tr -d ' \n')
if [ ${#both} -eq 128 ]; then
    r=$(printf %s "$both" | cut -c1-64) s=$(printf %s "$both" | cut -c65-128)
    printf 'asn1=SEQUENCE:both\n[both]\nr=INTEGER:0x%s\ns=INTEGER:0x%s\n' "$r" "$s" >"$work/asn1"
    openssl asn1parse -genconf "$work/asn1" -noout -out "$work/signature" >/dev/null 2>&1
fi
if ! openssl dgst -sha256 -verify "$work/key.pem" -signature "$work/signature" "$kit/SHA256SUMS" >/dev/null 2>&1; then
    echo "节目包的签名不对：不是本县区办公室做的，或被改动过。"
    exit 1
fi
