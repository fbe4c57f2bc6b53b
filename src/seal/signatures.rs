//! Signatures from a signer, none of them believed before it was checked.
//!
//! In: digests, of one document or of many. Out: an answer for each. Invariant: what hinders one digest hinders no other.

use der::DateTime;

use super::SealError;
use super::sealer::Inner;
use super::signer::{RawSignature, SignError};
use crate::crypto::sm2::{Nonce, Signature};
use crate::crypto::sm3::Digest;

/// How often a digest is offered to a signer that answers [`SignError::Retryable`].
pub(super) const ATTEMPTS: usize = 3;

impl Inner {
    /// Whether seal and certificate are valid at `time`.
    pub(super) fn check_validity(&self, time: DateTime) -> Result<(), SealError> {
        let (seal, certificate) = (&self.seal, &self.certificate);
        let spans = [
            ("seal", seal.valid_from, seal.valid_to),
            ("signer's certificate", certificate.not_before, certificate.not_after),
        ];
        match spans.into_iter().find(|&(_, from, to)| time < from || to < time) {
            None => Ok(()),
            Some((what, from, to)) => Err(SealError::NotValidAt {
                what,
                from: from.to_string(),
                to: to.to_string(),
                at: time.to_string(),
            }),
        }
    }

    /// A checked signature for each digest, or why there is none.
    pub(super) fn signatures(&self, digests: &[Digest], nonce: Nonce) -> Vec<Result<Signature, SealError>> {
        let batch = self.signer.limits().batch.max(1);
        let mut signed = Vec::with_capacity(digests.len());
        for chunk in digests.chunks(batch) {
            let mut answers = self.ask(chunk, nonce);
            for _ in 1..ATTEMPTS {
                let may_work = |(_, answer): &(usize, &_)| matches!(answer, Err(SignError::Retryable(_)));
                let again: Vec<usize> =
                    answers.iter().enumerate().filter(may_work).map(|(index, _)| index).collect();
                let digests: Vec<Digest> = again.iter().map(|index| chunk[*index]).collect();
                if digests.is_empty() {
                    break;
                }
                for (index, answer) in again.into_iter().zip(self.ask(&digests, nonce)) {
                    answers[index] = answer;
                }
            }
            let parsed = answers.into_iter().map(|answer| answer.map(|raw| Signature::from_raw(&raw.0).ok()));
            signed.extend(chunk.iter().copied().zip(parsed));
        }
        let to_check = signed.iter().filter_map(|(e, signature)| Some((*e, (*signature.as_ref().ok()?)?)));
        let mut checks = self.key.verify_digests(&to_check.collect::<Vec<_>>()).into_iter();
        let checked = signed.into_iter().map(|(_, signature)| match signature? {
            Some(signature) if checks.next() == Some(true) => Ok(signature),
            _ => Err(SealError::WrongSignature(self.certificate.subject.clone())),
        });
        checked.collect()
    }

    /// The signer's answer to each digest.
    fn ask(&self, digests: &[Digest], nonce: Nonce) -> Vec<Result<RawSignature, SignError>> {
        let answers = self.signer.sign_digests(digests, nonce);
        if answers.len() == digests.len() { answers } else { vec![Err(miscount()); digests.len()] }
    }
}

/// A signer or a timestamp authority left something out, or added to it.
pub(super) fn miscounted() -> SealError {
    miscount().into()
}

fn miscount() -> SignError {
    SignError::Fatal(
        "as many signatures were asked for as there are digests, and other than that came back".into(),
    )
}
