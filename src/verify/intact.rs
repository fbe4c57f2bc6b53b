//! Whether the parts of an OFD are those that were sealed: the digests of all References, the dataHash, and the mathematics of the
//! signature. GB/T 33190-2016, chapter 18; GB/T 38540-2020; GM/T 0031-2014.
//!
//! In: a [`Package`]. Out: for each signature an [`Integrity`], with every [`Fault`].
//! Invariant: each part's digest is made of the bytes in the package, the signature's of the bytes that were read; nothing is encoded
//! again before it is checked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::crypto::sm3::{self, Digest};
use crate::ofd::read::{Package, ReadError, Reference, Signature, signatures};
use crate::seal::{SealSignature, SignatureCheck};

/// SM3 (GM/T 0006).
const SM3: &str = "1.2.156.10197.1.401";
/// The part that good signatures of real issuers leave out as often as not.
const ENTRY: &str = "OFD.xml";

/// What holds of one signature.
#[derive(Clone, Debug)]
pub struct Integrity {
    /// The signature as its description says it.
    pub signature: Signature,
    /// The signed value, unless it cannot be read.
    pub value: Option<SealSignature>,
    /// Everything that does not hold; empty if the document is as it was sealed, and sealed as a whole.
    pub faults: Vec<Fault>,
    /// Whether OFD.xml, with the document's title and metadata, is covered. Worth telling, but no fault.
    pub covers_entry: bool,
}

/// One thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The part is not the one that was sealed.
    Changed(String),
    /// The part is covered and not there.
    Missing(String),
    /// The part is there and not covered.
    Uncovered(String),
    /// The digests are not by SM3: the method that is named.
    CheckMethod(String),
    /// The signed value is no SES_Signature: why.
    SignedValue(String),
    /// The signed value is for another Signature.xml.
    DataHash,
    /// The signature is not by the key of the certificate it carries, or cannot be checked.
    Signature(SignatureCheck),
}

impl Integrity {
    /// Whether nothing is wrong.
    pub fn holds(&self) -> bool {
        self.faults.is_empty()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Changed(part) => write!(f, "the part was changed after sealing: {part}"),
            Fault::Missing(part) => write!(f, "the part was sealed and is not there: {part}"),
            Fault::Uncovered(part) => write!(f, "the part is not covered by the seal: {part}"),
            Fault::CheckMethod(method) => write!(f, "the digests are not by SM3: {method}"),
            Fault::SignedValue(why) => write!(f, "the signed value cannot be read: {why}"),
            Fault::DataHash => f.write_str("the signed value belongs to another Signature.xml"),
            Fault::Signature(SignatureCheck::OtherAlgorithm(oid)) => {
                write!(f, "the signature is not one of SM2 with SM3 and cannot be checked: {oid}")
            }
            Fault::Signature(SignatureCheck::Certificate(error)) => {
                write!(f, "the signer's certificate: {error}")
            }
            Fault::Signature(_) => f.write_str("the signature is not by the key of its certificate"),
        }
    }
}

/// Checks each signature of the document; the answer is empty for one that is not signed.
///
/// # Errors
/// The description of a signature cannot be read.
pub fn intact(package: &Package<'_>) -> Result<Vec<Integrity>, ReadError> {
    let signatures = signatures(package)?;
    // Signatures share most of what they cover: each part is digested once.
    let digests = package.parts().map(|(name, data)| (name, sm3::digest(data))).collect();
    // A signature may leave out what belongs to signatures: each of those protects itself.
    let mut exempt = BTreeSet::new();
    for signature in &signatures {
        exempt.extend([signature.list.as_str(), &signature.part, &signature.value]);
        exempt.extend(signature.seal.as_deref());
    }
    Ok(signatures.iter().map(|signature| check(package, signature, &digests, &exempt)).collect())
}

fn check(
    package: &Package<'_>,
    signature: &Signature,
    digests: &BTreeMap<&str, Digest>,
    exempt: &BTreeSet<&str>,
) -> Integrity {
    let mut faults = Vec::new();
    if signature.check_method == SM3 || signature.check_method.eq_ignore_ascii_case("sm3") {
        faults
            .extend(signature.references.iter().filter_map(|reference| check_reference(reference, digests)));
    } else {
        faults.push(Fault::CheckMethod(signature.check_method.clone()));
    }
    let covered: BTreeSet<&str> = signature.references.iter().map(|r| r.part.as_str()).collect();
    let uncovered = digests.keys().filter(|name| !covered.contains(*name) && !exempt.contains(*name));
    faults.extend(uncovered.filter(|&&name| name != ENTRY).map(|&name| Fault::Uncovered(name.to_owned())));

    let value = SealSignature::parse(package.part(&signature.value).unwrap_or_default());
    match &value {
        Ok(value) => {
            if digests.get(signature.part.as_str()).is_none_or(|digest| value.data_hash != digest) {
                faults.push(Fault::DataHash);
            }
            match value.check() {
                SignatureCheck::Holds => {}
                other => faults.push(Fault::Signature(other)),
            }
        }
        Err(error) => faults.push(Fault::SignedValue(error.to_string())),
    }
    Integrity {
        covers_entry: covered.contains(ENTRY),
        signature: signature.clone(),
        value: value.ok(),
        faults,
    }
}

fn check_reference(reference: &Reference, digests: &BTreeMap<&str, Digest>) -> Option<Fault> {
    let Some(digest) = digests.get(reference.part.as_str()) else {
        return Some(Fault::Missing(reference.part.clone()));
    };
    let stated = BASE64_STANDARD.decode(reference.check_value.trim());
    let holds = stated.is_ok_and(|stated| stated == digest);
    (!holds).then(|| Fault::Changed(reference.part.clone()))
}
