//! SES_Signature: what a signer with a seal signs for one document, and the whole once the signature is there.
//!
//! In: the seal, then for each document its hash and a name. Out: e, then SES_Signature in DER.

use std::sync::OnceLock;

use der::DateTime;

use super::{Seal, SesVersion, v1, v4};
use crate::crypto::sm2::VerifyingKey;
use crate::crypto::sm3::{Digest, Sm3};

/// A seal with the certificate that uses it.
#[derive(Debug)]
pub(in crate::seal) struct SesSigner {
    version: SesVersion,
    seal: Vec<u8>,
    certificate: Vec<u8>,
    key: VerifyingKey,
    /// ZA and the start of TBS_Sign, which hold the seal, digested by the first document and reused by all of the same length.
    start: OnceLock<Start>,
}

/// The digested start of TBS_Sign.
#[derive(Debug)]
struct Start {
    /// Tag, length and version: what may differ between documents.
    head: Vec<u8>,
    /// After ZA, `head` and the seal.
    state: Sm3,
}

/// A document's DER TBS_Sign.
#[derive(Debug)]
pub(in crate::seal) struct ToSign(Vec<u8>);

impl SesSigner {
    pub(in crate::seal) fn new(seal: &Seal, certificate: &[u8], key: &VerifyingKey) -> SesSigner {
        SesSigner {
            version: seal.version,
            seal: seal.der.clone(),
            certificate: certificate.to_vec(),
            key: key.clone(),
            start: OnceLock::new(),
        }
    }

    /// What is signed for a document with `data_hash`, named `property_info`.
    pub(in crate::seal) fn to_sign(
        &self,
        time: DateTime,
        data_hash: &Digest,
        property_info: &str,
    ) -> Result<ToSign, der::Error> {
        match self.version {
            SesVersion::V1 => v1::to_sign(&self.seal, time, data_hash, property_info, &self.certificate),
            SesVersion::V4 => v4::to_sign(&self.seal, time, data_hash, property_info),
        }
        .map(ToSign)
    }

    /// e of what is signed.
    pub(in crate::seal) fn digest(&self, ToSign(bytes): &ToSign) -> Digest {
        // TBS_Sign opens with a tag and a length, then version, an INTEGER of three bytes.
        let head = header_len(bytes) + 3;
        let body = head + self.seal.len();
        let start = self.start.get_or_init(|| {
            let mut state = self.key.hasher();
            state.update(&bytes[..body]);
            Start { head: bytes[..head].to_vec(), state }
        });
        if start.head != bytes[..head] {
            return self.key.digest(bytes);
        }
        let mut state = start.state.clone();
        state.update(&bytes[body..]);
        state.finish()
    }

    /// Whether its SES_Signature has a place for a timestamp.
    pub(in crate::seal) fn takes_timestamp(&self) -> bool {
        self.version == SesVersion::V4
    }

    /// The DER SES_Signature. `signature` is DER, and so is the `timestamp` of it, if there is a place for one.
    pub(in crate::seal) fn finish(
        &self,
        ToSign(bytes): &ToSign,
        signature: &[u8],
        timestamp: Option<&[u8]>,
    ) -> Result<Vec<u8>, der::Error> {
        match self.version {
            SesVersion::V1 => v1::signed(bytes, signature),
            SesVersion::V4 => v4::signed(bytes, &self.certificate, signature, timestamp),
        }
    }
}

/// The bytes of tag and length that open the DER value `der`.
fn header_len(der: &[u8]) -> usize {
    match der.get(1) {
        Some(&long) if long >= 0x80 => 2 + usize::from(long & 0x7f),
        _ => 2,
    }
}
