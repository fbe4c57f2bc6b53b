#!/usr/bin/env bash
# Installs the strangers into $STRANGERS: programs of this system's packages, two OFD readers built by cargo, one from PyPI.
# What was installed before, in the same versions, is kept.
set -euo pipefail

SOFD=0.6.1
OFDKIT=0.2.0
NUMPY=2.4.6
PILLOW=13.0.0
WEBSOCKETS=17.4
JSONSCHEMA=4.26.0
PAGE_VALIDATION=0.11.0

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$STRANGERS/bin"

# Poppler, MuPDF, qpdf, zbar, libxml2, OpenSSL, BouncyCastle, Chromium: the system's own versions (Debian 12 and later have all of them).
packages=()
need() { # PACKAGE, and a program or file that it brings
    if [[ $2 == /* ]]; then [[ -e $2 ]] || packages+=("$1"); else command -v "$2" >/dev/null || packages+=("$1"); fi
}
need qpdf qpdf
need poppler-utils pdftoppm
need mupdf-tools mutool
need zbar-tools zbarimg
need libxml2-utils xmllint
need unzip unzip
need chromium chromium
need openssl openssl
need default-jdk-headless javac
need libbcprov-java /usr/share/java/bcprov.jar
need libbcpkix-java /usr/share/java/bcpkix.jar
need libbcutil-java /usr/share/java/bcutil.jar
need python3 python3
python3 -c 'import ensurepip' 2>/dev/null || packages+=(python3-venv)
if ((${#packages[@]})); then
    as_root=()
    [[ $(id -u) -eq 0 ]] || as_root=(sudo)
    "${as_root[@]}" apt-get update -q
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -qy --no-install-recommends "${packages[@]}"
fi

venv=$STRANGERS/venv-$OFDKIT-$NUMPY-$PILLOW-$WEBSOCKETS-$JSONSCHEMA-$PAGE_VALIDATION
if [[ ! -e $venv/ready ]]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q --disable-pip-version-check "ofdkit==$OFDKIT" "numpy==$NUMPY" "pillow==$PILLOW" \
        "websockets==$WEBSOCKETS" "jsonschema==$JSONSCHEMA" "page-validation==$PAGE_VALIDATION"
    touch "$venv/ready"
fi
ln -sfn "$venv" "$STRANGERS/venv"

# Quick builds: nothing here is measured.
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
export CARGO_TARGET_DIR=$STRANGERS/target
if ! "$STRANGERS/bin/sofd" --version 2>/dev/null | grep -qx "sofd $SOFD"; then
    cargo install -q --locked --root "$STRANGERS" "sofd-cli@$SOFD"
fi
cargo build -q --locked --release --manifest-path "$here/ofd-core/Cargo.toml"
cp "$STRANGERS/target/release/ofd-core-judge" "$STRANGERS/bin/"

mkdir -p "$STRANGERS/classes"
jars=/usr/share/java/bcprov.jar:/usr/share/java/bcpkix.jar:/usr/share/java/bcutil.jar
javac -XDsuppressNotes -cp "$jars" -d "$STRANGERS/classes" "$here/VerifySeal.java"
