#!/usr/bin/env bash
# Makes the vectors of this folder by OpenSSL (3.0 or later): certificates, revocation lists, CMS signatures and timestamps of other
# families, and SM2 certificates and signatures. TEST KEYS ONLY: they are thrown away, and nobody trusts what they signed.
# Run it only to add a case: every run makes new keys, so all files change.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
out=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

id=distid:1234567812345678
cat > ca.cnf <<'EOF'
[ca]
default_ca = test
[test]
database = index.txt
serial = serial
new_certs_dir = .
policy = any
unique_subject = no
default_md = sha256
[any]
organizationName = optional
commonName = supplied
[req]
distinguished_name = none
[none]
[tsa]
default_tsa = test_tsa
[test_tsa]
serial = tsa-serial
crypto_device = builtin
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512, sm3
signer_digest = sha256
ess_cert_id_chain = no
EOF
echo 01 > tsa-serial
: > index.txt

key() { # name family
    case $2 in
        sm2) openssl genpkey -algorithm SM2 -out "$1.key" 2> /dev/null || openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out "$1.key" ;;
        p256) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key" ;;
        p384) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out "$1.key" ;;
        p521) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out "$1.key" ;;
        rsa*) openssl genpkey -algorithm RSA -pkeyopt "rsa_keygen_bits:${2#rsa}" -out "$1.key" 2> /dev/null ;;
    esac
}

# name issuer extensions [digest] [start] [end]; a certificate of its own issuer is a root.
issue() {
    local name=$1 issuer=$2 extensions=$3 md=${4:-sha256} start=${5:-20200101000000Z} end=${6:-20491231235959Z} sig=()
    [[ $md == sm3 ]] && sig=(-sigopt "$id")
    [[ $md == sha256pss ]] && { md=sha256; sig=(-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1); }
    [[ -f $name.key ]] || key "$name" p256
    # The request is signed only because OpenSSL asks for it.
    openssl req -new -key "$name.key" -subj "/O=TEST ONLY/CN=${subject:-$name}" -config ca.cnf -out "$name.csr" \
        $([[ $(openssl pkey -in "$name.key" -text -noout | grep -c SM2) -gt 0 ]] && echo "-sm3 -sigopt $id")
    printf '%b' "[ext]\n$extensions\n" > ext.cnf
    printf '%s\n' "$(openssl rand -hex 8 | sed 's/^./4/')" > serial
    local self=(-cert "$issuer.crt" -keyfile "$issuer.key")
    [[ $name == "$issuer" ]] && self=(-selfsign -keyfile "$name.key")
    local vfy=()
    openssl pkey -in "$name.key" -text -noout | grep -q SM2 && vfy=(-vfyopt "$id")
    openssl ca -batch -config ca.cnf -in "$name.csr" "${self[@]}" -extfile ext.cnf -extensions ext -startdate "$start" -enddate "$end" \
        -md "$md" "${sig[@]}" "${vfy[@]}" -notext -out "$name.crt" 2> log || { cat log >&2; return 1; }
    cp "$name.crt" "$out/$name.crt"
}

# file issuer this next [digest] [name date,reason]...
crl() {
    local file=$1 issuer=$2 this=$3 next=$4 md=$5 sig=() extra=()
    shift 5
    : > index.txt
    while (($#)); do
        printf 'R\t491231235959Z\t%s\t%s\tunknown\t/CN=x\n' "$2" "$(openssl x509 -in "$1.crt" -noout -serial | cut -d= -f2)" >> index.txt
        shift 2
    done
    [[ $md == sm3 ]] && sig=(-sigopt "$id")
    [[ -n ${crl_extensions:-} ]] && { printf '%b' "[crl]\n$crl_extensions\n" > crl-ext.cnf; cat ca.cnf crl-ext.cnf > with.cnf; extra=(-crlexts crl); }
    openssl ca -gencrl -config "$([[ -n ${crl_extensions:-} ]] && echo with.cnf || echo ca.cnf)" -cert "$issuer.crt" -keyfile "$issuer.key" -md "$md" "${sig[@]}" "${extra[@]}" \
        -crl_lastupdate "$this" -crl_nextupdate "$next" -out "$out/$file.crl" 2> log || { cat log >&2; return 1; }
    : > index.txt
}

ca='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash'
aki='authorityKeyIdentifier=keyid'
user="basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\nsubjectKeyIdentifier=hash\n$aki"
tsa="basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\nsubjectKeyIdentifier=hash\n$aki"

# SM2, as sealing uses it.
key sm2-root sm2; issue sm2-root sm2-root "$ca" sm3
key sm2-sub sm2; issue sm2-sub sm2-root "$ca\n$aki" sm3
key sm2-signer sm2; issue sm2-signer sm2-sub "$user" sm3
crl sm2-root sm2-root 20200101000000Z 20491231235959Z sm3
crl sm2-sub sm2-sub 20200101000000Z 20491231235959Z sm3
printf 'message digest' > message
openssl dgst -sm3 -sign sm2-signer.key -sigopt "$id" -out "$out/sm2-message.sig" message
# A key that vectors of the other direction are signed with.
cp sm2-signer.key "$out/sm2-signer-test-only.key"

# RSA and ECDSA: roots, signers, CMS over "message digest".
key rsa-root rsa3072; issue rsa-root rsa-root "$ca" sha384
key rsa-signer rsa2048; issue rsa-signer rsa-root "$user" sha512
key pss-signer rsa2048; issue pss-signer rsa-root "$user" sha256pss
key weak-signer rsa1024; issue weak-signer rsa-root "$user"
key p384-root p384; issue p384-root p384-root "$ca" sha384
issue p256-signer p384-root "$user" sha384
key p384-signer p384; issue p384-signer p384-root "$user"
key p521-signer p521; issue p521-signer p384-root "$user"
crl rsa-root rsa-root 20200101000000Z 20491231235959Z sha256
crl p384-root p384-root 20200101000000Z 20491231235959Z sha256
cms() { # file signer [options]
    local file=$1 signer=$2
    shift 2
    openssl cms -sign -binary -in message -signer "$signer.crt" -inkey "$signer.key" -outform DER -out "$out/$file.p7" "$@"
}
cms rsa rsa-signer -md sha256
cms rsa-sha512-keyid rsa-signer -md sha512 -keyid
cms rsa-sha384-no-attributes rsa-signer -md sha384 -noattr
cms rsa-sha1 rsa-signer -md sha1
cms rsa-enveloping rsa-signer -md sha256 -nodetach
cms rsa-cades rsa-signer -md sha256 -cades
cms rsa-pss pss-signer -md sha256 -keyopt rsa_padding_mode:pss
cms p256 p256-signer -md sha256
cms p384 p384-signer -md sha384
cms p521 p521-signer -md sha512
cms two rsa-signer -md sha256 -signer p256-signer.crt -inkey p256-signer.key
cms ber rsa-signer -md sha256 -stream -nodetach

# Timestamps over the signature bytes in `message`.
key tsa rsa2048; issue tsa rsa-root "$tsa"
key tsa-p256 p256; issue tsa-p256 p384-root "$tsa"
issue tsa-not-critical p384-root "${tsa/extendedKeyUsage=critical,/extendedKeyUsage=}"
stamp() { # file signer digest
    openssl ts -query -data message "-$3" -cert -out query.tsq 2> /dev/null
    openssl ts -reply -config ca.cnf -queryfile query.tsq -signer "$2.crt" -inkey "$2.key" -token_out -out "$out/$1.tst" 2> /dev/null
}
stamp rsa-sm3 tsa sm3
stamp rsa-sha256 tsa sha256
stamp p256-sha512 tsa-p256 sha512

# Chains: one thing wrong in each.
key root p256; issue root root "$ca"
key sub p256; issue sub root "$ca\n$aki"
issue good sub "$user"
crl root root 20200101000000Z 20491231235959Z sha256
crl sub sub 20200101000000Z 20491231235959Z sha256
issue expired sub "$user" sha256 20200101000000Z 20210101000000Z
issue future sub "$user" sha256 20400101000000Z 20491231235959Z
issue no-signing sub "${user/digitalSignature,nonRepudiation/keyEncipherment}"
issue server-only sub "$user\nextendedKeyUsage=serverAuth"
issue mail sub "$user\nextendedKeyUsage=emailProtection"
issue unknown-critical sub "$user\n1.2.3.4.5=critical,ASN1:UTF8String:no"
issue unknown sub "$user\n1.2.3.4.5=ASN1:UTF8String:no"
issue not-authority root "$user"
issue below-not-authority not-authority "$user"
issue no-cert-sign root "${ca/keyCertSign,/}\n$aki"
issue below-no-cert-sign no-cert-sign "$user"
issue short root "${ca/CA:TRUE/CA:TRUE,pathlen:0}\n$aki"
issue below-short short "$ca\n$aki"
issue too-deep below-short "$user"
issue constrained root "$ca\n$aki\nnameConstraints=critical,permitted;dirName:names\n[names]\nO=TEST ONLY"
issue below-constrained constrained "$user"
issue below-root root "$user"
issue point sub "$user\ncrlDistributionPoints=URI:http://test.invalid/a.crl"
# Another root with the same name, without key identifiers; what it issued is not the first one's.
key false-root p256; subject=root issue false-root false-root "${ca%%\\nsubject*}\nsubjectKeyIdentifier=none"
issue forged false-root "${user%%\\nsubject*}\nsubjectKeyIdentifier=none\nauthorityKeyIdentifier=none"
# A root and its cross certificate by another root, and a loop of two authorities.
key other-root p256; issue other-root other-root "$ca"
cp sub.key sub-cross.key; subject=sub issue sub-cross other-root "$ca\n$aki"
subject=loop-a issue loop-a other-root "$ca"; subject=loop-b issue loop-b loop-a "$ca"
cp loop-a.key loop-c.key; subject=loop-a issue loop-c loop-b "$ca"
issue below-loop loop-b "$user"
# A chain longer than is read.
previous=other-root
for n in 1 2 3 4 5 6 7 8; do issue "long-$n" "$previous" "$ca\n$aki"; previous=long-$n; done
cat "$out"/long-?.crt > "$out/long.pem"; rm "$out"/long-?.crt
issue below-long long-8 "$user"
issue below-long-6 long-6 "$user"

# Revocation of `good`, and lists that cannot be used.
revoked() { crl "$1" sub 20200101000000Z 20491231235959Z sha256 good "$2"; }
revoked revoked-superseded 240101000000Z,superseded
revoked revoked-compromised 240101000000Z,keyCompromise
revoked revoked-compromised-earlier 240101000000Z,keyTime,20220101000000Z
revoked revoked-hold 240101000000Z,certificateHold
crl revoked-released sub 20250101000000Z 20491231235959Z sha256
crl sub-revoked root 20200101000000Z 20491231235959Z sha256 sub 240101000000Z,cACompromise
crl stale sub 20200101000000Z 20210101000000Z sha256
crl later sub 20300101000000Z 20491231235959Z sha256
crl later-than-expired sub 20220101000000Z 20491231235959Z sha256
cp false-root.key sub-false.key; subject=sub issue sub-false false-root "$ca"
crl forged sub-false 20200101000000Z 20491231235959Z sha256; rm "$out/sub-false.crt"
crl_extensions='issuingDistributionPoint=critical,@idp\n[idp]\nindirectCRL=TRUE' crl indirect sub 20200101000000Z 20491231235959Z sha256
crl_extensions='2.5.29.27=critical,ASN1:INTEGER:1' crl delta sub 20200101000000Z 20491231235959Z sha256
crl_extensions='1.2.3.4.5=critical,ASN1:INTEGER:1' crl unknown-critical sub 20200101000000Z 20491231235959Z sha256
crl_extensions='issuingDistributionPoint=critical,@idp\n[idp]\nonlyCA=TRUE' crl authorities-only sub 20200101000000Z 20491231235959Z sha256
crl_extensions='issuingDistributionPoint=critical,@idp\n[idp]\nonlysomereasons=keyCompromise' crl some-reasons sub 20200101000000Z 20491231235959Z sha256
crl_extensions='issuingDistributionPoint=critical,@idp\n[idp]\nfullname=URI:http://test.invalid/a.crl' crl point sub 20200101000000Z 20491231235959Z sha256
issue no-crl-sign root "${ca/,cRLSign/}\n$aki"
issue below-no-crl-sign no-crl-sign "$user"
crl no-crl-sign no-crl-sign 20200101000000Z 20491231235959Z sha256
