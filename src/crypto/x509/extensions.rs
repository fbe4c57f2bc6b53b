//! A certificate's extensions (RFC 5280, 4.2.1), as far as a chain is judged by them.
//!
//! In: the extensions as they were read. Out: [`Extensions`]. Invariant: what is critical and not understood is listed, so that
//! nobody takes the certificate for a simpler one; no address in it is ever asked.

use der::Decode as _;
use der::asn1::ObjectIdentifier;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, BasicConstraints, KeyUsage, SubjectKeyIdentifier};

use super::X509Error;
use crate::crypto::tlv::{DerError, Tlv};

const SUBJECT_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.14");
const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const SUBJECT_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.17");
const ISSUER_ALT_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.18");
const BASIC_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.19");
const NAME_CONSTRAINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.30");
const CRL_DISTRIBUTION_POINTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.31");
const CERTIFICATE_POLICIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.32");
const AUTHORITY_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");

/// Most entries of a list inside an extension.
const LIMIT: usize = 64;

/// What a certificate's extensions say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extensions {
    /// basicConstraints: whether the holder may issue certificates.
    pub authority: bool,
    /// basicConstraints: how many authorities may follow below this one.
    pub path_len: Option<u8>,
    /// keyUsage, if it is restricted.
    pub key_usage: Option<KeyUsage>,
    /// extKeyUsage, if it is restricted.
    pub extended_key_usage: Option<ExtendedKeyUsage>,
    /// subjectKeyIdentifier.
    pub subject_key_identifier: Option<Vec<u8>>,
    /// The keyIdentifier of authorityKeyIdentifier.
    pub authority_key_identifier: Option<Vec<u8>>,
    /// The names of cRLDistributionPoints, each a DER GeneralName. They are compared, never asked.
    pub distribution_points: Vec<Vec<u8>>,
    /// Extensions that restrict what holds and are not understood here: those marked critical, and nameConstraints in any case.
    pub not_understood: Vec<ObjectIdentifier>,
}

/// What a key may be used for besides what keyUsage says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendedKeyUsage {
    /// Whether the extension is critical.
    pub critical: bool,
    /// The purposes.
    pub purposes: Vec<ObjectIdentifier>,
}

impl Extensions {
    /// # Errors
    /// One is not what its identifier says, or stands there twice.
    pub(super) fn read(list: &[Extension]) -> Result<Extensions, X509Error> {
        let mut read = Extensions::default();
        for (i, extension) in list.iter().enumerate() {
            if list[..i].iter().any(|earlier| earlier.extn_id == extension.extn_id) {
                return Err(X509Error::Twice(extension.extn_id));
            }
            read.take(extension).map_err(|e| match e {
                DerError::Value(e) => X509Error::Der(e),
                other => X509Error::Extension(extension.extn_id, other),
            })?;
        }
        Ok(read)
    }

    fn take(&mut self, extension: &Extension) -> Result<(), DerError> {
        let value = extension.extn_value.as_bytes();
        match extension.extn_id {
            BASIC_CONSTRAINTS => {
                let constraints = BasicConstraints::from_der(value)?;
                self.authority = constraints.ca;
                self.path_len = constraints.path_len_constraint;
            }
            KEY_USAGE => self.key_usage = Some(KeyUsage::from_der(value)?),
            EXTENDED_KEY_USAGE => {
                let purposes = Tlv::parse(value)?.elements().all(LIMIT)?;
                let purposes = purposes.iter().map(|p| p.decode()).collect::<Result<_, _>>()?;
                self.extended_key_usage = Some(ExtendedKeyUsage { critical: extension.critical, purposes });
            }
            SUBJECT_KEY_IDENTIFIER => {
                let identifier = SubjectKeyIdentifier::from_der(value)?;
                self.subject_key_identifier = Some(identifier.0.as_bytes().to_vec());
            }
            AUTHORITY_KEY_IDENTIFIER => {
                let identifier = AuthorityKeyIdentifier::from_der(value)?.key_identifier;
                self.authority_key_identifier = identifier.map(|i| i.as_bytes().to_vec());
            }
            CRL_DISTRIBUTION_POINTS => self.distribution_points = distribution_points(value)?,
            // Which policy holds is not asked, and names beside the subject are not used.
            CERTIFICATE_POLICIES | SUBJECT_ALT_NAME | ISSUER_ALT_NAME => {}
            NAME_CONSTRAINTS => self.not_understood.push(extension.extn_id),
            _ if extension.critical => self.not_understood.push(extension.extn_id),
            _ => {}
        }
        Ok(())
    }
}

/// ```text
/// CRLDistributionPoints ::= SEQUENCE OF DistributionPoint
/// DistributionPoint ::= SEQUENCE {
///     distributionPoint [0] EXPLICIT DistributionPointName OPTIONAL,
///     reasons           [1] ReasonFlags OPTIONAL,
///     cRLIssuer         [2] GeneralNames OPTIONAL }
/// ```
/// RFC 5280, 4.2.1.13. The points of other issuers, and those for some reasons only, are left out: such lists are not read.
fn distribution_points(value: &[u8]) -> Result<Vec<Vec<u8>>, DerError> {
    let mut names = Vec::new();
    for point in Tlv::parse(value)?.elements().all(LIMIT)? {
        let mut fields = point.elements();
        let name = fields.optional(0xa0)?;
        if let (Some(name), true) = (name, fields.is_empty()) {
            names.extend(full_names(name)?);
        }
    }
    Ok(names)
}

/// The names of a `[0] EXPLICIT DistributionPointName`, each a DER GeneralName; none if they are relative to the issuer's name.
pub(crate) fn full_names(name: Tlv<'_>) -> Result<Vec<Vec<u8>>, DerError> {
    match name.elements().optional(0xa0)? {
        Some(names) => Ok(names.elements().all(LIMIT)?.iter().map(|n| n.whole.to_vec()).collect()),
        None => Ok(Vec::new()),
    }
}
