//! What a seal file or folder says, for people and for machines.
//!
//! In: `seal.esl` or the folder that holds it. Out: [`Description`], whose text names what was checked and what could not be.
//! Invariant: no key is opened, and nothing that a seal says can move a terminal's cursor or turn its text around.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use super::ses::{Seal, SignerList};
use super::store::{read_certificate, read_limited};
use super::{Picture, SealError};
use crate::crypto::x509::{Certificate, Holder};
use crate::crypto::{hex, sm3};

/// What a seal says, and what of it holds.
#[derive(Clone, Debug, Serialize)]
pub struct Description {
    /// The seal's name.
    pub name: String,
    /// esID.
    pub id: String,
    /// The standard of its structure.
    pub standard: &'static str,
    /// The version in its header.
    pub version: u32,
    /// The maker's program.
    pub vendor: String,
    /// The type number.
    pub kind: u32,
    /// When it was made, UTC.
    pub created: String,
    /// First moment of validity, UTC.
    pub valid_from: String,
    /// Last moment of validity, UTC.
    pub valid_to: String,
    /// The picture.
    pub picture: PictureDescription,
    /// The seal maker's certificate.
    pub maker: HolderDescription,
    /// Whether the maker's signature over the seal holds.
    pub signed_by_maker: bool,
    /// Who may use it.
    pub signers: Vec<HolderDescription>,
    /// Whether `root.crt` beside the seal issued every certificate in it; `None` without such a file. A seal that lists its signers by
    /// digests holds the maker's certificate alone, and nothing is said of theirs.
    pub issued_by_root: Option<bool>,
    /// SM3 of the DER SESeal.
    pub sm3: String,
    /// Bytes of the DER SESeal.
    pub bytes: usize,
}

/// A seal's picture.
#[derive(Clone, Debug, Serialize)]
pub struct PictureDescription {
    /// `png`, `ofd`, …
    pub format: String,
    /// Millimetres.
    pub width_mm: u32,
    /// Millimetres.
    pub height_mm: u32,
    /// Bytes.
    pub bytes: usize,
}

/// The holder of a certificate that a seal names.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HolderDescription {
    /// The holder of a certificate.
    Certificate(Holder),
    /// The holder of a certificate with this digest.
    Digest {
        /// The kind of digest, as the seal names it.
        kind: String,
        /// Hexadecimal.
        value: String,
    },
    /// The holder of a certificate that is not an SM2 certificate.
    Unreadable {
        /// Why it cannot be read.
        reason: String,
    },
}

/// Reads `path`, a seal file or a folder with `seal.esl`, and checks what can be checked without a key.
pub fn describe(path: &Path) -> Result<Description, SealError> {
    let is_folder = path.is_dir();
    let file = if is_folder { path.join("seal.esl") } else { path.to_path_buf() };
    let bytes = read_limited(&file)?;
    let root = file.with_file_name("root.crt");
    let root = if root.is_file() { Some(Certificate::parse(&read_certificate(&root)?)?) } else { None };
    describe_seal(&Seal::parse(&bytes)?, root.as_ref())
}

/// Describes a seal that was read. `root` is the certificate to check the others against.
pub fn describe_seal(seal: &Seal, root: Option<&Certificate>) -> Result<Description, SealError> {
    let mut issued = root.map(|_| true);
    let mut holder = |der: &[u8]| match Certificate::parse(der) {
        Ok(certificate) => {
            issued = root.map(|root| issued == Some(true) && certificate.is_issued_by(root));
            HolderDescription::Certificate((&certificate).into())
        }
        Err(e) => {
            issued = root.map(|_| false);
            HolderDescription::Unreadable { reason: e.to_string() }
        }
    };
    let maker = holder(&seal.maker_certificate);
    let signers = match &seal.signers {
        SignerList::Certificates(list) => list.iter().map(|der| holder(der)).collect(),
        SignerList::Digests(list) => list
            .iter()
            .map(|(kind, value)| HolderDescription::Digest { kind: kind.clone(), value: hex(value) })
            .collect(),
    };
    Ok(Description {
        name: seal.name.clone(),
        id: seal.id.clone(),
        standard: seal.standard(),
        version: seal.header_version,
        vendor: seal.vendor.clone(),
        kind: seal.kind,
        created: seal.created.to_string(),
        valid_from: seal.valid_from.to_string(),
        valid_to: seal.valid_to.to_string(),
        picture: (&seal.picture).into(),
        maker,
        signed_by_maker: seal.is_signed_by_maker(),
        signers,
        issued_by_root: issued,
        sm3: hex(&sm3::digest(&seal.der)),
        bytes: seal.der.len(),
    })
}

impl From<&Picture> for PictureDescription {
    fn from(picture: &Picture) -> PictureDescription {
        PictureDescription {
            format: picture.format.clone(),
            width_mm: picture.width_mm,
            height_mm: picture.height_mm,
            bytes: picture.data.len(),
        }
    }
}

/// Text from a seal that anyone may have made: control characters and those that turn or break lines show as `\u{…}`.
struct Plain<'a>(&'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Bidi_Control of Unicode (UAX #9, 2), then the line and paragraph separators.
        const TURNING: [std::ops::RangeInclusive<char>; 4] = [
            '\u{61c}'..='\u{61c}',
            '\u{200e}'..='\u{200f}',
            '\u{2028}'..='\u{202e}',
            '\u{2066}'..='\u{2069}',
        ];
        self.0.chars().try_for_each(|c| {
            if c.is_control() || TURNING.iter().any(|range| range.contains(&c)) {
                write!(f, "{}", c.escape_unicode())
            } else {
                write!(f, "{c}")
            }
        })
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let yes_no = |yes| if yes { "yes" } else { "NO" };
        writeln!(f, "seal       {}", Plain(&self.name))?;
        writeln!(f, "id         {}", Plain(&self.id))?;
        writeln!(
            f,
            "standard   {}, header version {}, made with {}",
            self.standard,
            self.version,
            Plain(&self.vendor)
        )?;
        writeln!(f, "valid      {} to {}, made {}", self.valid_from, self.valid_to, self.created)?;
        let p = &self.picture;
        let format = Plain(&p.format);
        writeln!(f, "picture    {format}, {} x {} mm, {} bytes", p.width_mm, p.height_mm, p.bytes)?;
        writeln!(f, "maker      {}", self.maker)?;
        writeln!(f, "           signature over the seal holds: {}", yes_no(self.signed_by_maker))?;
        for signer in &self.signers {
            writeln!(f, "signer     {signer}")?;
        }
        match self.issued_by_root {
            Some(issued) if self.signers.iter().any(|s| matches!(s, HolderDescription::Digest { .. })) => {
                writeln!(f, "root.crt   issued the maker's certificate: {}", yes_no(issued))?;
                writeln!(f, "           the signers' certificates are not in the seal and were not checked")?;
            }
            Some(issued) => writeln!(f, "root.crt   issued all these certificates: {}", yes_no(issued))?,
            None => writeln!(f, "root.crt   not there: the certificates' issuer was not checked")?,
        }
        writeln!(f, "SM3        {} ({} bytes)", self.sm3, self.bytes)
    }
}

impl fmt::Display for HolderDescription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HolderDescription::Certificate(holder) => {
                writeln!(f, "{}", Plain(&holder.subject))?;
                writeln!(f, "           issued by {}", Plain(&holder.issuer))?;
                write!(
                    f,
                    "           serial {}, valid {} to {}",
                    holder.serial, holder.valid_from, holder.valid_to
                )
            }
            HolderDescription::Digest { kind, value } => {
                write!(f, "whose certificate has the digest {value} ({})", Plain(kind))
            }
            HolderDescription::Unreadable { reason } => Plain(reason).fmt(f),
        }
    }
}
