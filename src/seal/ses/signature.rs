//! Reading a SES_Signature of either edition. They are told apart by the number of its elements: 2 in V1, 4 or 5 in V4.
//!
//! In: a signed value. Out: [`SealSignature`]. Invariant: what the signer signed is kept as the bytes that were read.

use der::asn1::{GeneralizedTime, Ia5StringRef, ObjectIdentifier, OctetStringRef, UtcTime};
use der::{DateTime, Decode as _};

use super::signed_bytes::{bits, elements, explicit_bits};
use super::{Seal, SesVersion};
use crate::seal::SealError;

/// What a seal's signature over one document says, in either edition.
#[derive(Clone, Debug)]
pub struct SealSignature {
    /// The edition of its structure.
    pub version: SesVersion,
    /// The version that TBS_Sign states.
    pub stated_version: u32,
    /// The seal, with its picture.
    pub seal: Seal,
    /// When it was signed, as the signer claims; `None` where V1's free field holds something else than a time.
    pub time: Option<DateTime>,
    /// What the signature is over: in an OFD the digest of Signature.xml.
    pub data_hash: Vec<u8>,
    /// What was hashed: in an OFD the path of Signature.xml.
    pub property_info: String,
    /// The signer's certificate, DER.
    pub certificate: Vec<u8>,
    /// The algorithm that it names.
    pub algorithm: ObjectIdentifier,
    /// What was signed, TBS_Sign as it was read.
    pub signed: Vec<u8>,
    /// The signature as it stands there.
    pub signature: Vec<u8>,
    /// The timestamp over the signature, a DER TimeStampToken, if there is one.
    pub time_stamp: Option<Vec<u8>>,
}

impl SealSignature {
    /// Reads a DER SES_Signature; anything after it is refused.
    ///
    /// # Errors
    /// It is not one, or the seal in it is none.
    pub fn parse(bytes: &[u8]) -> Result<SealSignature, SealError> {
        match elements(bytes)?[..] {
            [to_sign, signature] => SealSignature::parse_v1(to_sign, signature),
            [to_sign, certificate, algorithm, signature] => {
                SealSignature::parse_v4(to_sign, [certificate, algorithm], signature)
            }
            [to_sign, certificate, algorithm, signature, time_stamp] => Ok(SealSignature {
                time_stamp: Some(explicit_bits(time_stamp)?),
                ..SealSignature::parse_v4(to_sign, [certificate, algorithm], signature)?
            }),
            ref other => Err(SealError::NotASeal(format!("SES_Signature with {} elements", other.len()))),
        }
    }

    fn parse_v1(to_sign: &[u8], signature: &[u8]) -> Result<SealSignature, SealError> {
        let [stated, seal, time, data_hash, property_info, certificate, algorithm] = elements(to_sign)?[..]
        else {
            return Err(SealError::NotASeal("TBS_Sign without the seven elements of V1".into()));
        };
        let time = UtcTime::from_der(bits(time)?).map(|t| t.to_date_time()).ok();
        let rest = [data_hash, property_info, certificate, algorithm];
        SealSignature::join(SesVersion::V1, [stated, seal], time, rest, to_sign, signature)
    }

    fn parse_v4(
        to_sign: &[u8],
        [certificate, algorithm]: [&[u8]; 2],
        signature: &[u8],
    ) -> Result<SealSignature, SealError> {
        // [version, eseal, timeInfo, dataHash, propertyInfo, extDatas?]
        let ([stated, seal, time, data_hash, property_info]
        | [stated, seal, time, data_hash, property_info, _]) = elements(to_sign)?[..]
        else {
            return Err(SealError::NotASeal("TBS_Sign without the five or six elements of V4".into()));
        };
        let time = Some(GeneralizedTime::from_der(time)?.to_date_time());
        let rest = [data_hash, property_info, certificate, algorithm];
        SealSignature::join(SesVersion::V4, [stated, seal], time, rest, to_sign, signature)
    }

    fn join(
        version: SesVersion,
        [stated, seal]: [&[u8]; 2],
        time: Option<DateTime>,
        [data_hash, property_info, certificate, algorithm]: [&[u8]; 4],
        to_sign: &[u8],
        signature: &[u8],
    ) -> Result<SealSignature, SealError> {
        Ok(SealSignature {
            version,
            stated_version: u32::from_der(stated)?,
            seal: Seal::parse(seal)?,
            time,
            data_hash: bits(data_hash)?.to_vec(),
            property_info: Ia5StringRef::from_der(property_info)?.as_str().to_owned(),
            certificate: <&OctetStringRef>::from_der(certificate)?.as_bytes().to_vec(),
            algorithm: ObjectIdentifier::from_der(algorithm)?,
            signed: to_sign.to_vec(),
            signature: bits(signature)?.to_vec(),
            time_stamp: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::SesSigner;
    use super::*;
    use crate::crypto::oid;
    use crate::crypto::sm2::{Nonce, Signature, SigningKey};
    use crate::crypto::sm3;
    use crate::crypto::x509::{Certificate, NewCertificate, Role};
    use crate::seal::ses::{Picture, SealContent, make_seal};

    /// A document's signature in `version`, by a key that the seal allows.
    fn signature(version: SesVersion) -> Vec<u8> {
        let key = SigningKey::from_bytes(&[7; 32]).unwrap();
        let at = |year| DateTime::new(year, 1, 1, 0, 0, 0).unwrap();
        let new = NewCertificate {
            subject: ("样例单位", "签章人"),
            key: key.verifying_key(),
            role: Role::Signer,
            validity: (at(2026), at(2030)),
        };
        let certificate = new.self_signed(&key, Nonce::Deterministic).unwrap();
        let picture =
            Picture { format: "png".into(), data: b"no picture".to_vec(), width_mm: 42, height_mm: 42 };
        let content = SealContent {
            id: "1",
            name: "样例印章",
            signers: &[&certificate],
            created: at(2026),
            valid: (at(2026), at(2030)),
            picture: &picture,
        };
        let seal = make_seal(version, &content, &certificate, &key, Nonce::Deterministic).unwrap();
        let seal = Seal::parse(&seal).unwrap();
        let signer = SesSigner::new(&seal, &certificate, key.verifying_key());
        let to_sign = signer.to_sign(at(2027), &sm3::digest(b"abc"), "/a.xml").unwrap();
        let signature = key.sign_digest(&signer.digest(&to_sign), Nonce::Deterministic).unwrap();
        signer.finish(&to_sign, &signature.to_der(), None).unwrap()
    }

    /// Whether the key of the certificate that it carries signed what was read.
    fn is_signed(read: &SealSignature) -> bool {
        let certificate = Certificate::parse(&read.certificate);
        let signature = Signature::from_der(&read.signature);
        read.algorithm == oid::SM2_WITH_SM3
            && certificate.is_ok_and(|c| {
                signature.is_ok_and(|s| c.sm2_key().is_ok_and(|key| key.verify(&read.signed, &s)))
            })
    }

    #[test]
    fn either_edition_is_read_and_checked_over_the_bytes_as_they_are() {
        for version in [SesVersion::V1, SesVersion::V4] {
            let read = SealSignature::parse(&signature(version)).unwrap();
            assert_eq!((read.version, read.property_info.as_str()), (version, "/a.xml"));
            assert_eq!(
                (read.data_hash.as_slice(), read.seal.name.as_str()),
                (&sm3::digest(b"abc")[..], "样例印章")
            );
            assert_eq!(read.time.map(|t| t.year()), Some(2027));
            assert!(is_signed(&read));
        }
    }

    #[test]
    fn a_changed_byte_is_refused_or_found_and_never_panics() {
        for version in [SesVersion::V1, SesVersion::V4] {
            let whole = signature(version);
            assert!(SealSignature::parse(&[&whole[..], b"0"].concat()).is_err(), "a byte after it");
            for at in (0..whole.len()).step_by(7) {
                assert!(SealSignature::parse(&whole[..at]).is_err());
                let mut twin = whole.clone();
                twin[at] ^= 1;
                if let Ok(read) = SealSignature::parse(&twin) {
                    // V4 does not sign the certificate; the seal's list of signers holds it.
                    let holds = is_signed(&read) && read.seal.allows(&read.certificate);
                    assert!(!holds, "byte {at} of {version:?}");
                }
            }
        }
    }
}
