//! Whether the certificates of a path were revoked (RFC 5280, 6.3, for complete lists of the issuer itself).

use std::sync::Arc;

use super::chain::{ChainFault, FaultKind, Revocation};
use super::clock::Clocks;
use super::{Trust, rules};
use crate::crypto::crl::{Crl, Entry, Reason};
use crate::crypto::x509::Certificate;

/// What is known of an anchored `path`; a revocation that counts is among `faults` too.
pub(super) fn revocation(
    trust: &Trust,
    path: &[Arc<Certificate>],
    clocks: &Clocks,
    faults: &mut Vec<ChainFault>,
) -> Revocation {
    let mut answer = Revocation::Good;
    // Nobody revokes a root; it is taken out of the files of trust.
    for (i, pair) in path.windows(2).enumerate() {
        let found = status(trust, &pair[0], &pair[1], clocks);
        match found {
            Status::Good => {}
            Status::Revoked(Entry { at, reason }) => {
                let counts = clocks.now.is_some() || reason.is_compromise() || clocks.signing.has_reached(at);
                if counts {
                    faults.push(rules::fault(path, i, FaultKind::Revoked { at, reason }));
                    if !matches!(answer, Revocation::Revoked { .. }) {
                        answer = Revocation::Revoked { certificate: i, at, reason };
                    }
                } else if answer == Revocation::Good {
                    answer = Revocation::Later { certificate: i, at, reason };
                }
            }
            Status::Unknown(why) => {
                if matches!(answer, Revocation::Good | Revocation::Later { .. }) {
                    answer = Revocation::Unknown(why);
                }
            }
        }
    }
    answer
}

enum Status {
    Good,
    Revoked(Entry),
    Unknown(String),
}

fn status(trust: &Trust, certificate: &Certificate, issuer: &Certificate, clocks: &Clocks) -> Status {
    let may_sign = issuer.extensions.key_usage.is_none_or(|usage| usage.crl_sign());
    let of_issuer: Vec<&Arc<Crl>> =
        trust.crls.iter().filter(|crl| crl.issuer_der == certificate.issuer_der).collect();
    let lists: Vec<&Arc<Crl>> =
        of_issuer.iter().filter(|crl| may_sign && trust.caches.crl_is_signed(crl, issuer)).copied().collect();
    if lists.is_empty() {
        return Status::Unknown(match (of_issuer.is_empty(), may_sign) {
            (true, _) => format!("no revocation list of {}", certificate.issuer),
            (false, false) => format!("{} may not sign revocation lists", certificate.issuer),
            (false, true) => format!("the revocation list is not signed by {}", certificate.issuer),
        });
    }
    let newest = lists.iter().filter(|crl| crl.covers(certificate)).map(|crl| crl.this_update).max();
    let entries = lists.iter().filter_map(|crl| {
        // What was on hold and is on no later list was released.
        let entry = crl.entry(certificate)?;
        let released = entry.reason == Reason::CertificateHold && Some(crl.this_update) < newest;
        (!released).then_some(*entry)
    });
    if let Some(entry) = entries.min_by_key(|e| (!e.reason.is_compromise(), e.at)) {
        return Status::Revoked(entry);
    }
    if lists.iter().any(|crl| crl.covers(certificate) && is_current(crl, certificate, clocks)) {
        return Status::Good;
    }
    Status::Unknown(if newest.is_none() {
        format!("the revocation list of {} is for other certificates", certificate.issuer)
    } else {
        format!("the revocation list of {} is out of date", certificate.issuer)
    })
}

/// Whether the list tells of the time that matters. For a proven time of signing that is this time, and any later list does too, unless the
/// certificate had expired before it was made and may have been dropped from it.
fn is_current(crl: &Crl, certificate: &Certificate, clocks: &Clocks) -> bool {
    let kept = certificate.not_after >= crl.this_update;
    let clock = clocks.now.as_ref().unwrap_or(&clocks.signing);
    if clock.has_reached(crl.this_update) {
        kept && crl.next_update.is_some_and(|next| !clock.has_passed(next))
    } else {
        kept && clocks.now.is_none()
    }
}
