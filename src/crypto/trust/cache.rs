//! What was judged before: chains, parsed certificates, tables of keys, SM2 signatures, signatures of revocation lists.
//!
//! Invariant: everything is bounded in number and size, and nothing is computed while a lock is held.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::beginnings::Beginnings;
use super::clock::Clocks;
use super::{Chain, Purpose};
use crate::crypto::crl::Crl;
use crate::crypto::sm2::{FastVerifyingKey, Signature, VerifyingKey};
use crate::crypto::sm3::{self, Digest, Sm3};
use crate::crypto::x509::{Certificate, X509Error};

/// Most certificates that are kept.
const CERTIFICATES: usize = 1024;
/// Largest certificate that is kept, in bytes; hostile ones may be megabytes.
const CERTIFICATE_SIZE: usize = 8 << 10;
/// Most questions whose chains are kept.
const CHAINS: usize = 1024;
/// Most spans of time that are kept for one question.
const SPANS: usize = 8;
/// Most keys whose use is counted.
const KEYS: usize = 1024;
/// Most tables, some 100 kB each.
const TABLES: usize = 32;
/// Most signatures that are kept: those of seal makers come again with every document.
const SIGNATURES: usize = 1024;
/// Checks by a key before its table is worth making: one costs as much as ten checks.
const USES: u32 = 8;

/// All caches of one [`Trust`](super::Trust).
#[derive(Default)]
pub(super) struct Caches {
    certificates: Mutex<HashMap<Digest, Arc<Certificate>>>,
    chains: Mutex<HashMap<Digest, Vec<Judged>>>,
    keys: Mutex<HashMap<Digest, Uses>>,
    signatures: Mutex<HashMap<Signed, bool>>,
    pub(super) beginnings: Beginnings,
    crls: Mutex<HashMap<(Digest, Digest), bool>>,
}

/// ZA, e, r ‖ s: all that an SM2 signature is checked by.
type Signed = (Digest, Digest, [u8; 64]);

/// A chain, and the clocks that saw its rules.
type Judged = (Clocks, Arc<Chain>);

/// How often a key was used.
#[derive(Default)]
struct Uses {
    count: u32,
    table: Option<Arc<FastVerifyingKey>>,
}

/// A poisoned map is as good as before: it is changed by whole entries.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes room for one more. What is used often is soon there again.
fn make_room<K: Eq + Hash, V>(map: &mut HashMap<K, V>, limit: usize) {
    if map.len() >= limit {
        map.clear();
    }
}

/// The name of a question but for its times.
pub(super) fn chain_key(
    certificate: &Certificate,
    beside: &[Arc<Certificate>],
    purpose: Purpose,
    clocks: &Clocks,
) -> Digest {
    let mut state = Sm3::new();
    state.update(&[purpose as u8, u8::from(clocks.now.is_some())]);
    state.update(&certificate.digest);
    beside.iter().for_each(|certificate| state.update(&certificate.digest));
    state.finish()
}

impl Caches {
    /// Parses `der`, or finds it.
    pub(super) fn certificate(&self, der: &[u8]) -> Result<Arc<Certificate>, X509Error> {
        if der.len() > CERTIFICATE_SIZE {
            return Certificate::parse(der).map(Arc::new);
        }
        let digest = sm3::digest(der);
        if let Some(known) = lock(&self.certificates).get(&digest) {
            return Ok(Arc::clone(known));
        }
        let certificate = Arc::new(Certificate::parse(der)?);
        let mut map = lock(&self.certificates);
        make_room(&mut map, CERTIFICATES);
        map.insert(digest, Arc::clone(&certificate));
        Ok(certificate)
    }

    /// The chain that was found for the same question at times that give the same answer.
    pub(super) fn chain(&self, key: &Digest, clocks: &Clocks) -> Option<Arc<Chain>> {
        let map = lock(&self.chains);
        let (_, chain) = map.get(key)?.iter().find(|(known, _)| known.include(clocks))?;
        Some(Arc::clone(chain))
    }

    /// Keeps a chain with the clocks that saw its rules.
    pub(super) fn keep(&self, key: Digest, clocks: Clocks, chain: &Arc<Chain>) {
        if chain.certificates.iter().any(|c| c.der.len() > CERTIFICATE_SIZE) {
            return;
        }
        let mut map = lock(&self.chains);
        if !map.contains_key(&key) {
            make_room(&mut map, CHAINS);
        }
        let spans = map.entry(key).or_default();
        if spans.len() == SPANS {
            spans.clear();
        }
        spans.push((clocks, Arc::clone(chain)));
    }

    /// Whether `signature` by `key` holds over `message`, in pieces.
    pub(super) fn is_signed(&self, key: &VerifyingKey, message: &[&[u8]], signature: &Signature) -> bool {
        let all: Vec<&[u8]> = std::iter::once(key.za().as_slice()).chain(message.iter().copied()).collect();
        let e = self.beginnings.digest(&all);
        let signed = (*key.za(), e, signature.to_raw());
        if let Some(&known) = lock(&self.signatures).get(&signed) {
            return known;
        }
        let holds = match self.table(key) {
            Some(table) => table.verify_digest(&e, signature),
            None => key.verify_digest(&e, signature),
        };
        let mut map = lock(&self.signatures);
        make_room(&mut map, SIGNATURES);
        map.insert(signed, holds);
        holds
    }

    /// The table of a key that was used often enough.
    fn table(&self, key: &VerifyingKey) -> Option<Arc<FastVerifyingKey>> {
        {
            let mut map = lock(&self.keys);
            if !map.contains_key(key.za()) {
                make_room(&mut map, KEYS);
            }
            let uses = map.entry(*key.za()).or_default();
            uses.count = uses.count.saturating_add(1);
            // One thread makes the table; the others go on without until it is there.
            if uses.table.is_some() || uses.count != USES {
                return uses.table.clone();
            }
        }
        let table = Arc::new(FastVerifyingKey::new(key));
        let mut map = lock(&self.keys);
        if map.values().filter(|uses| uses.table.is_some()).count() >= TABLES {
            map.clear();
        }
        map.entry(*key.za()).or_default().table = Some(Arc::clone(&table));
        Some(table)
    }

    /// Whether `issuer`'s key signed `crl`. Lists come from the caller: their number needs no bound but that of issuers' certificates.
    pub(super) fn crl_is_signed(&self, crl: &Crl, issuer: &Certificate) -> bool {
        let pair = (crl.digest, issuer.digest);
        if let Some(&known) = lock(&self.crls).get(&pair) {
            return known;
        }
        let signed = crl.is_signed_by(&issuer.public_key).holds();
        let mut map = lock(&self.crls);
        make_room(&mut map, CHAINS);
        map.insert(pair, signed);
        signed
    }
}
