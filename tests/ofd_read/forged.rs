//! Signed values put together by hand with the demonstration seal's keys, which everyone knows: what other makers write, and what nobody
//! should.

use certpress::crypto::oid;
use certpress::crypto::sm2::{Nonce, SigningKey};
use certpress::crypto::sm3;
use certpress::crypto::x509::Certificate;
use der::asn1::ObjectIdentifier;

use super::certificate::Parts;

pub(crate) const SIGNATURE: &str = "Doc_0/Signs/Sign_0/Signature.xml";
pub(crate) const VALUE: &str = "Doc_0/Signs/Sign_0/SignedValue.dat";

/// A key of the demonstration seal: `root`, `maker` or `signer`.
pub(crate) fn key(role: &str) -> SigningKey {
    SigningKey::from_bytes(&secret(role)).unwrap()
}

fn secret(role: &str) -> [u8; 32] {
    sm3::digest(format!("certpress demonstration key, known to everyone: {role}").as_bytes())
}

/// A signature of `role` by the second implementation, DER.
fn by_sm_crypto(message: &[u8], role: &str) -> Vec<u8> {
    let digits: String = secret(role).iter().map(|byte| format!("{byte:02x}")).collect();
    sm_crypto::sm2::Sign::new(&digits).sign_der(message, true)
}

/// A DER value; short, or of up to three bytes of length.
pub(crate) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len() as u32;
    let mut out = vec![tag];
    match length {
        0..0x80 => out.push(length as u8),
        0x80..0x100 => out.extend([0x81, length as u8]),
        0x100..0x1_0000 => out.extend([&[0x82], &length.to_be_bytes()[2..]].concat()),
        _ => out.extend([&[0x83], &length.to_be_bytes()[1..]].concat()),
    }
    out.extend(content);
    out
}

pub(crate) fn sequence(elements: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &elements.concat())
}

pub(crate) fn object(oid: ObjectIdentifier) -> Vec<u8> {
    tlv(6, oid.as_bytes())
}

fn bits(content: &[u8]) -> Vec<u8> {
    tlv(3, &[&[0], content].concat())
}

/// The content of a DER value, and what follows it.
fn open(der: &[u8]) -> (&[u8], &[u8]) {
    let (start, length) = match der[1] {
        short @ 0..0x80 => (2, usize::from(short)),
        long => {
            let count = usize::from(long & 0x7f);
            (2 + count, der[2..2 + count].iter().fold(0, |length, &b| length << 8 | usize::from(b)))
        }
    };
    (&der[start..start + length], &der[start + length..])
}

/// The elements of a SEQUENCE, each with tag and length.
fn split(der: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = open(der).0;
    let mut elements = Vec::new();
    while !rest.is_empty() {
        let after = open(rest).1;
        elements.push(rest[..rest.len() - after.len()].to_vec());
        rest = after;
    }
    elements
}

/// A SES_Signature of GB/T 38540-2020 to be.
pub(crate) struct Forged {
    /// TBS_Sign's version.
    pub(crate) stated: u8,
    /// The seal header's version.
    pub(crate) header: u8,
    /// The seal's property: type, name, certListType, certList, createDate, validStart, validEnd.
    pub(crate) property: Vec<Vec<u8>>,
    /// propertyInfo.
    pub(crate) path: String,
    /// The algorithms of signer and maker.
    pub(crate) algorithms: [ObjectIdentifier; 2],
    /// The maker's certificate and key.
    pub(crate) maker: (Vec<u8>, SigningKey),
    /// Signatures as 64 bytes.
    pub(crate) raw: bool,
    /// Signatures by the second implementation.
    pub(crate) by_sm_crypto: bool,
    /// A timestamp on the seal.
    pub(crate) stamp: Option<Vec<u8>>,
    /// SES_SealInfo: header, esID, property, picture; the first and the third are made anew.
    pub(crate) info: Vec<Vec<u8>>,
    /// timeInfo.
    pub(crate) time: Vec<u8>,
    /// The signer's certificate.
    pub(crate) certificate: Vec<u8>,
}

impl Forged {
    /// The genuine value, taken apart.
    pub(crate) fn of(parts: &Parts) -> Forged {
        let value = split(&parts[VALUE]);
        let signed = split(&value[0]);
        let seal = split(&signed[1]);
        let info = split(&seal[0]);
        Forged {
            stated: 4,
            header: 4,
            property: split(&info[2]),
            path: format!("/{SIGNATURE}"),
            algorithms: [oid::SM2_WITH_SM3; 2],
            maker: (open(&seal[1]).0.to_vec(), key("maker")),
            raw: false,
            by_sm_crypto: false,
            stamp: None,
            time: signed[2].clone(),
            certificate: open(&value[1]).0.to_vec(),
            info,
        }
    }

    /// Puts it together and signs it for the Signature.xml among `parts`, whose value it becomes.
    pub(crate) fn seal(&self, parts: &Parts) -> Parts {
        let header = split(&self.info[0]);
        let header = sequence(&[header[0].clone(), tlv(2, &[self.header]), header[2].clone()]);
        let info = sequence(&[header, self.info[1].clone(), sequence(&self.property), self.info[3].clone()]);
        let mut seal = vec![
            info.clone(),
            tlv(4, &self.maker.0),
            object(self.algorithms[1]),
            self.sign(&info, &self.maker.1, "maker"),
        ];
        seal.extend(self.stamp.iter().map(|token| tlv(0xa0, &bits(token))));
        let signed = sequence(&[
            tlv(2, &[self.stated]),
            sequence(&seal),
            self.time.clone(),
            bits(&sm3::digest(&parts[SIGNATURE])),
            tlv(0x16, self.path.as_bytes()),
        ]);
        let signature = self.sign(&signed, &key("signer"), "signer");
        let value = sequence(&[signed, tlv(4, &self.certificate), object(self.algorithms[0]), signature]);
        let mut sealed = parts.clone();
        sealed.insert(VALUE.to_owned(), value);
        sealed
    }

    fn sign(&self, message: &[u8], key: &SigningKey, role: &str) -> Vec<u8> {
        if self.by_sm_crypto {
            return bits(&by_sm_crypto(message, role));
        }
        let signature = key.sign(message, Nonce::Deterministic).unwrap();
        if self.raw { bits(&signature.to_raw()) } else { bits(&signature.to_der()) }
    }
}

/// A list of SEQUENCE { type, digest }: certListType 2.
pub(crate) fn digests(kind: &str, digest: &[u8]) -> [Vec<u8>; 2] {
    let entry = sequence(&[tlv(0x13, kind.as_bytes()), tlv(4, digest)]);
    [tlv(2, &[2]), sequence(&[entry])]
}

/// A CMS in the words of GB/T 35275 over `content`, which it carries.
pub(crate) fn gm_cms(certificate: &[u8], content: &[u8]) -> Vec<u8> {
    let signer = Certificate::parse(certificate).unwrap();
    let sm3 = sequence(&[object(oid::SM3)]);
    let signature = key("signer").sign(content, Nonce::Deterministic).unwrap().to_der();
    let info = sequence(&[
        tlv(2, &[1]),
        sequence(&[signer.issuer_der.clone(), tlv(2, &signer.serial)]),
        sm3.clone(),
        sequence(&[object(oid::SM2_WITH_SM3)]),
        tlv(4, &signature),
    ]);
    let data = sequence(&[
        tlv(2, &[1]),
        tlv(0x31, &sm3),
        sequence(&[object(oid::GM_DATA), tlv(0xa0, &tlv(4, content))]),
        tlv(0xa0, certificate),
        tlv(0x31, &info),
    ]);
    sequence(&[object(oid::GM_SIGNED_DATA), tlv(0xa0, &data)])
}

/// The demonstration root's list of 2026, with one certificate revoked in February (RFC 5280, 5.1).
pub(crate) fn revoking(root: &[u8], certificate: &[u8]) -> Vec<u8> {
    let (root, certificate) = (Certificate::parse(root).unwrap(), Certificate::parse(certificate).unwrap());
    let algorithm = sequence(&[object(oid::SM2_WITH_SM3)]);
    let utc = |time: &str| tlv(0x17, time.as_bytes());
    let list = sequence(&[
        tlv(2, &[1]),
        algorithm.clone(),
        root.subject_der.clone(),
        utc("260101000000Z"),
        utc("270101000000Z"),
        sequence(&[sequence(&[tlv(2, &certificate.serial), utc("260201000000Z")])]),
    ]);
    let signature = key("root").sign(&list, Nonce::Deterministic).unwrap().to_der();
    sequence(&[list, algorithm, bits(&signature)])
}
