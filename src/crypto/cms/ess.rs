//! The signed attributes that name the signer's certificate: signingCertificate (RFC 2634, 5.4) and signingCertificateV2 (RFC 5035, 3).
//!
//! Invariant: only the first entry is the signer's; a digest by an algorithm that is not known names no certificate.

use der::Decode as _;
use der::asn1::{Int, ObjectIdentifier};
use sha1::Digest as _;
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::crypto::hash::Hash;
use crate::crypto::oid;
use crate::crypto::tlv::{DerError, Elements, INTEGER, OCTET_STRING, SEQUENCE, Tlv};
use crate::crypto::x509::Certificate;

/// A certificate's digest, and perhaps its issuer and number.
#[derive(Clone, Debug)]
pub(super) struct CertificateId {
    algorithm: ObjectIdentifier,
    digest: Vec<u8>,
    issuer_serial: Option<IssuerSerial>,
}

/// The issuer's name (DER), and the number's content bytes.
type IssuerSerial = (Vec<u8>, Vec<u8>);

impl CertificateId {
    /// ```text
    /// SigningCertificateV2 ::= SEQUENCE { certs SEQUENCE OF ESSCertIDv2, policies SEQUENCE OF PolicyInformation OPTIONAL }
    /// ESSCertIDv2 ::= SEQUENCE {
    ///     hashAlgorithm AlgorithmIdentifier DEFAULT { id-sha256 },   -- not in signingCertificate: SHA-1
    ///     certHash      OCTET STRING,
    ///     issuerSerial  SEQUENCE { issuer GeneralNames, serialNumber INTEGER } OPTIONAL }
    /// ```
    pub(super) fn read(value: Tlv<'_>, attribute: ObjectIdentifier) -> Result<CertificateId, DerError> {
        let mut outer = Elements(value.whole).expect(SEQUENCE)?.elements();
        let mut certificates = outer.expect(SEQUENCE)?.elements();
        let mut fields = certificates.expect(SEQUENCE)?.elements();
        let algorithm = if attribute == oid::SIGNING_CERTIFICATE {
            oid::SHA1
        } else {
            match fields.optional(SEQUENCE)? {
                Some(algorithm) => algorithm.decode::<AlgorithmIdentifierOwned>()?.oid,
                None => oid::SHA256,
            }
        };
        let digest = fields.expect(OCTET_STRING)?.value.to_vec();
        let issuer_serial = fields.optional(SEQUENCE)?.map(issuer_serial).transpose()?.flatten();
        fields.finish()?;
        Ok(CertificateId { algorithm, digest, issuer_serial })
    }

    /// Whether this is `certificate`.
    pub(super) fn names(&self, certificate: &Certificate) -> bool {
        let digest = match Hash::from_oid(self.algorithm) {
            Ok(hash) => hash.digest(&[&certificate.der]),
            // Nobody can make a second certificate with the digest of a given one, even by SHA-1.
            Err(_) if self.algorithm == oid::SHA1 => sha1::Sha1::digest(&certificate.der).to_vec(),
            Err(_) => return false,
        };
        digest == self.digest
            && self.issuer_serial.as_ref().is_none_or(|(issuer, serial)| {
                *issuer == certificate.issuer_der && *serial == certificate.serial
            })
    }
}

/// Issuer and number, if the issuer is told by one directoryName ([4] EXPLICIT Name).
fn issuer_serial(tlv: Tlv<'_>) -> Result<Option<IssuerSerial>, DerError> {
    let mut fields = tlv.elements();
    let mut names = fields.expect(SEQUENCE)?.elements();
    let name = names.next()?;
    let serial = Int::from_der(fields.expect(INTEGER)?.whole)?.as_bytes().to_vec();
    fields.finish()?;
    Ok((name.tag == 0xa4 && names.is_empty()).then(|| (name.value.to_vec(), serial)))
}
