//! What can be said of a chain.

use std::fmt;
use std::sync::Arc;

use der::DateTime;
use der::asn1::ObjectIdentifier;

use super::Purpose;
use crate::crypto::crl::Reason;
use crate::crypto::x509::Certificate;

/// The best chain that was found for a certificate.
///
/// It vouches for the certificate if there is no [`gap`](Chain::gap) and no [fault](Chain::faults), and the
/// [revocation](Chain::revocation) is known to be good.
#[derive(Clone, Debug)]
pub struct Chain {
    /// From the signer's certificate up; the last is the root, unless there is a gap.
    pub certificates: Vec<Arc<Certificate>>,
    /// Why no root was reached.
    pub gap: Option<Gap>,
    /// What speaks against it, whatever else is found.
    pub faults: Vec<ChainFault>,
    /// What is known of revocation.
    pub revocation: Revocation,
}

impl Chain {
    /// Whether it reaches a root.
    pub fn anchored(&self) -> bool {
        self.gap.is_none()
    }
}

/// Why no root was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// No roots were given.
    NoRoots,
    /// The certificate of this issuer is not there.
    Issuer(String),
    /// The chain ends at this self-signed certificate, which is not among the roots.
    OtherRoot(String),
    /// A signature in the chain cannot be checked: its algorithm in words.
    Unsupported(String),
    /// Too long, or too many certificates with the same names.
    TooLong,
}

/// One thing that speaks against a certificate of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainFault {
    /// Whose: counted from the signer's certificate, which is 0.
    pub certificate: usize,
    /// The holder's name.
    pub subject: String,
    /// What.
    pub kind: FaultKind,
}

/// What speaks against a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It was not valid yet.
    NotYetValid(DateTime),
    /// It was not valid any more.
    Expired(DateTime),
    /// The issuer's key did not sign it.
    Signature,
    /// The holder may not issue certificates.
    NotAuthority,
    /// More authorities stand below it than it allows.
    PathLength(u8),
    /// keyUsage does not have what is needed.
    KeyUsage(&'static str),
    /// extKeyUsage does not fit the purpose.
    ExtendedKeyUsage(Purpose),
    /// It has an extension that must be understood and is not.
    NotUnderstood(ObjectIdentifier),
    /// It was revoked, and that counts.
    Revoked {
        /// From when on.
        at: DateTime,
        /// Why.
        reason: Reason,
    },
}

/// What is known of the revocation of a chain's certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// A list says of each that it is not revoked.
    Good,
    /// One was revoked after the proven time of signing, for a reason that leaves earlier signatures as they are.
    Later {
        /// Whose: counted from the signer's certificate.
        certificate: usize,
        /// From when on.
        at: DateTime,
        /// Why.
        reason: Reason,
    },
    /// One is revoked, which is among the faults.
    Revoked {
        /// Whose: counted from the signer's certificate.
        certificate: usize,
        /// From when on.
        at: DateTime,
        /// Why.
        reason: Reason,
    },
    /// Of one at least nothing is known: why.
    Unknown(String),
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Gap::NoRoots => f.write_str("no roots were given"),
            Gap::Issuer(name) => write!(f, "the issuer's certificate is not there: {name}"),
            Gap::OtherRoot(name) => write!(f, "ends at a root that is not trusted: {name}"),
            Gap::Unsupported(what) => write!(f, "cannot be checked: {what}"),
            Gap::TooLong => f.write_str("no root within eight certificates, or too many certificates to try"),
        }
    }
}

impl fmt::Display for ChainFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.kind)
    }
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FaultKind::NotYetValid(from) => write!(f, "not valid before {from}"),
            FaultKind::Expired(to) => write!(f, "not valid after {to}"),
            FaultKind::Signature => f.write_str("not signed by its issuer's key"),
            FaultKind::NotAuthority => f.write_str("may not issue certificates"),
            FaultKind::PathLength(n) => write!(f, "more than {n} authorities below it"),
            FaultKind::KeyUsage(needed) => write!(f, "its key usage lacks {needed}"),
            FaultKind::ExtendedKeyUsage(purpose) => {
                let purpose = match purpose {
                    Purpose::Sealing => "signing documents",
                    Purpose::SealMaking => "making seals",
                    Purpose::TimeStamping => "timestamps, critically and alone",
                };
                write!(f, "its extended key usage is not for {purpose}")
            }
            FaultKind::NotUnderstood(oid) => write!(f, "its extension {oid} is not understood"),
            FaultKind::Revoked { at, reason } => write!(f, "revoked at {at}: {reason}"),
        }
    }
}

impl fmt::Display for Revocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Revocation::Good => f.write_str("not revoked"),
            Revocation::Later { at, reason, .. } => write!(f, "revoked after the signing, at {at}: {reason}"),
            Revocation::Revoked { at, reason, .. } => write!(f, "revoked at {at}: {reason}"),
            Revocation::Unknown(why) => write!(f, "not known: {why}"),
        }
    }
}
