//! What a signed value says: SES_Signature, CMS, or a timestamp. Read, not checked.

use super::{Seal, SignedValue};
use crate::crypto::cms::{SignedData, SignerInfo};
use crate::crypto::oid;
use crate::crypto::timestamp::TimeStampToken;
use crate::crypto::x509::{Certificate, Holder};
use crate::seal::SealSignature;

/// The most bytes of a signed value that are looked into, as in verification.
const MOST: usize = 4 << 20;

/// Reads a signed value. What follows a DER value and is nothing but zeros fills a place in a PDF up.
pub(super) fn read(bytes: &[u8]) -> Result<SignedValue, String> {
    if bytes.len() > MOST {
        return Err(format!("a signed value of more than {MOST} bytes"));
    }
    let der = SignedData::without_padding(bytes).map_err(|e| format!("the signed value: {e}"))?;
    if let Ok(seal) = SealSignature::parse(der) {
        return Ok(of_seal(&seal));
    }
    let cms = SignedData::parse(der).map_err(|e| format!("the signed value: {e}"))?;
    if cms.content_type == oid::TST_INFO {
        let token = TimeStampToken::parse(der).map_err(|e| format!("the signed value: {e}"))?;
        let time = Some(token.gen_time.to_string());
        return Ok(SignedValue { form: "RFC 3161".to_owned(), time, ..of_cms(&cms) });
    }
    Ok(of_cms(&cms))
}

fn of_seal(value: &SealSignature) -> SignedValue {
    let seal = &value.seal;
    SignedValue {
        form: format!("SES_Signature, {}", seal.standard()),
        algorithm: algorithm(&value.algorithm),
        signer: Certificate::parse(&value.certificate).ok().as_ref().map(Holder::from),
        time: value.time.map(|time| time.to_string()),
        timestamp: value.time_stamp.as_deref().and_then(stamped),
        seal: Some(Seal {
            name: seal.name.clone(),
            id: seal.id.clone(),
            valid_from: seal.valid_from.to_string(),
            valid_to: seal.valid_to.to_string(),
            picture: (&seal.picture).into(),
            bytes: seal.der.len(),
        }),
    }
}

fn of_cms(cms: &SignedData) -> SignedValue {
    let signer = cms.signers.first();
    let holder =
        |signer: &SignerInfo| cms.certificates.iter().find(|certificate| signer.id.names(certificate));
    SignedValue {
        form: if cms.is_gm { "CMS, GB/T 35275-2017" } else { "CMS, RFC 5652" }.to_owned(),
        algorithm: signer.map(|signer| algorithm(&signer.signature_algorithm.oid)).unwrap_or_default(),
        signer: signer.and_then(holder).map(|certificate| Holder::from(certificate.as_ref())),
        time: signer.and_then(|signer| Some(signer.signed.as_ref()?.signing_time?.to_string())),
        timestamp: signer.and_then(|signer| stamped(signer.timestamp_tokens.first()?)),
        seal: None,
    }
}

/// The time that a token tells.
fn stamped(token: &[u8]) -> Option<String> {
    TimeStampToken::parse(token).ok().map(|token| token.gen_time.to_string())
}

/// The name of a signature's algorithm, else its object identifier.
pub(super) fn algorithm(algorithm: &der::oid::ObjectIdentifier) -> String {
    let known = [
        (oid::SM2_WITH_SM3, "SM2 with SM3"),
        (oid::SM2_SIGN, "SM2"),
        (oid::RSA, "RSA"),
        (oid::RSA_PSS, "RSASSA-PSS"),
        (oid::RSA_WITH_SHA256, "RSA with SHA-256"),
        (oid::RSA_WITH_SHA384, "RSA with SHA-384"),
        (oid::RSA_WITH_SHA512, "RSA with SHA-512"),
        (oid::ECDSA_WITH_SHA256, "ECDSA with SHA-256"),
        (oid::ECDSA_WITH_SHA384, "ECDSA with SHA-384"),
        (oid::ECDSA_WITH_SHA512, "ECDSA with SHA-512"),
    ];
    let name = known.iter().find(|(known, _)| known == algorithm);
    name.map_or_else(|| algorithm.to_string(), |(_, name)| (*name).to_owned())
}
