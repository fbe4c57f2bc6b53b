//! The demonstration seal: keys that everyone knows, certificates and data made of them in code, a picture that says 测试.
//!
//! Invariant: it is the same on every machine and every run, and nothing about it can be mistaken for a real seal.

use std::path::Path;

use super::SealError;
use super::artwork::{self, Design, TestMark};
use super::new::{Keys, NewSeal};
use super::ses::SesVersion;
use super::store::{Authority, SealFolder};
use crate::crypto::sm2::{Nonce, SigningKey, Sm2Error};
use crate::crypto::sm3;
use crate::page::Timestamp;
use crate::unit::Length;

/// The drawing of [`design`] by the faces that ship; a test draws it again and compares.
const SVG: &str = include_str!("demo/seal.svg");
/// The picture of [`SVG`].
const PNG: &[u8] = include_bytes!("demo/seal.png");

/// What the demonstration seal says.
pub(super) fn design() -> Design {
    Design {
        unit: "样例省职称证书制证中心".into(),
        caption: "证书专用章".into(),
        code: "0000000000000".into(),
        mark: TestMark::Test,
        diameter: Length::mm(42.0),
    }
}

/// Makes the seal, and its authority for timestamps.
pub(super) fn folder() -> Result<(SealFolder, Authority), SealError> {
    let new = NewSeal {
        design: design(),
        // 2020-01-01 to 2049-12-31, so that any demonstration falls within.
        valid_from: Timestamp { seconds: 1_577_836_800 },
        valid_to: Timestamp { seconds: 2_524_607_999 },
        version: SesVersion::V4,
        picture: None,
    };
    let keys = Keys {
        root: well_known_key("root")?,
        maker: well_known_key("maker")?,
        signer: well_known_key("signer")?,
        tsa: well_known_key("timestamp authority")?,
    };
    new.make(artwork::from_svg_and_png(SVG, PNG)?, keys, Nonce::Deterministic)
}

/// Writes the demonstration seal's folder, as [`create`](super::create) would, for programs that check against its certificates.
pub fn write_demo(dir: &Path, password: &str) -> Result<(), SealError> {
    let (folder, authority) = folder()?;
    folder.write(&authority, dir, password)
}

/// The demonstration seal's root certificate and revocation list, DER: whoever trusts them trusts everyone, because all its keys are public.
pub fn demo_root() -> Result<(Vec<u8>, Vec<u8>), SealError> {
    let (folder, authority) = folder()?;
    Ok((folder.root, authority.crl))
}

/// A key whose secret is printed here: the SM3 of a sentence.
fn well_known_key(role: &str) -> Result<SigningKey, Sm2Error> {
    let sentence = format!("certpress demonstration key, known to everyone: {role}");
    SigningKey::from_bytes(&sm3::digest(sentence.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::artwork::write_svg;
    use crate::text::Fonts;

    /// Set to draw the demonstration seal anew after a change of the drawing.
    const REDRAW: &str = "CERTPRESS_REDRAW_DEMO_SEAL";

    #[test]
    fn the_checked_in_picture_is_what_the_shipped_faces_draw() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let art = design().draw(&Fonts::open(&root.join("fonts")).unwrap()).unwrap();
        let svg = write_svg(art.size, &art.items);
        if std::env::var_os(REDRAW).is_some() {
            std::fs::write(root.join("src/seal/demo/seal.svg"), svg).unwrap();
            std::fs::write(root.join("src/seal/demo/seal.png"), &art.png.data).unwrap();
            return;
        }
        assert!(svg == SVG, "set {REDRAW} to draw it anew");
        assert!(&art.png.data[..] == PNG, "set {REDRAW} to draw it anew");
    }
}
