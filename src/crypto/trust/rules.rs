//! What RFC 5280, 6.1 asks of each certificate of a path.

use std::sync::Arc;

use der::asn1::ObjectIdentifier;

use super::Purpose;
use super::chain::{ChainFault, FaultKind};
use super::clock::Clock;
use crate::crypto::oid;
use crate::crypto::x509::Certificate;

/// Purposes with which a certificate may sign documents or seals, where it names any: anyExtendedKeyUsage, clientAuth, codeSigning,
/// emailProtection, documentSigning (RFC 9336), and the document signing of Adobe and Microsoft.
const SIGNING: [ObjectIdentifier; 7] = [
    ObjectIdentifier::new_unwrap("2.5.29.37.0"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.3"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4"),
    ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.36"),
    ObjectIdentifier::new_unwrap("1.2.840.113583.1.1.5"),
    ObjectIdentifier::new_unwrap("1.3.6.1.4.1.311.10.3.12"),
];

/// The faults of `path`, the signer's certificate first. `anchored`: the last is a root.
pub(super) fn faults(
    path: &[Arc<Certificate>],
    anchored: bool,
    signing: &Clock,
    purpose: Purpose,
) -> Vec<ChainFault> {
    let mut faults = Vec::new();
    for (i, certificate) in path.iter().enumerate() {
        let mut fault = |kind| faults.push(fault(path, i, kind));
        if !signing.has_reached(certificate.not_before) {
            fault(FaultKind::NotYetValid(certificate.not_before));
        }
        if signing.has_passed(certificate.not_after) {
            fault(FaultKind::Expired(certificate.not_after));
        }
        // A root is believed for its name and key (6.1.1, d); what it says of itself restricts it nevertheless, if it is understood.
        let is_root = anchored && i + 1 == path.len();
        if let Some(&extension) = certificate.extensions.not_understood.first().filter(|_| !is_root || i == 0)
        {
            fault(FaultKind::NotUnderstood(extension));
        }
        if i == 0 {
            signer(certificate, purpose).into_iter().for_each(fault);
        } else {
            // Self-issued certificates do not count (6.1.4, l); the signer's never does.
            let below = path[1..i].iter().filter(|c| !c.is_self_issued()).count();
            authority(certificate, below).into_iter().for_each(fault);
        }
    }
    faults
}

pub(super) fn fault(path: &[Arc<Certificate>], i: usize, kind: FaultKind) -> ChainFault {
    ChainFault { certificate: i, subject: path[i].subject.clone(), kind }
}

/// 6.1.4, k to n.
fn authority(certificate: &Certificate, below: usize) -> Vec<FaultKind> {
    let extensions = &certificate.extensions;
    let mut faults = Vec::new();
    if !certificate.is_authority {
        faults.push(FaultKind::NotAuthority);
    }
    if extensions.key_usage.is_some_and(|usage| !usage.key_cert_sign()) {
        faults.push(FaultKind::KeyUsage("keyCertSign"));
    }
    if let Some(most) = extensions.path_len.filter(|&most| below > usize::from(most)) {
        faults.push(FaultKind::PathLength(most));
    }
    faults
}

/// RFC 5280, 4.2.1.3 and 4.2.1.12; RFC 3161, 2.3.
fn signer(certificate: &Certificate, purpose: Purpose) -> Vec<FaultKind> {
    let extensions = &certificate.extensions;
    let mut faults = Vec::new();
    if extensions.key_usage.is_some_and(|usage| !usage.digital_signature() && !usage.non_repudiation()) {
        faults.push(FaultKind::KeyUsage("digitalSignature and nonRepudiation"));
    }
    let extended = extensions.extended_key_usage.as_ref();
    let fits = match purpose {
        Purpose::TimeStamping => extended.is_some_and(|e| e.critical && e.purposes == [oid::TIME_STAMPING]),
        Purpose::Sealing | Purpose::SealMaking => {
            extended.is_none_or(|e| e.purposes.iter().any(|p| SIGNING.contains(p)))
        }
    };
    if !fits {
        faults.push(FaultKind::ExtendedKeyUsage(purpose));
    }
    faults
}
