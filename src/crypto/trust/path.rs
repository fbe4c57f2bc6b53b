//! Finds the best path from a certificate to a root: depth first, with bounds that a hostile bundle cannot move.

use std::collections::HashMap;
use std::sync::Arc;

use super::chain::{Chain, FaultKind, Gap, Revocation};
use super::clock::Clocks;
use super::{MAX_DEPTH, Purpose, Trust, revocation, rules};
use crate::crypto::public_key::KeyCheck;
use crate::crypto::sm3::Digest;
use crate::crypto::x509::Certificate;

/// Most certificates beside a signature that are looked at.
const MAX_BESIDE: usize = 64;
/// Most signatures that are checked for one chain.
const MAX_CHECKS: usize = 48;
/// Most certificates that are tried as issuers for one chain, again ones included.
const MAX_STEPS: usize = 512;

/// The best chain from `certificate`.
pub(super) fn search(
    trust: &Trust,
    certificate: &Certificate,
    beside: &[Arc<Certificate>],
    clocks: &Clocks,
    purpose: Purpose,
) -> Chain {
    let mut search = Search {
        trust,
        beside: &beside[..beside.len().min(MAX_BESIDE)],
        clocks,
        purpose,
        checks: HashMap::new(),
        steps: 0,
        best: None,
    };
    let mut path = vec![Arc::new(certificate.clone())];
    search.extend(&mut path);
    let fallback = || search_end(path, Gap::TooLong);
    search.best.unwrap_or_else(fallback)
}

fn search_end(certificates: Vec<Arc<Certificate>>, gap: Gap) -> Chain {
    let revocation = Revocation::Unknown(gap.to_string());
    Chain { certificates, gap: Some(gap), faults: Vec::new(), revocation }
}

struct Search<'a> {
    trust: &'a Trust,
    beside: &'a [Arc<Certificate>],
    clocks: &'a Clocks,
    purpose: Purpose,
    /// What is known of a certificate's signature by an issuer.
    checks: HashMap<(Digest, Digest), KeyCheck>,
    steps: usize,
    best: Option<Chain>,
}

impl Search<'_> {
    /// Tries every issuer of the last certificate of `path`. True once a chain without faults is found.
    fn extend(&mut self, path: &mut Vec<Arc<Certificate>>) -> bool {
        let Some(last) = path.last().cloned() else { return false };
        if self.trust.roots.iter().any(|root| root.digest == last.digest) {
            return self.reached(path);
        }
        if path.len() == MAX_DEPTH {
            return self.ends(path, Gap::TooLong, false);
        }
        let (trust, beside) = (self.trust, self.beside);
        let given = trust.roots.iter().chain(&trust.others).map(|issuer| (issuer, true));
        let candidates = given.chain(beside.iter().map(|issuer| (issuer, false)));
        let candidates = candidates.filter(|(issuer, _)| may_be_issuer(issuer, &last));
        let (mut followed, mut forged, mut unsupported, mut bounded) = (false, false, None, false);
        for (issuer, is_given) in candidates {
            // A certificate with a root's name and key stands in nobody's stead: the root itself is tried, with its restrictions.
            let is_second_root = !trust.roots.iter().any(|root| root.digest == issuer.digest)
                && trust.roots.iter().any(|root| is_same_holder(root, issuer));
            if is_second_root || path.iter().any(|c| is_same_holder(c, issuer)) {
                continue;
            }
            match self.check(&last, issuer) {
                None => bounded = true,
                Some(KeyCheck::Holds) => {
                    followed = true;
                    path.push(Arc::clone(issuer));
                    let done = self.extend(path);
                    path.pop();
                    if done {
                        return true;
                    }
                }
                // A certificate beside the signature is anyone's: that it does not fit says nothing. Nor need a root know its namesakes.
                Some(KeyCheck::Fails) => forged |= is_given && !last.is_self_issued(),
                Some(KeyCheck::Unsupported(what)) => unsupported = Some(what),
            }
        }
        if followed {
            return false;
        }
        let gap = match unsupported {
            Some(what) => Gap::Unsupported(what),
            None if bounded => Gap::TooLong,
            None if trust.roots.is_empty() => Gap::NoRoots,
            None if last.is_self_issued() => Gap::OtherRoot(last.subject.clone()),
            None => Gap::Issuer(last.issuer.clone()),
        };
        self.ends(path, gap, forged)
    }

    /// Whether `issuer` signed `certificate`; `None` when the bounds are used up.
    fn check(&mut self, certificate: &Certificate, issuer: &Certificate) -> Option<KeyCheck> {
        self.steps += 1;
        let pair = (certificate.digest, issuer.digest);
        if let Some(known) = self.checks.get(&pair) {
            return (self.steps <= MAX_STEPS).then(|| known.clone());
        }
        if self.steps > MAX_STEPS || self.checks.len() == MAX_CHECKS {
            return None;
        }
        let message = [&certificate.tbs[..]];
        let check = self.trust.check(
            &issuer.public_key,
            &certificate.algorithm,
            None,
            &message,
            &certificate.signature,
        );
        self.checks.insert(pair, check.clone());
        Some(check)
    }

    /// The path ends at a root.
    fn reached(&mut self, path: &[Arc<Certificate>]) -> bool {
        let mut faults = rules::faults(path, true, &self.clocks.signing, self.purpose);
        let revocation = revocation::revocation(self.trust, path, self.clocks, &mut faults);
        self.consider(Chain { certificates: path.to_vec(), gap: None, faults, revocation })
    }

    /// The path ends before a root.
    fn ends(&mut self, path: &[Arc<Certificate>], gap: Gap, forged: bool) -> bool {
        let mut chain = search_end(path.to_vec(), gap);
        chain.faults = rules::faults(path, false, &self.clocks.signing, self.purpose);
        if forged {
            chain.faults.push(rules::fault(path, path.len() - 1, FaultKind::Signature));
        }
        self.consider(chain)
    }

    /// Keeps the better of two chains. True if nothing better can be found.
    fn consider(&mut self, chain: Chain) -> bool {
        let rank = |c: &Chain| {
            let revocation = match c.revocation {
                Revocation::Good => 3,
                Revocation::Later { .. } => 2,
                Revocation::Unknown(_) => 1,
                Revocation::Revoked { .. } => 0,
            };
            (c.anchored(), std::cmp::Reverse(c.faults.len()), revocation, c.certificates.len())
        };
        let perfect = chain.anchored() && chain.faults.is_empty() && chain.revocation == Revocation::Good;
        if self.best.as_ref().is_none_or(|best| rank(best) < rank(&chain)) {
            self.best = Some(chain);
        }
        perfect
    }
}

/// Whether both certify the same key for the same name.
fn is_same_holder(a: &Certificate, b: &Certificate) -> bool {
    a.digest == b.digest || a.subject_der == b.subject_der && a.spki == b.spki
}

/// Whether names and key identifiers allow that `issuer` issued `certificate` (RFC 5280, 4.2.1.1, 6.1.3). Names are compared byte by byte,
/// as an issuer must write its own (4.1.2.6).
fn may_be_issuer(issuer: &Certificate, certificate: &Certificate) -> bool {
    let identifiers =
        (&certificate.extensions.authority_key_identifier, &issuer.extensions.subject_key_identifier);
    issuer.subject_der == certificate.issuer_der
        && match identifiers {
            (Some(named), Some(own)) => named == own,
            _ => true,
        }
}
