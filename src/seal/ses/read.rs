//! Reading a seal of either edition. They are told apart by the number of elements of SESeal: 2 in V1, 4 or 5 in V4.

use der::asn1::{Any, OctetString};
use der::{DateTime, Decode as _, Encode as _};

use super::{HEADER_ID, Picture, SesHeader, SesVersion, v1, v4};
use crate::crypto::oid;
use crate::crypto::sm2::Signature;
use crate::crypto::sm3;
use crate::crypto::x509::{Certificate, whole_bytes};
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
    /// Whether the maker signed with SM2 and SM3, the only algorithm that [`Seal::is_signed_by_maker`] can check.
    pub is_sm2: bool,
    signed: Vec<u8>,
    signature: Vec<u8>,
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
    pub fn parse(bytes: &[u8]) -> Result<Seal, SealError> {
        match Vec::<Any>::from_der(bytes)?.len() {
            2 => Seal::parse_v1(bytes),
            4 | 5 => Seal::parse_v4(bytes),
            n => Err(SealError::NotASeal(format!("SESeal with {n} elements"))),
        }
    }

    fn parse_v1(bytes: &[u8]) -> Result<Seal, SealError> {
        let seal = v1::SeSeal::from_der(bytes)?;
        let info: v1::SesSealInfo = seal.eseal_info.decode_as()?;
        check(&info.header)?;
        let maker_certificate = seal.sign_info.cert.into_bytes().into_vec();
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
            is_sm2: seal.sign_info.signature_algorithm == oid::SM2_WITH_SM3,
            signed: v1::signed_part(&seal.eseal_info, &maker_certificate)?,
            maker_certificate,
            signature: whole_bytes(seal.sign_info.sign_data.as_bytes())?.to_vec(),
        })
    }

    fn parse_v4(bytes: &[u8]) -> Result<Seal, SealError> {
        let seal = v4::SeSeal::from_der(bytes)?;
        let info: v4::SesSealInfo = seal.eseal_info.decode_as()?;
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
            maker_certificate: seal.cert.into_bytes().into_vec(),
            is_sm2: seal.sign_alg_id == oid::SM2_WITH_SM3,
            signed: seal.eseal_info.to_der()?,
            signature: whole_bytes(seal.signed_value.as_bytes())?.to_vec(),
        })
    }

    /// Whether the maker's certificate is an SM2 certificate and its key signed the seal.
    pub fn is_signed_by_maker(&self) -> bool {
        let maker = Certificate::parse(&self.maker_certificate);
        let signature = Signature::from_der(&self.signature);
        self.is_sm2
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
