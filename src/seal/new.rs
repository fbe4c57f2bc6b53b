//! New test seals: a hierarchy of keys, a picture, and the seal's data that bind them.

use std::path::Path;

use super::SealError;
use super::artwork::{self, Design, write_svg};
use super::moment;
use super::ses::{self, Picture, SealContent, SesVersion};
use super::store::{Authority, SealFolder};
use crate::crypto::sm2::{Nonce, SigningKey};
use crate::crypto::sm3;
use crate::crypto::x509::{self, Certificate, NewCertificate, Role};
use crate::page::{SealArtwork, Timestamp};
use crate::text::Fonts;
use crate::unit::Length;

/// A test seal to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSeal {
    /// What it says, and how large it is.
    pub design: Design,
    /// First moment of validity of seal and certificates.
    pub valid_from: Timestamp,
    /// Last moment of validity of seal and certificates.
    pub valid_to: Timestamp,
    /// The edition of the seal's data.
    pub version: SesVersion,
    /// A PNG with opacity, used as it is instead of a drawing; `design.diameter` is its width.
    pub picture: Option<Vec<u8>>,
}

impl NewSeal {
    /// A seal of `unit`, 42 mm across, with 证书专用章 below the star, valid for ten years from `from`.
    pub fn new(unit: impl Into<String>, from: Timestamp) -> NewSeal {
        const TEN_YEARS: i64 = 3652 * 86_400;
        NewSeal {
            design: Design {
                unit: unit.into(),
                caption: "证书专用章".into(),
                code: String::new(),
                mark: artwork::TestMark::default(),
                diameter: Length::mm(42.0),
            },
            valid_from: from,
            valid_to: Timestamp { seconds: from.seconds + TEN_YEARS },
            version: SesVersion::default(),
            picture: None,
        }
    }
}

/// Makes a test seal in the new folder `dir`: keys of a root, a seal maker (制章人) and a signer (签章人) with their certificates, the
/// picture, the seal's data signed by the maker, and an authority for test timestamps. The folder then holds `seal.esl`, `root.crt`,
/// `root.crl`, `maker.crt`, `signer.crt`, `tsa.crt`, `signer.key` and `tsa.key` (encrypted under `password`), `seal.png` and, if it was
/// drawn, `seal.svg`. The keys of root and maker are written nowhere.
pub fn create(new: &NewSeal, fonts: &Fonts, dir: &Path, password: &str) -> Result<(), SealError> {
    let artwork = match &new.picture {
        Some(png) => artwork::from_png(png, new.design.diameter)?,
        None => new.design.draw(fonts)?,
    };
    let keys = Keys {
        root: SigningKey::generate()?,
        maker: SigningKey::generate()?,
        signer: SigningKey::generate()?,
        tsa: SigningKey::generate()?,
    };
    let (folder, authority) = new.make(artwork, keys, Nonce::Hedged)?;
    folder.write(&authority, dir, password)
}

/// The keys of a test hierarchy.
pub(super) struct Keys {
    pub(super) root: SigningKey,
    pub(super) maker: SigningKey,
    pub(super) signer: SigningKey,
    pub(super) tsa: SigningKey,
}

impl NewSeal {
    /// Issues the certificates and signs the seal.
    pub(super) fn make(
        &self,
        artwork: SealArtwork,
        keys: Keys,
        nonce: Nonce,
    ) -> Result<(SealFolder, Authority), SealError> {
        let unit = &self.design.unit;
        let valid = (moment::to_der(self.valid_from)?, moment::to_der(self.valid_to)?);
        let new_certificate =
            |subject, key| NewCertificate { subject, key, role: Role::Signer, validity: valid };
        let root = NewCertificate {
            role: Role::Authority,
            ..new_certificate((unit, "certpress 测试根证书"), keys.root.verifying_key())
        }
        .self_signed(&keys.root, nonce)?;
        let issuer = Certificate::parse(&root)?;
        let maker = new_certificate((unit, "certpress 测试制章人"), keys.maker.verifying_key())
            .issued_by(&issuer, &keys.root, nonce)?;
        let signer = new_certificate((unit, unit), keys.signer.verifying_key())
            .issued_by(&issuer, &keys.root, nonce)?;

        let tsa = NewCertificate {
            role: Role::TimeStamping,
            ..new_certificate((unit, "certpress 测试时间戳"), keys.tsa.verifying_key())
        }
        .issued_by(&issuer, &keys.root, nonce)?;
        let crl = x509::empty_crl(&issuer, &keys.root, valid, nonce)?;

        let whole_mm = |l: Length| l.to_mm().round() as u32;
        let picture = Picture {
            format: "png".into(),
            data: artwork.png.data.to_vec(),
            width_mm: whole_mm(artwork.size.width),
            height_mm: whole_mm(artwork.size.height),
        };
        let digest = sm3::digest(&signer);
        let id: String = digest[..7].iter().map(|b| format!("{b:02X}")).collect();
        let content = SealContent {
            id: &id,
            name: &self.name(),
            signers: &[&signer],
            created: valid.0,
            valid,
            picture: &picture,
        };
        let esl = ses::make_seal(self.version, &content, &maker, &keys.maker, nonce)?;
        let svg = (!artwork.items.is_empty()).then(|| write_svg(artwork.size, &artwork.items));
        let folder = SealFolder { esl, root, signer, key: keys.signer, svg, artwork };
        Ok((folder, Authority { certificate: tsa, key: keys.tsa, crl }))
    }

    /// The unit, what the seal is for, and that it is for tests.
    fn name(&self) -> String {
        let Design { unit, caption, mark, .. } = &self.design;
        if self.design.is_marked_by_caption() {
            format!("{unit}{caption}")
        } else {
            format!("{unit}{caption}（{}）", mark.word())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_merely_holds_a_marks_word_is_marked_too() {
        let new = NewSeal::new("某省软件测试中心", Timestamp { seconds: 0 });
        assert_eq!(new.name(), "某省软件测试中心证书专用章（测试）");
    }
}
