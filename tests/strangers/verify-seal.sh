#!/bin/sh
# Judges sealed OFD and PDF files with Bouncy Castle, and the raw signatures taken out of them with OpenSSL.
#   tests/strangers/verify-seal.sh ROOT.crt FILE...
# Needs a JDK (17 or later), libbcprov-java, libbcpkix-java, libbcutil-java and openssl (3). Exit code: 0 all valid, 1 some not, 2 could not run.
set -u
[ $# -ge 2 ] || { sed -n '2,4p' "$0"; exit 2; }
root=$1
shift
jars=${BC_JARS:-/usr/share/java/bcprov.jar:/usr/share/java/bcpkix.jar:/usr/share/java/bcutil.jar}
here=$(dirname "$0")
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

javac -XDsuppressNotes -cp "$jars" -d "$work/classes" "$here/VerifySeal.java" || exit 2
java -cp "$work/classes:$jars" VerifySeal "$root" --extract "$work" "$@"
code=$?
[ $code -le 1 ] || exit 2

id='distid:1234567812345678'
for signed in "$work"/*.signed; do
    [ -e "$signed" ] || continue
    base=${signed%.signed}
    name=$(basename "$base")
    pem=$base.signer.pem
    [ -e "$pem" ] || pem=$base.pem
    openssl x509 -in "$pem" -pubkey -noout > "$base.pub" || exit 2
    if openssl dgst -sm3 -verify "$base.pub" -sigopt "$id" -signature "$base.sig" "$signed" > /dev/null 2>&1; then
        echo "openssl: signature holds: $name"
    else
        echo "openssl: signature FAILS: $name"
        code=1
    fi
    if openssl verify -vfyopt "$id" -partial_chain -trusted "$root" "$pem" > /dev/null 2>&1; then
        echo "openssl: certificate issued under the root: $name"
    else
        echo "openssl: certificate NOT issued under the root: $name"
        code=1
    fi
done
exit $code
