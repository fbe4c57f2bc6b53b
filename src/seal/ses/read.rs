//! Reading a seal of either edition. They are told apart by the number of elements of SESeal: 2 in V1, 4 or 5 in V4.
//!
//! In: a SESeal. Out: [`Seal`]. Invariant: what the maker signed is made of the bytes that were read.

use der::asn1::{ObjectIdentifier, OctetString, OctetStringRef};
use der::{DateTime, Decode as _};

use super::signed_bytes::{self, bits, elements, explicit_bits};
use super::{HEADER_ID, Picture, SesHeader, SesVersion, v1, v4};
use crate::crypto::oid;
use crate::crypto::sm2::Signature;
use crate::crypto::sm3;
use crate::crypto::x509::Certificate;
use crate::seal::SealError;

/// What a seal says, in either edition.
#[derive(Clone, Debug)]
pub struct Seal {
    /// The seal as it was read: DER SESeal.
    pub der: Vec<u8>,
    /// The edition of its structure.
    pub version: SesVersion,
    /// The version its header states; 5 in seals of GM/T 0031-2025.
    pub header_version: u32,
    /// Who made the program that made it.
    pub vendor: String,
    /// esID.
    pub id: String,
    /// The seal's name.
    pub name: String,
    /// The type number its maker gave it; 1 for a unit's, 2 for a person's in V1.
    pub kind: u32,
    /// Who may use it.
    pub signers: SignerList,
    /// When it was made.
    pub created: DateTime,
    /// First moment of validity.
    pub valid_from: DateTime,
    /// Last moment of validity.
    pub valid_to: DateTime,
    /// The picture.
    pub picture: Picture,
    /// The seal maker's certificate, DER.
    pub maker_certificate: Vec<u8>,
    /// How the maker signed.
    pub algorithm: ObjectIdentifier,
    /// What the maker signed, as it was read.
    pub signed: Vec<u8>,
    /// The maker's signature as it stands there.
    pub signature: Vec<u8>,
    /// The timestamp on the seal, which editions after 2020 may have: a DER TimeStampToken.
    pub time_stamp: Option<Vec<u8>>,
}

/// Who may use a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignerList {
    /// The holders of these DER certificates.
    Certificates(Vec<Vec<u8>>),
    /// The holders of certificates with these digests, by SM3 unless the type says another algorithm.
    Digests(Vec<(String, Vec<u8>)>),
}

impl Seal {
    /// Reads a DER SESeal; anything after it is refused.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(bytes: &[u8]) -> Result<Seal, SealError> {
        match elements(bytes)?[..] {
            [info, sign_info] => Seal::parse_v1(bytes, info, sign_info),
            [info, certificate, algorithm, signature] => {
                Seal::parse_v4(bytes, info, [certificate, algorithm, signature], None)
            }
            [info, certificate, algorithm, signature, time_stamp] => {
                Seal::parse_v4(bytes, info, [certificate, algorithm, signature], Some(time_stamp))
            }
            ref other => Err(SealError::NotASeal(format!("SESeal with {} elements", other.len()))),
        }
    }

    fn parse_v1(bytes: &[u8], info: &[u8], sign_info: &[u8]) -> Result<Seal, SealError> {
        let [certificate, algorithm, signature] = elements(sign_info)?[..] else {
            return Err(SealError::NotASeal("SES_SignInfo without the three elements of V1".into()));
        };
        let signed = signed_bytes::sequence(&[info, certificate, algorithm])?;
        let info = v1::SesSealInfo::from_der(info)?;
        check(&info.header)?;
        Ok(Seal {
            der: bytes.to_vec(),
            version: SesVersion::V1,
            header_version: info.header.version,
            vendor: info.header.vid.to_string(),
            id: info.es_id.to_string(),
            name: info.property.name,
            kind: info.property.r#type,
            signers: SignerList::Certificates(contents(info.property.cert_list)),
            created: info.property.create_date.to_date_time(),
            valid_from: info.property.valid_start.to_date_time(),
            valid_to: info.property.valid_end.to_date_time(),
            picture: info.picture.into(),
            maker_certificate: <&OctetStringRef>::from_der(certificate)?.as_bytes().to_vec(),
            algorithm: ObjectIdentifier::from_der(algorithm)?,
            signed,
            signature: bits(signature)?.to_vec(),
            time_stamp: None,
        })
    }

    fn parse_v4(
        bytes: &[u8],
        signed: &[u8],
        [certificate, algorithm, signature]: [&[u8]; 3],
        time_stamp: Option<&[u8]>,
    ) -> Result<Seal, SealError> {
        let info = v4::SesSealInfo::from_der(signed)?;
        check(&info.header)?;
        let property = info.property;
        let signers = match property.cert_list_type {
            v4::CERTIFICATES => {
                SignerList::Certificates(contents(property.cert_list.decode_as::<Vec<OctetString>>()?))
            }
            v4::DIGESTS => {
                let digests = property.cert_list.decode_as::<Vec<v4::CertDigestObj>>()?;
                let digests =
                    digests.into_iter().map(|d| (d.r#type.to_string(), d.value.into_bytes().into_vec()));
                SignerList::Digests(digests.collect())
            }
            other => return Err(SealError::NotASeal(format!("certListType {other}"))),
        };
        Ok(Seal {
            der: bytes.to_vec(),
            version: SesVersion::V4,
            header_version: info.header.version,
            vendor: info.header.vid.to_string(),
            id: info.es_id.to_string(),
            name: property.name,
            kind: property.r#type,
            signers,
            created: property.create_date.to_date_time(),
            valid_from: property.valid_start.to_date_time(),
            valid_to: property.valid_end.to_date_time(),
            picture: info.picture.into(),
            maker_certificate: <&OctetStringRef>::from_der(certificate)?.as_bytes().to_vec(),
            algorithm: ObjectIdentifier::from_der(algorithm)?,
            signed: signed.to_vec(),
            signature: bits(signature)?.to_vec(),
            time_stamp: time_stamp.map(explicit_bits).transpose()?,
        })
    }

    /// The standard of its structure.
    pub fn standard(&self) -> &'static str {
        match (self.version, self.header_version) {
            (SesVersion::V1, _) => "GM/T 0031-2014",
            (SesVersion::V4, 5) => "GM/T 0031-2025",
            (SesVersion::V4, _) => "GB/T 38540-2020",
        }
    }

    /// Whether the maker signed with SM2 and SM3, the only algorithm that [`Seal::is_signed_by_maker`] can check.
    pub fn is_sm2(&self) -> bool {
        self.algorithm == oid::SM2_WITH_SM3
    }

    /// Whether the maker's certificate is an SM2 certificate and its key signed the seal.
    pub fn is_signed_by_maker(&self) -> bool {
        let maker = Certificate::parse(&self.maker_certificate);
        let signature = Signature::from_der(&self.signature);
        self.is_sm2()
            && maker.is_ok_and(|maker| {
                signature.is_ok_and(|s| maker.sm2_key().is_ok_and(|key| key.verify(&self.signed, &s)))
            })
    }

    /// Whether the holder of the DER `certificate` may use the seal.
    pub fn allows(&self, certificate: &[u8]) -> bool {
        match &self.signers {
            SignerList::Certificates(list) => list.iter().any(|c| c == certificate),
            SignerList::Digests(list) => {
                let digest = sm3::digest(certificate);
                list.iter().any(|(_, d)| d.as_slice() == digest)
            }
        }
    }
}

fn check(header: &SesHeader) -> Result<(), SealError> {
    if header.id.as_str() == HEADER_ID {
        Ok(())
    } else {
        Err(SealError::NotASeal(format!("header ID {}", header.id)))
    }
}

fn contents(list: Vec<OctetString>) -> Vec<Vec<u8>> {
    list.into_iter().map(|c| c.into_bytes().into_vec()).collect()
}
