"""What OpenSSL and BouncyCastle have to say about the signatures of both files."""

import re
import xml.etree.ElementTree as ET

from . import der
from .bench import ask_text, check, require
from .crypto import sm3, verify, verify_chain
from .ofd import OFD, signature_xml
from .tools import TOOLS

SM2_SM3, SM3 = "1.2.156.10197.1.501", "1.2.156.10197.1.401"
SIGNED_DATA, MESSAGE_DIGEST = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.4"


class OfdSeal:
    """SES_Signature of GB/T 38540-2020, taken apart."""

    def __init__(self, sample):
        self.path, self.xml = signature_xml(sample)
        folder = self.path.rpartition("/")[0]
        signature = der.read_all(sample.parts[f"{folder}/SignedValue.dat"]).children(der.SEQUENCE)
        self.to_sign, certificate, algorithm, value = signature[:4]
        self.certificate = certificate.expect(der.OCTET_STRING)
        self.signature = value.bits()
        require(algorithm.oid() == SM2_SM3, f"signatureAlgID {algorithm.oid()}")
        _, self.seal, self.time, data_hash, info = self.to_sign.children(der.SEQUENCE)[:5]
        self.data_hash = data_hash.bits()
        self.property_info = info.content.decode()
        self.seal_info, maker, algorithm, value = self.seal.children(der.SEQUENCE)[:4]
        self.maker = maker.expect(der.OCTET_STRING)
        self.maker_signature = value.bits()
        require(algorithm.oid() == SM2_SM3, f"signAlgID {algorithm.oid()}")


@check("OFD seal: dataHash is the SM3 of Signature.xml, propertyInfo its path")
def data_hash(sample):
    seal = OfdSeal(sample)
    require(seal.data_hash == sm3(sample.parts[seal.path]), "dataHash is of something else")
    require(seal.property_info == f"/{seal.path}", f"propertyInfo {seal.property_info}")


@check("OpenSSL: the signer's SM2 signature over TBS_Sign of the OFD")
def ofd_signature(sample):
    seal = OfdSeal(sample)
    verify(seal.certificate, seal.signature, seal.to_sign.whole)


@check("OpenSSL: the seal maker's SM2 signature over the seal in the OFD")
def maker_signature(sample):
    seal = OfdSeal(sample)
    verify(seal.maker, seal.maker_signature, seal.seal_info.whole)


@check("OFD seal: the signer is in the seal's certificate list, Seal.esl is the embedded seal")
def listed(sample):
    seal = OfdSeal(sample)
    properties = seal.seal_info.children(der.SEQUENCE)[2].children(der.SEQUENCE)
    certificates = [c.expect(der.OCTET_STRING) for c in properties[3].children(der.SEQUENCE)]
    require(seal.certificate in certificates, "the signer is not in the list")
    for name, data in sample.parts.items():
        require(not name.endswith(".esl") or data == seal.seal.whole, f"{name} is another seal")


@check("OpenSSL: signer and seal maker of the OFD chain to the root")
def ofd_chain(sample):
    seal = OfdSeal(sample)
    verify_chain(sample.root, [seal.certificate, seal.maker])


@check("OFD seal: the stamp stands on the page, as large as the seal")
def stamp(sample):
    seal = OfdSeal(sample)
    picture = seal.seal_info.children(der.SEQUENCE)[4 - 1].children(der.SEQUENCE)
    width, height = (int.from_bytes(v.expect(der.INTEGER), "big") for v in picture[2:4])
    document = ET.fromstring(sample.parts["Doc_0/Document.xml"])
    sheets = dict(zip((page.get("ID") for page in document.iter(f"{OFD}Page")), sample.pages, strict=True))
    stamps = list(seal.xml.iter(f"{OFD}StampAnnot"))
    require(stamps, "no stamp")
    for stamp in stamps:
        x, y, across, down = map(float, stamp.get("Boundary").split())
        require((across, down) == (width, height), f"a seal of {width} × {height} mm in {across} × {down}")
        require(stamp.get("PageRef") in sheets, f"PageRef {stamp.get('PageRef')} among {list(sheets)}")
        if stamp.get("Clip") is None:
            right, bottom = sheets[stamp.get("PageRef")]
            require(x >= 0 and y >= 0 and x + across <= right and y + down <= bottom, f"at {x}, {y}")


class PdfSignature:
    """The CMS SignedData (RFC 5652) of a PDF, taken apart."""

    def __init__(self, sample):
        data = sample.pdf.read_bytes()
        ranges = re.findall(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", data)
        require(len(ranges) == 1, f"{len(ranges)} signatures")
        start, before, after, rest = map(int, ranges[0])
        require(start == 0 and after + rest == len(data), f"ByteRange {ranges[0]} of {len(data)} bytes")
        gap = data[before:after]
        require(gap[:1] == b"<" and gap[-1:] == b">", "the gap is not exactly Contents")
        self.signed = data[:before] + data[after:]
        kind, content = der.read(bytes.fromhex(gap[1:-1].decode())).children(der.SEQUENCE)
        require(kind.oid() == SIGNED_DATA, f"content type {kind.oid()}")
        _, _, _, *optional, infos = content.children(0xA0)[0].children(der.SEQUENCE)
        self.certificates = [c.whole for c in optional[0].children(0xA0)]
        _, signer, digest, attributes, algorithm, value = infos.children(der.SET)[0].children(der.SEQUENCE)
        require(digest.children(der.SEQUENCE)[0].oid() == SM3, "the digest is not SM3")
        require(algorithm.children(der.SEQUENCE)[0].oid() == SM2_SM3, "the signature is not SM2 with SM3")
        # RFC 5652, 5.4: what is signed is the attributes as a SET OF, not under their tag [0].
        self.attributes = bytes([der.SET]) + attributes.whole[1:]
        self.values = {}
        for attribute in attributes.children(0xA0):
            name, values = attribute.children(der.SEQUENCE)
            self.values[name.oid()] = values.children(der.SET)[0]
        self.signature = value.expect(der.OCTET_STRING)
        [self.certificate] = [c for c in self.certificates if names(c, signer)]


def names(certificate, signer):
    """Whether an IssuerAndSerialNumber names this certificate (RFC 5280, 4.1)."""
    _, serial, _, issuer, *_ = der.read(certificate).children(der.SEQUENCE)[0].children(der.SEQUENCE)
    return [issuer.whole, serial.whole] == [part.whole for part in signer.children(der.SEQUENCE)]


@check("PDF signature: messageDigest is the SM3 of all bytes but Contents")
def message_digest(sample):
    signature = PdfSignature(sample)
    told = signature.values[MESSAGE_DIGEST].expect(der.OCTET_STRING)
    require(told == sm3(signature.signed), "messageDigest is of something else")


@check("OpenSSL: the signer's SM2 signature over the signed attributes of the PDF")
def pdf_signature(sample):
    signature = PdfSignature(sample)
    verify(signature.certificate, signature.signature, signature.attributes)


@check("OpenSSL: the certificates of the PDF chain to the root")
def pdf_chain(sample):
    verify_chain(sample.root, PdfSignature(sample).certificates)


@check("BouncyCastle: the seal, the digests and the chain of the OFD")
def bouncy_castle_ofd(sample):
    bouncy_castle(sample, sample.ofd)


@check("BouncyCastle: the CMS of the PDF and its chain to the root")
def bouncy_castle_pdf(sample):
    bouncy_castle(sample, sample.pdf)


def bouncy_castle(sample, file):
    """Objects unless VerifySeal finds that all holds."""
    told = ask_text("java", "-cp", TOOLS.java_classes, "VerifySeal", sample.root, file, accept=(0, 1))
    faults = [line for line in told.splitlines() if line.startswith(("  FAIL", "INVALID"))]
    require(not faults and f"VALID {file}" in told, "\n".join(faults) or told)
