"""PDFs signed by a stranger, pyHanko 0.38, with keys that are made here, used once and thrown away: test data, worth nothing.

    pip install pyhanko==0.38.0 && python make.py

writes the PDFs, root.pem and root.crl beside this file. Keys and signatures are random: every run makes other vectors.
"""

import datetime
import io
from pathlib import Path

from asn1crypto import keys as asn1_keys, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

HERE = Path(__file__).parent
UTC = datetime.timezone.utc
BEGIN = datetime.datetime(2026, 1, 1, tzinfo=UTC)
END = datetime.datetime(2036, 1, 1, tzinfo=UTC)


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def issue(subject, key, issuer, issuer_key, *extensions):
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGIN)
        .not_valid_after(END)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256())


def usage(**on):
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement"
        " key_cert_sign crl_sign encipher_only decipher_only"
    ).split()
    return x509.KeyUsage(**{n: on.get(n, False) for n in names}), True


def asn1(certificate):
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def asn1_key(key):
    der = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return asn1_keys.PrivateKeyInfo.load(der)


root_key = ec.generate_private_key(ec.SECP256R1())
root = issue(
    "certpress TEST ROOT, worth nothing",
    root_key,
    name("certpress TEST ROOT, worth nothing"),
    root_key,
    (x509.BasicConstraints(True, None), True),
    usage(key_cert_sign=True, crl_sign=True),
)
crl = (
    x509.CertificateRevocationListBuilder()
    .issuer_name(root.subject)
    .last_update(BEGIN)
    .next_update(END)
    .sign(root_key, hashes.SHA256())
)
(HERE / "root.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
(HERE / "root.crl").write_bytes(crl.public_bytes(serialization.Encoding.PEM))


def signer(subject, key):
    certificate = issue(
        subject, key, root.subject, root_key, usage(digital_signature=True, content_commitment=True)
    )
    return signers.SimpleSigner(
        signing_cert=asn1(certificate), signing_key=asn1_key(key), cert_registry=SimpleCertificateStore()
    )


RSA = signer("TEST RSA", rsa.generate_private_key(65537, 2048))
ECDSA = signer("TEST P-256", ec.generate_private_key(ec.SECP256R1()))
tsa_key = rsa.generate_private_key(65537, 2048)
tsa = issue(
    "TEST TSA",
    tsa_key,
    root.subject,
    root_key,
    usage(digital_signature=True),
    (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),
)
registry = SimpleCertificateStore()
registry.register(asn1(tsa))
STAMPER = DummyTimeStamper(asn1(tsa), asn1_key(tsa_key), certs_to_embed=registry)


def page(stream_xrefs):
    writer = PdfFileWriter(stream_xrefs=stream_xrefs)
    content = generic.StreamObject(stream_data=b"10 10 80 80 re f")
    writer.insert_page(PageObject(contents=writer.add_object(content), media_box=(0, 0, 100, 100)))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def sign(pdf, by, field, subfilter, stamper=None, box=None, **more):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    fields.append_signature_field(writer, SigFieldSpec(field, box=box))
    meta = signers.PdfSignatureMetadata(field_name=field, subfilter=subfilter, md_algorithm="sha256", **more)
    out = signers.PdfSigner(meta, by, timestamper=stamper).sign_pdf(writer)
    return out.getvalue()


def stamp(pdf):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    return signers.PdfTimeStamper(STAMPER, field_name="Stamp").timestamp_pdf(writer, "sha256").getvalue()


ADBE, CADES = SigSeedSubFilter.ADOBE_PKCS7_DETACHED, SigSeedSubFilter.PADES
one = sign(page(False), RSA, "One", ADBE)
files = {
    "rsa-adbe": one,
    "p256-cades-stamped": sign(page(True), ECDSA, "One", CADES, STAMPER),
    "certified-then-stamped": stamp(
        sign(page(True), ECDSA, "One", CADES, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)
    ),
    "two-signers": sign(one, ECDSA, "Two", CADES),
    "only-stamped": stamp(page(True)),
}
for title, data in files.items():
    (HERE / f"{title}.pdf").write_bytes(data)
